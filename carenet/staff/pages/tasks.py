"""Tasks: those of mine, of my agency or given by it; one of them; and a new one on a case."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency, User
from carenet.agencies.roles import CASEWORK_ROLES
from carenet.agencies.selectors import members_in_roles
from carenet.audit.actions import log_read
from carenet.cases import policy as cases
from carenet.cases.models import Case
from carenet.cases.selectors import cases as visible_cases
from carenet.cases.selectors import live_grants, parts
from carenet.core import clock
from carenet.core.decisions import demand
from carenet.core.errors import Invalid
from carenet.staff.pages.base import FormPage, StaffView
from carenet.staff.pages.case_steps import crumbs_of
from carenet.staff.pages.form_fields import TypedDay
from carenet.staff.pages.pagination import page_of
from carenet.staff.pages.versions import seen_version
from carenet.staff.times import Direction
from carenet.tasks import policy, selectors
from carenet.tasks.actions import change, drop, finish, give, hand_on
from carenet.tasks.models import Task
from carenet.tasks.selectors import Wanted, Whose
from carenet.tasks.states import TaskSource, TaskStatus

MOST = 30


class TaskFilters(forms.Form):
    """What the list shows."""

    whose = forms.ChoiceField(
        label=gettext_lazy("Whose"), choices=Whose.choices, initial=Whose.MINE, required=False
    )
    status = forms.ChoiceField(
        label=gettext_lazy("Status"),
        choices=TaskStatus.choices,
        initial=TaskStatus.OPEN,
        required=False,
    )


class TasksView(StaffView):
    """The tasks of mine, of my agency or given by it, soonest due first."""

    abilities = {"get": "tasks.view"}

    def get(self, request: HttpRequest) -> HttpResponse:
        given = {"whose": Whose.MINE.value, "status": TaskStatus.OPEN.value, **request.GET.dict()}
        filters = TaskFilters(given)
        if not filters.is_valid():
            raise Invalid({"whose": _("Choose one of the list.")})
        whose = Whose(filters.cleaned_data["whose"] or Whose.MINE)
        status = TaskStatus(filters.cleaned_data["status"] or TaskStatus.OPEN)
        fetch = partial(selectors.task_page, self.actor, Wanted(whose=whose, status=status))
        page = page_of(
            request,
            fetch,
            most=MOST,
            kept={"whose": whose.value, "status": status.value},
            read_key=selectors.key_from,
            write_key=selectors.key_parts,
        )
        name_people(self.actor, page.rows)
        context = {
            "filters": filters,
            "tasks": page.rows,
            "today": clock.today(),
            "next": page.next,
            "previous": page.previous,
        }
        return self.show("staff/tasks/list.html", context)


def name_people(actor: Actor, tasks: Collection[Task]) -> None:
    """Say of each task whom its case is about, and note for the trail what is shown."""
    found = cases.visible_to(actor).filter(pk__in={each.case_id for each in tasks})
    residents = {each.pk: each.resident for each in found.select_related("resident")}
    for task in tasks:
        log_read("task", task.pk)
        whom = residents.get(task.case_id)  # type: ignore[arg-type]  # every task hangs on one
        task.whom = whom.name if whom else ""  # type: ignore[attr-defined]
        if whom:
            log_read("resident", whom.pk)


@dataclass(frozen=True, slots=True)
class TaskAssignee:
    """An agency in a case, or a person of one's own agency."""

    agency: Agency
    person: User | None = None

    @property
    def code(self) -> str:
        """What a form calls them."""
        return str(self.person.pk if self.person else self.agency.pk)

    @property
    def words(self) -> str:
        """How a form names them."""
        if self.person:
            return self.person.name
        return _("%(agency)s (whoever comes to it)") % {"agency": self.agency.name}


def hands_in(actor: Actor, case: Case) -> dict[str, TaskAssignee]:
    """Return who can be given a task on a case: colleagues, and the agencies that see it.

    In a restricted case the colleagues who are named to it.
    """
    colleagues = members_in_roles(actor.agency, CASEWORK_ROLES)
    if case.restricted:
        colleagues = colleagues.filter(pk__in=cases.live_members(case).values("user"))
    found = [TaskAssignee(actor.agency, each) for each in colleagues]
    if not case.restricted:
        agencies = [case.lead_agency, *(part.agency for part in parts(live_grants(case.pk)))]
        found += [TaskAssignee(each) for each in dict.fromkeys(agencies)]
    return {each.code: each for each in found}


class HandOn(forms.Form):
    """Into whose hands, and why."""

    to = forms.ChoiceField(label=gettext_lazy("Whom it goes to"))
    reason = forms.CharField(label=gettext_lazy("Why"), max_length=300, required=False)

    def __init__(self, *args: Any, hands: dict[str, TaskAssignee], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(code, each.words) for code, each in hands.items()]
        self.fields["to"].choices = choices  # type: ignore[attr-defined]


class NewTask(HandOn):
    """What is to be done, by whom, by when, and from what it comes."""

    what = forms.CharField(label=gettext_lazy("What is to be done"), max_length=300)
    due_on = TypedDay(label=gettext_lazy("By which day"), direction=Direction.AHEAD)
    source = forms.ChoiceField(
        label=gettext_lazy("From what"),
        choices=[("", gettext_lazy("nothing in particular")), *TaskSource.choices],
        required=False,
    )
    field_order = ("what", "due_on", "to", "source")
    reason = None  # type: ignore[assignment]


class Change(forms.Form):
    """What is to be done, and by when, as it is from now on."""

    what = forms.CharField(label=gettext_lazy("What is to be done"), max_length=300)
    due_on = TypedDay(label=gettext_lazy("By which day"), direction=Direction.AHEAD)


class Drop(forms.Form):
    """Why nobody does it any more."""

    reason = forms.CharField(label=gettext_lazy("Why it is dropped"), max_length=300)


def the_task(actor: Actor, task_id: UUID) -> Task:
    """Return a visible task; raises `Http404`."""
    rows = selectors.tasks(actor).select_related("case__lead_agency", "case__resident")
    return get_object_or_404(rows, pk=task_id)


class TaskForm(FormPage):
    """The page of a task, or a form on it; what is refused comes back on that page."""

    template = "staff/tasks/page.html"
    name = ""

    def task(self) -> Task:
        return the_task(self.actor, self.kwargs["id"])

    def form(self, data: Any = None) -> Any:
        return self.form_class(data, auto_id=f"{self.name}-%s")

    def context(self) -> dict[str, Any]:
        task = self.task()
        log_read("task", task.pk)
        log_read("case", task.case_id)  # type: ignore[arg-type]  # every task hangs on one
        case: Any = task.case
        log_read("resident", case.resident_id)
        work = policy.can_work(self.actor, task)
        return {
            "task": task,
            "crumbs": crumbs_of(case),
            "late": task.is_open and task.due_on < clock.today(),
            "work": work if task.is_open else None,
            "denials": [] if work or not task.is_open else [work],
            "change_form": Change(
                initial={"what": task.what, "due_on": task.due_on}, auto_id="change-%s"
            ),
            "drop_form": Drop(auto_id="drop-%s"),
            "hand_form": HandOn(hands=hands_in(self.actor, case), auto_id="hand-on-%s"),
            "refused": self.name if self.request.method == "POST" else "",
        }

    def get(self, request: HttpRequest, **ids: Any) -> HttpResponse:
        return self.show(self.template, self.context())

    def seen(self) -> int:
        """Return the version that was looked at."""
        return seen_version(self.request, _("Open the task again, and do it from there."))

    def after(self) -> str:
        """Return to the case."""
        return reverse("staff-case", args=[self.task().case_id])


class TaskPage(TaskForm):
    """One task."""

    abilities = {"get": "tasks.view"}


class FinishView(TaskForm):
    """Say that it is done."""

    abilities = {"get": "tasks.view", "post": "tasks.work"}
    form_class = forms.Form
    name = "finish"

    def act(self, form: Any) -> str:
        finish(actor=self.actor, task_id=self.kwargs["id"], version=self.seen())
        return self.after()


class ChangeView(TaskForm):
    """Say otherwise what is to be done, or by when."""

    abilities = {"get": "tasks.view", "post": "tasks.work"}
    form_class = Change
    name = "change"

    def act(self, form: Any) -> str:
        change(
            actor=self.actor,
            task_id=self.kwargs["id"],
            version=self.seen(),
            **form.cleaned_data,
        )
        return reverse("staff-task", args=[self.kwargs["id"]])


class DropView(TaskForm):
    """Drop it, and say why."""

    abilities = {"get": "tasks.view", "post": "tasks.work"}
    form_class = Drop
    name = "drop"

    def act(self, form: Any) -> str:
        reason = form.cleaned_data["reason"]
        drop(actor=self.actor, task_id=self.kwargs["id"], reason=reason, version=self.seen())
        return self.after()


class HandOnView(TaskForm):
    """Put it into other hands."""

    abilities = {"get": "tasks.view", "post": "tasks.work"}
    form_class = HandOn
    name = "hand-on"

    def form(self, data: Any = None) -> Any:
        case: Any = self.task().case
        self.hands = hands_in(self.actor, case)
        return HandOn(data, hands=self.hands, auto_id=f"{self.name}-%s")

    def act(self, form: Any) -> str:
        to = self.hands[form.cleaned_data["to"]]
        hand_on(
            actor=self.actor,
            task_id=self.kwargs["id"],
            agency=to.agency,
            person=to.person,
            reason=form.cleaned_data["reason"],
            version=self.seen(),
        )
        return self.after()


class NewTaskView(FormPage):
    """Give a task on a case."""

    abilities = {"get": "tasks.give", "post": "tasks.give"}
    template = "staff/tasks/new.html"
    form_class = NewTask

    def case(self) -> Case:
        return get_object_or_404(visible_cases(self.actor), pk=self.kwargs["id"])

    def form(self, data: Any = None) -> Any:
        case = self.case()
        demand(cases.can_take_part(self.actor, case))
        self.hands = hands_in(self.actor, case)
        return NewTask(data, hands=self.hands, initial={"to": str(self.actor.user_id)})

    def context(self) -> dict[str, Any]:
        case = self.case()
        log_read("case", case.pk)
        log_read("resident", case.resident_id)
        return {"case": case}

    def act(self, form: Any) -> str:
        given = form.cleaned_data
        to = self.hands[given["to"]]
        give(
            actor=self.actor,
            on=("case", self.kwargs["id"]),
            what=given["what"],
            due_on=given["due_on"],
            agency=to.agency,
            person=to.person,
            source=given["source"],
        )
        return reverse("staff-case", args=[self.kwargs["id"]])

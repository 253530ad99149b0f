"""Support plans of a case: all of them with goals and reviews, and what is done with each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from carenet.audit.actions import log_read
from carenet.cases import policy, selectors
from carenet.cases.actions import goals, plans
from carenet.cases.models import PlanGoal, SupportPlan
from carenet.cases.states import GOAL_MOVES, GoalVerb, PlanStatus
from carenet.core.decisions import demand
from carenet.core.errors import Conflict
from carenet.core.models import get_visible
from carenet.staff.pages.case_plan_forms import (
    Agreement,
    GoalAssignee,
    PlanForm,
    Remark,
    Review,
    Whose,
    hands_of,
)
from carenet.staff.pages.case_steps import CaseStepPage

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

#: What a step with a plan or goal has come to, said on the page of the plans.
DONE: dict[str, StrOrPromise] = {
    "written": _("The draft is kept. Next: agree on it with the person."),
    "agree": _("The plan is in force. Next: begin the support, or review it on its day."),
    "review": _("The review is kept."),
    "end": _("The plan has ended."),
    "goal": _("The goal is kept."),
}


class PlansPage(CaseStepPage):
    """All plans of a case, the latest first."""

    abilities = {"get": "cases.view"}
    template = "staff/cases/plans.html"
    label = _("Plan and goals")

    def get(self, request: HttpRequest, **ids: Any) -> HttpResponse:
        return self.show(self.template, self.context())

    def context(self) -> dict[str, Any]:
        found = list(selectors.plans(self.actor, self.case).order_by("-number"))
        for plan in found:
            log_read("plan", plan.pk)
        planned = {each.status for each in found}
        change = policy.can_change(self.actor, self.case, "cases.plan")
        return {
            **super().context(),
            "plans": found,
            "change": change and self.case.is_open,
            "denials": [] if change else [change],
            "begin": change and self.case.is_open and PlanStatus.DRAFT not in planned,
            "settle": {
                goal.pk
                for plan in found
                for goal in plan.goals.all()
                if plan.status == PlanStatus.AGREED
                and self.case.is_open
                and policy.can_settle_goal(self.actor, self.case, goal)
            },
            "done": DONE.get(self.request.GET.get("done", "")),
        }


class PlanStep(CaseStepPage):
    """Base of what is done with plans and goals: it leads back to the page of all of them."""

    abilities = {"get": "cases.view", "post": "cases.plan"}

    def get(self, request: HttpRequest, **ids: Any) -> HttpResponse:
        demand(policy.can_change(self.actor, self.case, "cases.plan"))
        return super().get(request, **ids)

    def context(self) -> dict[str, Any]:
        shown = super().context()
        there = reverse("staff-case-plans", args=[self.case.pk])
        return {
            **shown,
            "crumbs": [*shown["crumbs"], (there, PlansPage.label)],
            "back": there,
            "version": self.row.version if self.row else None,
        }

    def hands(self) -> dict[str, GoalAssignee]:
        """Return who may see to a goal; nobody else is shown who works at the lead."""
        demand(policy.can_change(self.actor, self.case, "cases.plan"))
        return hands_of(self.case)

    @property
    def row(self) -> SupportPlan | PlanGoal | None:
        """What the version in the form is that of; None for something new."""
        return None

    @property
    def ids(self) -> dict[str, Any]:
        """What the actions are told besides what was typed."""
        return {"actor": self.actor, "case_id": self.kwargs["id"]}

    def after(self, done: str, **_more: str) -> str:
        return f"{reverse('staff-case-plans', args=[self.kwargs['id']])}?done={done}"


class NewPlanView(PlanStep):
    """Begin a plan."""

    template = "staff/cases/plan_form.html"
    label = _("Begin a plan")

    def get(self, request: HttpRequest, **ids: Any) -> HttpResponse:
        if not self.case.is_open:
            raise Conflict(_("This case has ended. Reopen it first."))
        return super().get(request, **ids)

    def post(self, request: HttpRequest, **ids: Any) -> HttpResponse:
        if "more" in request.POST:  # nothing is judged yet
            return self.show(
                self.template, {"form": self.form(request.POST).unjudged(), **self.context()}
            )
        return super().post(request, **ids)

    def form(self, data: Any = None) -> Any:
        return PlanForm(data, hands=self.hands())

    def act(self, form: Any) -> str:
        plans.write_plan(**self.ids, **form.fields_of_plan)
        return self.after("written")


class OnePlan(PlanStep):
    """Base of what is done with one plan."""

    @cached_property
    def plan(self) -> SupportPlan:
        found: SupportPlan = get_visible(
            selectors.plans(self.actor, self.case), pk=self.kwargs["plan_id"]
        )
        log_read("plan", found.pk)
        return found

    @property
    def row(self) -> SupportPlan:
        return self.plan

    @property
    def ids(self) -> dict[str, Any]:
        return {**super().ids, "plan_id": self.kwargs["plan_id"], "version": self.version()}


class EditPlanView(OnePlan, NewPlanView):
    """Change a draft; the version that was looked at is sent along."""

    label = _("Change the draft")

    def form(self, data: Any = None) -> Any:
        return PlanForm(data, hands=self.hands(), plan=self.plan)

    def act(self, form: Any) -> str:
        plans.edit_plan(**self.ids, **form.fields_of_plan)
        return self.after("written")


class PlanVerbView(OnePlan):
    """Agree on a plan, review it, end it."""

    name = ""

    @property
    def verb(self) -> PlanVerb:
        """What is done."""
        return VERBS[self.name]

    def form(self, data: Any = None) -> Any:
        return self.verb.form(data)

    def context(self) -> dict[str, Any]:
        return {**super().context(), "label": self.verb.label, "words": self.plan.overall_aim}

    def act(self, form: Any) -> str:
        self.verb.act(**self.ids, **form.cleaned_data)
        return self.after(self.name)


@dataclass(frozen=True, slots=True)
class PlanVerb:
    """One step with a plan: its name, its form, its action."""

    label: StrOrPromise
    form: type[forms.Form]
    act: Callable[..., SupportPlan]


VERBS: dict[str, PlanVerb] = {
    "agree": PlanVerb(_("Put the plan into force"), Agreement, plans.agree),
    "review": PlanVerb(_("Review the plan"), Review, plans.review),
    "end": PlanVerb(_("End the plan"), Remark, plans.end_plan),
}


class OneGoal(PlanStep):
    """Base of what is done with one goal of the plan in force."""

    @cached_property
    def goal(self) -> PlanGoal:
        found: PlanGoal = get_visible(
            selectors.goals(self.actor, self.case), pk=self.kwargs["goal_id"]
        )
        log_read("goal", found.pk)
        return found

    @property
    def row(self) -> PlanGoal:
        return self.goal

    @property
    def ids(self) -> dict[str, Any]:
        return {**super().ids, "goal_id": self.kwargs["goal_id"], "version": self.version()}

    def context(self) -> dict[str, Any]:
        return {**super().context(), "words": self.goal.what}


GOAL_LABELS = {
    GoalVerb.REACH: _("The goal is reached"),
    GoalVerb.DROP: _("Give the goal up"),
    GoalVerb.REOPEN: _("The goal is open after all"),
}


class GoalView(OneGoal):
    """Say what has become of a goal."""

    verb = GoalVerb.REACH
    form_class = Remark

    def get(self, request: HttpRequest, **ids: Any) -> HttpResponse:
        demand(policy.can_settle_goal(self.actor, self.case, self.goal))
        GOAL_MOVES.demand(self.verb, self.goal.state)
        return super(PlanStep, self).get(request, **ids)

    def context(self) -> dict[str, Any]:
        return {**super().context(), "label": GOAL_LABELS[self.verb]}

    def act(self, form: Any) -> str:
        move = partial(goals.move_goal, verb=self.verb)
        move(**self.ids, note=form.cleaned_data["note"])
        return self.after("goal")


class AssignGoalView(OneGoal):
    """Let somebody else see to a goal."""

    label = _("Let somebody else see to it")

    def form(self, data: Any = None) -> Any:
        chosen = {
            "agency": str(self.goal.person_id or self.goal.agency_id or ""),
            "others": self.goal.others,
        }
        return Whose(data, hands=self.hands(), initial=chosen)

    def act(self, form: Any) -> str:
        goals.assign_goal(**self.ids, **form.whose)
        return self.after("goal")

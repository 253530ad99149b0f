"""Cases: the list, and one page with person, those involved, one timeline, and what comes next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from carenet.abuse.models import AbuseReport
from carenet.abuse.policy import reports_visible_to
from carenet.access.actor_queries import ask_together
from carenet.access.rules import SharingBasis
from carenet.agencies.actors import Actor
from carenet.audit.actions import log_read
from carenet.cases import policy, selectors
from carenet.cases.actions import notes
from carenet.cases.actions.reassignments import can_be_taken_back
from carenet.cases.models import Case
from carenet.cases.selectors import Part, case_list
from carenet.cases.selectors.handover_pack import pack
from carenet.cases.states import OPEN, CaseStatus
from carenet.core import clock
from carenet.core.decisions import demand
from carenet.core.errors import Invalid
from carenet.referrals import selectors as referrals
from carenet.referrals.policy import can_draft
from carenet.residents.policy import can_see_address
from carenet.staff.pages import autosave
from carenet.staff.pages.base import FormPage, StaffView
from carenet.staff.pages.case_notes import LAST_WAY, Note, draft_of, note_from
from carenet.staff.pages.case_steps import STEPS, crumbs_of, offers
from carenet.staff.pages.case_story import Story, Wanted
from carenet.staff.pages.case_strands import Strand
from carenet.staff.pages.pagination import Lists, Page, order_in, page_of, place_in
from carenet.staff.pages.redirects import redirect_to
from carenet.tasks.models import Task
from carenet.tasks.policy import can_work_on_seen
from carenet.watchover import selectors as watchover
from carenet.watchover.models import WatchAssignment

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

MOST = 30
#: Up to how many cases are counted.
COUNTED = 1000
#: As many watches as a page of a case tells.
LATEST = 30


class Filters(forms.Form):
    """What the list shows."""

    status = forms.ChoiceField(
        label=gettext_lazy("Status"),
        required=False,
        choices=[("", gettext_lazy("all that have not ended")), *CaseStatus.choices],
    )


class CasesView(StaffView):
    """The agency's cases, next due first."""

    abilities = {"get": "cases.view"}

    def get(self, request: HttpRequest) -> HttpResponse:
        filters = Filters(request.GET)
        if not filters.is_valid():
            raise Invalid({"status": _("Choose one of the list.")})
        status = filters.cleaned_data["status"]
        statuses = [CaseStatus(status)] if status else sorted(OPEN)
        fetch = partial(case_list.case_page, self.actor, statuses=statuses)
        chosen = {"status": status} if status else {}
        order = order_in(request, "due", chosen)
        page = page_of(request, order.of(fetch), most=MOST, kept={**chosen, **order.kept})
        for each in page.rows:
            log_read("case", each.pk)
            log_read("resident", each.resident_id)
        context = {
            "filters": filters,
            "filtered": bool(status),
            "order": order,
            "cases": page.rows,
            "how_many": self.how_many(page, statuses),
            "today": clock.today(),
            "next": page.next,
            "previous": page.previous,
        }
        return self.show("staff/cases/list.html", context)

    def how_many(self, page: Page[Case], statuses: Iterable[CaseStatus]) -> str:
        """Say how many cases there are, counted only where the list goes on."""
        in_all = len(page.rows)
        if page.next or page.previous:
            in_all = case_list.case_count(self.actor, statuses=statuses, most=COUNTED + 1)
        if in_all > COUNTED:
            return _("More than %(most)s cases") % {"most": COUNTED}
        return ngettext("%(in_all)s case", "%(in_all)s cases", in_all) % {"in_all": in_all}


class TurnView(StaffView):
    """On to the next open case of one's list, or back to the one before; at its end, to the list."""

    abilities = {"get": "cases.view"}
    backwards = False

    def get(self, request: HttpRequest, id: UUID) -> HttpResponse:
        case = selectors.seen_case(self.actor, id)
        statuses = sorted(OPEN) if case.is_open else [CaseStatus(case.status)]
        beside = case_list.next_to(self.actor, case, statuses=statuses, backwards=self.backwards)
        there = reverse("staff-case", args=[beside]) if beside else reverse("staff-cases")
        return redirect_to(request, there)


@dataclass(frozen=True, slots=True)
class Involved:
    """An agency on the case, in which part and on which basis."""

    name: str
    part: str
    basis: str
    until: datetime | None = None


#: What a step has come to, said on the page of the case.
DONE: dict[str, StrOrPromise] = {
    **{name: step.done for name, step in STEPS.items()},
    "reassign": gettext_lazy(
        "The case is in other hands; whoever has it now is told of what is due."
    ),
    "take-back": gettext_lazy(
        "Taken back: the case and what came with it are in the hands they were in."
    ),
    "note": gettext_lazy("The entry is kept. It stands in the record below."),
    "correct": gettext_lazy("The correction is kept. It stands in place of the entry."),
    "open": gettext_lazy("The case is open. Next: assess how things stand."),
}


class CasePage(StaffView):
    """One case: its timeline by page, and narrowed to one strand of it."""

    abilities = {"get": "cases.view"}

    def get(self, request: HttpRequest, id: UUID) -> HttpResponse:
        case, done = selectors.seen_case(self.actor, id), request.GET.get("done", "")
        context = {
            **case_context(self.actor, case, request),
            "done": DONE.get(done),
            "may_undo": done == "reassign" and can_be_taken_back(self.actor, case),
        }
        return self.show("staff/cases/page.html", context)


def wanted_in(given: QueryDict, *, words: str = "", whole: bool = False) -> Wanted:
    """Return which part of the timeline is asked for; raises `Invalid` for one that there is not."""
    show = given.get("show", "")
    if show not in {"", *Strand.values}:
        raise Invalid({"show": _("Choose one of the list.")})
    after, backwards = place_in(given)
    return Wanted(show=show, words=words, after=after, backwards=backwards, whole=whole)


def case_context(actor: Actor, case: Case, request: HttpRequest) -> dict[str, Any]:
    """Return what the page of a visible case shows, its timeline as the address asks for it."""
    lists = Lists(request)
    wanted = wanted_in(request.GET, whole=lists.whole)
    log_read("case", case.pk)
    log_read("resident", case.resident_id)
    sent = referrals.lines_of_case(actor, case=case.pk)
    watches = lists.rows(watchover.of_resident(actor, resident=case.resident_id), LATEST)
    grants, story = selectors.live_grants_on(actor, case=case.pk), Story(actor, case, wanted)
    plan, goals = selectors.agreed_plan(actor, case)
    tasks = lists.rows(selectors.open_tasks(actor, case), LATEST)
    ask_together(sent, watches, grants, plan, goals, tasks, *story.rows)
    todo = list(_tasks(lists.first("tasks", tasks, LATEST)))
    for referral in sent:
        log_read("referral", referral.pk)
    write = policy.can_write_note(actor, case)
    return {
        **head_of(actor, case, story),
        "involved": list(_involved(case, selectors.parts(grants))),
        "plan": selectors.with_goals(plan, goals),
        "referrals": list(sent),
        "watches": list(_watches(lists.first("watches", watches, LATEST))),
        "tasks": todo,
        "work_on": _worked_on(actor, case, todo),
        "timeline": story.entries({each.pk: each.code for each in sent}),
        "cuts": lists.cuts,
        "write": write,
        "give": actor.may("tasks.give") and (write or policy.can_take_part(actor, case)),
        "denials": [] if write else [write],
        "offers": offers(actor, case),
        "refer": case.is_open and can_draft(actor, case),
        "abuse_reports": reports_on(actor, case),
    }


def reports_on(actor: Actor, case: Case) -> list[AbuseReport]:
    """Return the abuse reports on a visible case that name the actor: on a restricted one alone."""
    if not case.restricted:
        return []
    return list(reports_visible_to(actor).filter(case=case).order_by("-pk"))


def head_of(actor: Actor, case: Case, story: Story) -> dict[str, Any]:
    """Return what stands on top of a case's pages: who it is, how they are reached, what is next."""
    today, last = clock.today(), story.last_contact
    return {
        "case": case,
        "status": CaseStatus(case.status).label,
        "in_full": case.in_full,  # type: ignore[attr-defined]  # annotated
        "address_hidden": not can_see_address(actor, case.resident),
        "story": story,
        "today": today,
        "last_contact": last,
        "since_contact": _ago((today - timezone.localdate(last)).days) if last else "",
    }


def _ago(days: int) -> str:
    """Return how long ago a day was, in words."""
    if days <= 0:
        return pgettext("ago", "today")
    return ngettext("%(days)s day ago", "%(days)s days ago", days) % {"days": days}


class Search(forms.Form):
    """Words that an entry of the timeline holds."""

    q = forms.CharField(max_length=100, required=False)


class StoryView(StaffView):
    """The timeline by itself, and searched: the words stand in no address."""

    abilities = {"get": "cases.view", "post": "cases.view"}
    acts_once = False

    def get(self, request: HttpRequest, id: UUID) -> HttpResponse:
        return self.tell(request.GET, Search())

    def post(self, request: HttpRequest, id: UUID) -> HttpResponse:
        return self.tell(request.POST, Search(request.POST))

    def tell(self, given: QueryDict, form: Search) -> HttpResponse:
        """Show the entries that are asked for; with words that are too many, all of them."""
        case = selectors.seen_case(self.actor, self.kwargs["id"])
        words = form.cleaned_data["q"] if form.is_bound and form.is_valid() else ""
        story = Story(self.actor, case, wanted_in(given, words=words))
        sent = referrals.lines_of_case(self.actor, case=case.pk)
        ask_together(sent, *story.rows)
        log_read("case", case.pk)
        log_read("resident", case.resident_id)
        codes = {each.pk: each.code for each in sent}
        context = {
            **head_of(self.actor, case, story),
            "timeline": story.entries(codes),
            "words": words,
            "crumbs": crumbs_of(case),
        }
        return self.show("staff/cases/story.html", context)


def _involved(case: Case, parts: Iterable[Part]) -> Iterator[Involved]:
    person = (
        case.person_in_charge.name if case.person_in_charge else pgettext("in charge", "nobody")
    )
    yield Involved(
        case.lead_agency.name, _("lead, %(person)s") % {"person": person}, _("its own case")
    )
    for part in parts:
        bases = dict.fromkeys(str(SharingBasis(grant.basis).label) for grant in part.grants)
        what = _("supports") if part.supports else _("reads")
        yield Involved(part.agency.name, what, _(", ").join(bases), part.until)


def _watches(found: Iterable[WatchAssignment]) -> Iterator[WatchAssignment]:
    for watch in found:
        log_read("watchassignment", watch.pk)
        yield watch


def _tasks(found: Iterable[Task]) -> Iterator[Task]:
    for task in found:
        log_read("task", task.pk)
        yield task


def _worked_on(actor: Actor, case: Case, tasks: Iterable[Task]) -> set[UUID]:
    """Return which of these tasks of a visible case the actor may say of that they are done."""
    for each in tasks:
        each.case = case
    return {each.pk for each in tasks if can_work_on_seen(actor, each)}


class CaseForm(FormPage):
    """A form on the page of a case; what is refused comes back on that page."""

    template = "staff/cases/page.html"
    name = ""

    def case(self) -> Case:
        return selectors.seen_case(self.actor, self.kwargs["id"])

    def form(self, data: Any = None) -> Any:
        return self.form_class(data, auto_id=f"{self.name}-%s")

    def context(self) -> dict[str, Any]:
        return {**case_context(self.actor, self.case(), self.request), "refused": self.name}

    def after(self) -> str:
        return reverse("staff-case", args=[self.kwargs["id"]])


class NoteView(CaseForm):
    """Add to the record; what is typed is kept until it is recorded, for its writer alone.

    For htmx the form comes alone, into the page of the case.
    """

    abilities = {"get": "cases.view", "post": "cases.write_note"}
    form_class = Note
    name = "note"

    def get(self, request: HttpRequest, **ids: Any) -> HttpResponse:
        if getattr(request, "htmx", False):
            case = self.case()
            log_read("case", case.pk)
            demand(policy.can_write_note(self.actor, case))
            return self.show("staff/cases/note_part.html", {"case": case, **self.begun()})
        context = case_context(self.actor, self.case(), request)
        if context["write"]:
            context |= self.begun()
        return self.show(self.template, context)

    def begun(self) -> dict[str, Any]:
        """Return the form as it begins: with the draft, or by the way that was written down last."""
        kept = autosave.saved_draft(self.actor, draft_of(self.actor, self.kwargs["id"]))
        form = note_from(kept, self.request.session.get(LAST_WAY, ""))
        show = wanted_in(self.request.GET).show
        return {"form": form, "writes": True, "kept": bool(kept), "show": show}

    def context(self) -> dict[str, Any]:
        return {**super().context(), "writes": True, "show": wanted_in(self.request.GET).show}

    def act(self, form: Any) -> str:
        notes.write_note(actor=self.actor, case_id=self.kwargs["id"], **form.cleaned_data)
        autosave.forget(self.actor, draft_of(self.actor, self.kwargs["id"]))
        self.request.session[LAST_WAY] = form.cleaned_data["channel"]
        query = {"done": "note", "show": wanted_in(self.request.GET).show}
        return (
            f"{self.after()}?{urlencode({name: value for name, value in query.items() if value})}"
        )


class PackView(StaffView):
    """The handover pack (引継書) to print: what the reader may see, and nothing besides."""

    abilities = {"get": "cases.view"}

    def get(self, request: HttpRequest, id: UUID) -> HttpResponse:
        case = selectors.seen_case(self.actor, id)
        context = {"case": case, "sections": pack(self.actor, case), "made": clock.local_now()}
        return self.show("staff/cases/pack.html", context)

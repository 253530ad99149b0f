"""Cases: the list, and one page with person, those involved, one timeline, and what comes next."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from operator import attrgetter
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from carenet.access.rules import SharingBasis
from carenet.agencies.actors import Actor
from carenet.audit.actions import log_read
from carenet.cases import policy, selectors
from carenet.cases.actions import cases, notes
from carenet.cases.models import Case, Counterpart, NoteAudience, NoteChannel, NoteKind
from carenet.cases.models.case import MINUTES_OF_DAY
from carenet.cases.selectors.handover_pack import pack
from carenet.cases.states import OPEN, CaseStatus
from carenet.core import clock
from carenet.core.errors import Invalid
from carenet.referrals.models import ReferralEvent
from carenet.referrals.policy import visible_to as visible_referrals
from carenet.residents.policy import can_see_address
from carenet.residents.policy import visible_to as visible_residents
from carenet.staff.pages.base import FormPage, StaffView
from carenet.staff.pages.form_fields import TypedDay, TypedMoment, text_field
from carenet.staff.pages.pagination import Lists, page_of
from carenet.staff.pages.versions import seen_version
from carenet.staff.times import Direction
from carenet.watchover import selectors as watchover

MOST = 30
#: As far back as the timeline of one page goes, in each of its strands.
LATEST = 30
#: The timeline, of all its strands together.
STORY = "story"


class Filters(forms.Form):
    """What the list shows."""

    status = forms.ChoiceField(
        label=gettext_lazy("Status"),
        required=False,
        choices=[("", gettext_lazy("all open ones")), *CaseStatus.choices],
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
        fetch = partial(selectors.case_page, self.actor, statuses=statuses)
        page = page_of(request, fetch, most=MOST, kept={"status": status} if status else None)
        for each in page.rows:
            log_read("case", each.pk)
            log_read("resident", each.resident_id)
        context = {
            "filters": filters,
            "filtered": bool(status),
            "cases": page.rows,
            "today": clock.today(),
            "next": page.next,
            "previous": page.previous,
        }
        return self.show("staff/cases/list.html", context)


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing on the timeline, whatever room it comes from."""

    at: datetime
    kind: str
    heading: str
    words: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class Involved:
    """An agency on the case, in which part and on which basis."""

    name: str
    part: str
    basis: str
    until: datetime | None = None


class NextAction(forms.Form):
    """What is done next, and when: together or not at all."""

    next_action = forms.CharField(label=gettext_lazy("Next action"), max_length=300, required=False)
    next_action_on = TypedDay(
        label=gettext_lazy("On which day"), required=False, direction=Direction.AHEAD
    )


class Note(forms.Form):
    """An entry of the record."""

    text = text_field(gettext_lazy("Entry"), 20_000)
    happened_at = TypedMoment(label=gettext_lazy("When"), initial="いま")
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        choices=NoteKind.choices,
        initial=NoteKind.FACT.value,
        widget=forms.RadioSelect,
    )
    audience = forms.ChoiceField(
        label=gettext_lazy("Who may read it"),
        choices=[choice for choice in NoteAudience.choices if choice[0] != NoteAudience.NAMED],
        initial=NoteAudience.AGENCY.value,
        widget=forms.RadioSelect,
    )
    channel = forms.ChoiceField(
        label=gettext_lazy("How the contact came about"),
        choices=NoteChannel.choices,
        widget=forms.RadioSelect,
    )
    with_whom = forms.MultipleChoiceField(
        label=gettext_lazy("With whom"),
        choices=Counterpart.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    minutes = forms.IntegerField(
        label=gettext_lazy("How many minutes"),
        min_value=1,
        max_value=MINUTES_OF_DAY,
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        contact = given.get("channel") not in {None, NoteChannel.NONE}
        if contact and not given.get("with_whom") and "with_whom" not in self.errors:
            self.add_error("with_whom", _("Say with whom the contact was."))
        return given


class CasePage(StaffView):
    """One case."""

    abilities = {"get": "cases.view"}

    def get(self, request: HttpRequest, id: UUID) -> HttpResponse:
        return self.show(
            "staff/cases/page.html", whole(self.actor, the_case(self.actor, id), Lists(request))
        )


def the_case(actor: Actor, case_id: UUID) -> Case:
    """Return a visible case, `in_full` if its person is visible besides; raises `Http404`."""
    person = visible_residents(actor).filter(pk=OuterRef("resident"))
    return get_object_or_404(selectors.cases(actor).annotate(in_full=Exists(person)), pk=case_id)


def whole(actor: Actor, case: Case, lists: Lists | None = None) -> dict[str, Any]:
    """Return what the page of a visible case shows, its two forms included."""
    lists = lists or Lists(None)
    log_read("case", case.pk)
    log_read("resident", case.resident_id)
    referrals = list(
        visible_referrals(actor)
        .filter(case=case)
        .select_related("sender", "receiver")
        .order_by("-id")
    )
    for referral in referrals:
        log_read("referral", referral.pk)
    change = policy.can_change(actor, case)
    write = policy.can_write_note(actor, case)
    return {
        "case": case,
        "status": CaseStatus(case.status).label,
        "in_full": case.in_full,  # type: ignore[attr-defined]  # annotated
        "address_hidden": not can_see_address(actor, case.resident),
        "involved": list(_involved(case)),
        "plan": selectors.agreed_plan(actor, case),
        "referrals": referrals,
        "watches": list(_watches(actor, case, lists)),
        "timeline": sorted(_timeline(actor, case, lists), key=attrgetter("at"), reverse=True),
        "cuts": lists.cuts,
        "change": change,
        "write": write,
        "denials": [decision for decision in (change, write) if not decision],
        "next_form": NextAction(
            initial={
                "next_action": case.next_action,
                "next_action_on": case.next_action_on and case.next_action_on.isoformat(),
            },
            auto_id="next-%s",
        ),
        "note_form": Note(auto_id="note-%s"),
    }


def _involved(case: Case) -> Iterator[Involved]:
    person = (
        case.person_in_charge.name if case.person_in_charge else pgettext("in charge", "nobody")
    )
    yield Involved(
        case.lead_agency.name, _("lead, %(person)s") % {"person": person}, _("its own case")
    )
    for part in selectors.parts(case):
        bases = dict.fromkeys(str(SharingBasis(grant.basis).label) for grant in part.grants)
        what = _("supports") if part.supports else _("reads")
        yield Involved(part.agency.name, what, _(", ").join(bases), part.until)


def _watches(actor: Actor, case: Case, lists: Lists) -> Iterator[Any]:
    if not actor.may("watch.view"):
        return
    found = watchover.assignments(actor).filter(resident=case.resident_id).order_by("-id")
    for watch in lists.first("watches", found, LATEST):
        log_read("watchassignment", watch.pk)
        yield watch


def _timeline(actor: Actor, case: Case, lists: Lists) -> Iterator[Entry]:
    """Put together what the rooms tell, each as far as the actor may read it."""
    current = selectors.notes(actor, case).filter(corrected_by=None).order_by("-happened_at")
    for note in lists.first(STORY, current, LATEST):
        log_read("note", note.pk)
        by = " ".join([note.author_agency.name, note.author.name if note.author else ""])
        kind = str(NoteKind(note.kind).label)
        heading = f"{kind} ({note.contact})" if note.contact else kind
        yield Entry(note.happened_at, _("Record"), heading, note.text, by.strip())
    calls = selectors.consultations(actor).filter(Q(pk=case.consultation_id) | Q(joined_case=case))
    for call in lists.first(STORY, calls.order_by("-received_at"), LATEST):
        log_read("consultation", call.pk)
        topic = str(call.get_main_topic_display())
        yield Entry(call.received_at, _("Consultation"), topic, call.content)
    shown = visible_referrals(actor).filter(case=case).values("pk")
    events = ReferralEvent.objects.filter(referral__in=shown).select_related(
        "referral", "by_agency"
    )
    for event in lists.first(STORY, events.order_by("-id"), LATEST):
        heading = f"{event.referral.code} {event.get_verb_display()}"
        yield Entry(event.at, _("Referral"), heading, event.reason, event.by_agency.name)
    for each in lists.first(STORY, selectors.handovers(actor, case), LATEST):
        to = each.to_person.name if each.to_person else pgettext("in charge", "nobody")
        yield Entry(each.at, _("Handover"), f"→ {to}", each.reason)
    yield from _visits(actor, case, lists)


def _visits(actor: Actor, case: Case, lists: Lists) -> Iterator[Entry]:
    if not actor.may("watch.view"):
        return
    visits = watchover.check_ins(actor).filter(assignment__resident=case.resident_id)
    latest = visits.select_related("by_agency").order_by("-observed_at")
    for visit in lists.first(STORY, latest, LATEST):
        log_read("checkin", visit.pk)
        words = visit.note if visit.kept else ""
        outcome = str(visit.get_outcome_display())
        yield Entry(visit.observed_at, _("Watch-over"), outcome, words, visit.by_agency.name)


class CaseForm(FormPage):
    """A form on the page of a case; what is refused comes back on that page."""

    template = "staff/cases/page.html"
    name = ""

    def case(self) -> Case:
        return the_case(self.actor, self.kwargs["id"])

    def form(self, data: Any = None) -> Any:
        return self.form_class(data, auto_id=f"{self.name}-%s")

    def context(self) -> dict[str, Any]:
        return {**whole(self.actor, self.case()), "refused": self.name}

    def get(self, request: HttpRequest, **ids: Any) -> HttpResponse:
        return self.show(self.template, whole(self.actor, self.case()))

    def after(self) -> str:
        return reverse("staff-case", args=[self.kwargs["id"]])


class NextActionView(CaseForm):
    """Say what comes next, and when."""

    abilities = {"get": "cases.view", "post": "cases.edit"}
    form_class = NextAction
    name = "next"

    def act(self, form: Any) -> str:
        seen = seen_version(self.request, _("Open the case again, and do it from there."))
        cases.edit(
            actor=self.actor,
            case_id=self.kwargs["id"],
            version=seen,
            next_action=form.cleaned_data["next_action"],
            next_action_on=form.cleaned_data["next_action_on"],
        )
        return self.after()


class NoteView(CaseForm):
    """Add to the record."""

    abilities = {"get": "cases.view", "post": "cases.write_note"}
    form_class = Note
    name = "note"

    def act(self, form: Any) -> str:
        notes.write_note(actor=self.actor, case_id=self.kwargs["id"], **form.cleaned_data)
        return self.after()


class PackView(StaffView):
    """The handover pack (引継書) to print: what the reader may see, and nothing besides."""

    abilities = {"get": "cases.view"}

    def get(self, request: HttpRequest, id: UUID) -> HttpResponse:
        case = get_object_or_404(selectors.cases(self.actor), pk=id)
        context = {"case": case, "sections": pack(self.actor, case), "made": clock.local_now()}
        return self.show("staff/cases/pack.html", context)

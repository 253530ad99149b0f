"""The handover pack (引継書): what a successor has to know of a case, as far as the reader may see it.

Every section reads through the same selectors as the addresses do, so that it holds nothing that the
reader could not read there, and each is one list of lines, whatever it is about.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency
from carenet.audit.actions import log_read
from carenet.cases import selectors
from carenet.cases.models import (
    AssessmentDomain,
    Case,
    CaseHandover,
    Concern,
    HandoverCause,
    NoteKind,
    PlanGoal,
    SupportPlan,
)
from carenet.cases.registry import PackLine, handover_sections
from carenet.cases.selectors import Part
from carenet.cases.selectors.handover_pack_person import care_level, consents, contacts, household
from carenet.cases.states import CaseStatus, GoalState
from carenet.residents.policy import can_see_address
from carenet.residents.policy import visible_to as visible_residents

LAST_NOTES = 10


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the pack."""

    name: str
    title: str
    lines: list[PackLine]


def pack(actor: Actor, case: Case) -> list[Section]:
    """Return the sections of a visible case; empty ones too, so that nothing seems forgotten."""
    log_read("case", case.pk)
    plan, parts = selectors.agreed_plan(actor, case), list(selectors.parts(case))
    own: list[tuple[str, str, Callable[[Actor, Case], Iterator[PackLine]]]] = [
        ("summary", _("Summary"), _summary),
        ("person", _("The person"), _person),
        ("contacts", _("Whom to call"), contacts),
        ("care_level", _("Care level"), care_level),
        ("household", _("Household"), household),
        ("consents", _("What the person has said to sharing"), consents),
        ("agencies", _("Agencies and contacts"), partial(_agencies, parts=parts)),
        ("plan", _("Plan and goals"), partial(_plan, plan=plan)),
        ("assessments", _("Assessments"), _assessments),
        ("notes", _("Latest entries of the record"), _notes),
        ("handovers", _("In whose hands it has been"), _handovers),
        ("dates", _("Dates ahead"), partial(_dates, plan=plan, parts=parts)),
    ]
    sections = [Section(name, title, list(read(actor, case))) for name, title, read in own]
    for upper in handover_sections:
        lines = list(upper.lines(actor=actor, case=case))
        sections.append(Section(upper.name, str(upper.title), lines))
    return sections


def as_text(case: Case, sections: list[Section], now: datetime) -> str:
    """Return the pack as it is printed, or read out: one line per entry."""
    made = timezone.localtime(now).strftime("%Y-%m-%d %H:%M")
    told = [_("Handover pack %(code)s (%(made)s)") % {"code": case.code, "made": made}]
    for section in sections:
        told += ["", f"■ {section.title}"]
        told += [_line_as_text(line) for line in section.lines] or [_("(nothing)")]
    return "\n".join([*told, ""])


def _line_as_text(line: PackLine) -> str:
    day = f"{line.on.isoformat()}  " if line.on else ""
    return f"・{day}" + line.text.replace("\r\n", "\n").replace("\n", "\n  ")


def _summary(actor: Actor, case: Case) -> Iterator[PackLine]:  # noqa: ARG001 - the same for all readers
    status = CaseStatus(case.status).label
    opened = timezone.localdate(case.opened_at)
    yield PackLine(f"[{status}] {case.code}", on=opened)
    yield PackLine(case.summary)
    if case.next_action:
        yield PackLine(_("Next: %(action)s") % {"action": case.next_action}, on=case.next_action_on)


def _person(actor: Actor, case: Case) -> Iterator[PackLine]:
    person = case.resident
    log_read("resident", person.pk)
    name = f"{person.name} ({person.kana})" if person.kana else person.name
    yield PackLine(name, kind="resident", id=person.pk)
    if not visible_residents(actor).filter(pk=person.pk).exists():
        return
    if person.birth_date or person.birth_year:
        yield PackLine(_("Born: %(birth)s") % {"birth": person.birth_date or person.birth_year})
    if person.phone:
        yield PackLine(_("Phone: %(phone)s") % {"phone": person.phone})
    if not can_see_address(actor, person):
        yield PackLine(_("The address is protected and not shown to you."))
    elif person.address:
        yield PackLine(_("Address: %(address)s") % {"address": person.address})


def _agencies(_actor: Actor, case: Case, *, parts: Sequence[Part]) -> Iterator[PackLine]:
    person = case.person_in_charge.name if case.person_in_charge else _("nobody in charge")
    yield _agency(case.lead_agency, _("lead, %(person)s") % {"person": person})
    for part in parts:
        what = _("supports") if part.supports else _("reads")
        yield _agency(part.agency, what, until=part.until)


def _agency(agency: Agency, what: str, until: datetime | None = None) -> PackLine:
    end = _(" until %(day)s") % {"day": timezone.localdate(until).isoformat()} if until else ""
    reached = " ".join(
        part
        for part in (agency.phone and f"TEL {agency.phone}", agency.fax and f"FAX {agency.fax}")
        if part
    )
    text = f"{agency.name} ({what}{end}) {reached}".strip()
    return PackLine(text, kind="agency", id=agency.pk)


def _plan(_actor: Actor, case: Case, *, plan: SupportPlan | None) -> Iterator[PackLine]:
    if plan is None:
        if case.plan:
            yield PackLine(case.plan)
        return
    log_read("plan", plan.pk)
    yield PackLine(plan.overall_aim, on=plan.valid_from, kind="plan", id=plan.pk)
    if plan.wishes:
        yield PackLine(_("Wishes of the person: %(wishes)s") % {"wishes": plan.wishes})
    for goal in plan.goals.all():
        yield PackLine(_goal(goal), on=goal.until, kind="goal", id=goal.pk)


def _goal(goal: PlanGoal) -> str:
    whose = (goal.agency and goal.agency.name, goal.person and goal.person.name, goal.others)
    state = GoalState(goal.state).label
    by = _(", ").join(each for each in whose if each)
    return " / ".join([f"[{state}] {goal.what} ({by})", *goal.measures])


def _assessments(actor: Actor, case: Case) -> Iterator[PackLine]:
    for each in selectors.assessments(actor, case).filter(replaced_by=None).order_by("id"):
        log_read("assessment", each.pk)
        heading = f"{each.author_agency.name} {each.overall}".strip()
        yield PackLine(heading, on=each.assessed_on, kind="assessment", id=each.pk)
        for finding in each.findings.all():
            domain = AssessmentDomain(finding.domain).label
            yield PackLine(f"{domain}: [{Concern(finding.concern).label}] {finding.text}".strip())


def _notes(actor: Actor, case: Case) -> Iterator[PackLine]:
    latest = selectors.notes(actor, case).filter(corrected_by=None).order_by("-happened_at", "-id")
    for note in latest[:LAST_NOTES]:
        log_read("note", note.pk)
        kind, day = NoteKind(note.kind).label, timezone.localdate(note.happened_at)
        contact = f"[{note.contact}] " if note.contact else ""
        text = f"[{kind}] {contact}{note.text} ({note.author_agency.name})"
        yield PackLine(text, on=day, kind="note", id=note.pk)


def _handovers(actor: Actor, case: Case) -> Iterator[PackLine]:
    for each in selectors.handovers(actor, case):
        yield PackLine(_handover(each), on=timezone.localdate(each.at))


def _handover(handover: CaseHandover) -> str:
    nobody = pgettext("in charge", "nobody")
    before, after = (
        person.name if person else nobody for person in (handover.from_person, handover.to_person)
    )
    why = handover.reason or HandoverCause(handover.cause).label
    return f"{before} → {after} ({why})"


def _dates(
    _actor: Actor, case: Case, *, plan: SupportPlan | None, parts: Sequence[Part]
) -> Iterator[PackLine]:
    """Return what has a day, soonest first: what is overdue stands in front."""
    days: list[tuple[date, str]] = []
    if case.next_action_on:
        days.append((case.next_action_on, case.next_action))
    if plan and plan.review_on:
        days.append((plan.review_on, _("Review of the plan")))
    goals = plan.goals.all() if plan else ()
    days += [
        (goal.until, goal.what) for goal in goals if goal.until and goal.state == GoalState.OPEN
    ]
    ends = _("The part of %(agency)s ends")
    days += [
        (timezone.localdate(part.until), ends % {"agency": part.agency.name})
        for part in parts
        if part.until
    ]
    yield from (PackLine(text, on=day) for day, text in sorted(days))

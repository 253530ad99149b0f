"""The handover pack (引継書): what a successor has to know of a case, as far as the reader may see it.

Every section reads through the same selectors as the addresses do, so that it holds nothing that the
reader could not read there, and each is one list of lines, whatever it is about.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from carenet.access.actor_queries import ask_together
from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency
from carenet.audit.actions import log_read
from carenet.cases import selectors
from carenet.cases.models import (
    Assessment,
    AssessmentDomain,
    AssessmentFinding,
    Case,
    CaseHandover,
    Concern,
    HandoverCause,
    NoteKind,
    PlanGoal,
    ProgressNote,
    SupportPlan,
)
from carenet.cases.registry import PackLine, handover_sections
from carenet.cases.selectors import Part
from carenet.cases.selectors.handover_pack_person import (
    care_level,
    consents,
    contacts,
    facts,
    household,
)
from carenet.cases.states import CaseStatus, GoalState
from carenet.residents.policy import can_see_address
from carenet.residents.selectors.details import Details
from carenet.tasks.models import Task

LAST_NOTES = 10


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the pack."""

    name: str
    title: str
    lines: list[PackLine]


class _Asked:
    """What a pack asks for, all of it in one statement."""

    def __init__(self, actor: Actor, case: Case) -> None:
        self.actor, self.case, self.of_person = actor, case, Details(actor, case.resident)
        self.certification = self.of_person.certifications.up_to(1)
        self.plans, self.goals = selectors.agreed_plan(actor, case)
        self.grants = selectors.live_grants_on(actor, case=case.pk)
        self.assessments, self.findings = selectors.current_assessments(actor, case)
        self.notes = selectors.current_notes(actor, case).up_to(LAST_NOTES)
        self.handovers = selectors.handovers(actor, case)
        self.tasks = selectors.open_tasks(actor, case)
        self.upper = {each.name: each.rows(actor=actor, case=case) for each in handover_sections}
        person, own = self.of_person, (self.plans, self.goals, self.grants, self.assessments)
        ask_together(
            person.contacts, person.facts, self.certification, person.household, person.consents,
            person.named, *own, self.tasks, self.findings, self.notes, self.handovers,
            *self.upper.values(),
        )  # fmt: skip
        self.plan = selectors.with_goals(self.plans, self.goals)
        self.parts = selectors.parts(self.grants)


def pack(actor: Actor, case: Case) -> list[Section]:
    """Return the sections of a visible case; empty ones too, so that nothing seems forgotten."""
    log_read("case", case.pk)
    asked = _Asked(actor, case)
    person = asked.of_person
    own: list[tuple[str, str, Iterator[PackLine]]] = [
        ("summary", _("Summary"), _summary(case)),
        ("person", _("The person"), _person(actor, case)),
        ("contacts", _("Whom to call"), contacts(person.contacts)),
        ("facts", _("What is known"), facts(person.facts)),
        ("care_level", _("Care level"), care_level(asked.certification)),
        ("household", _("Household"), household(person.household)),
        (
            "consents",
            _("What the person has said to sharing"),
            consents(person.consents, person.named),
        ),
        ("agencies", _("Agencies and contacts"), _agencies(case, asked.parts)),
        ("tasks", _("Tasks"), _tasks(asked.tasks)),
        ("plan", _("Plan and goals"), _plan(case, asked.plan)),
        ("assessments", _("Assessments"), _assessments(asked.assessments, asked.findings)),
        ("notes", _("Latest entries of the record"), _notes(asked.notes)),
        ("handovers", _("In whose hands it has been"), _handovers(asked.handovers)),
        ("dates", _("Dates ahead"), _dates(asked.tasks, asked.plan, asked.parts)),
    ]
    sections = [Section(name, title, list(lines)) for name, title, lines in own]
    for upper in handover_sections:
        lines = [upper.line(row) for row in asked.upper[upper.name]]
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


def _summary(case: Case) -> Iterator[PackLine]:
    status = CaseStatus(case.status).label
    opened = timezone.localdate(case.opened_at)
    yield PackLine(f"[{status}] {case.code}", on=opened)
    yield PackLine(case.summary)
    if case.next_action:
        yield PackLine(_("Next: %(action)s") % {"action": case.next_action}, on=case.next_action_on)


def _tasks(tasks: Iterable[Task]) -> Iterator[PackLine]:
    """Return what is to be done, soonest first, and by whom: whoever has it may be elsewhere."""
    for task in tasks:
        log_read("task", task.pk)
        whose = _(", ").join([task.agency.name, *([task.person.name] if task.person else [])])
        yield PackLine(f"{task.what} ({whose})", on=task.due_on, kind="task", id=task.pk)


def _person(actor: Actor, case: Case) -> Iterator[PackLine]:
    person = case.resident
    log_read("resident", person.pk)
    name = f"{person.name} ({person.kana})" if person.kana else person.name
    yield PackLine(name, kind="resident", id=person.pk)
    if not case.in_full:  # type: ignore[attr-defined]  # annotated
        return
    if person.age_and_birth:
        yield PackLine(_("Age and birth: %(birth)s") % {"birth": person.age_and_birth})
    if person.phone:
        yield PackLine(_("Phone: %(phone)s") % {"phone": person.phone})
    if not can_see_address(actor, person):
        yield PackLine(_("The address is protected and not shown to you."))
    elif person.address:
        yield PackLine(_("Address: %(address)s") % {"address": person.address})


def _agencies(case: Case, parts: Sequence[Part]) -> Iterator[PackLine]:
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


def _plan(case: Case, plan: SupportPlan | None) -> Iterator[PackLine]:
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


def _assessments(
    assessments: Iterable[Assessment], findings: Iterable[AssessmentFinding]
) -> Iterator[PackLine]:
    found = defaultdict(list)
    for finding in findings:
        found[finding.assessment_id].append(finding)
    for each in assessments:
        log_read("assessment", each.pk)
        heading = f"{each.author_agency.name} {each.overall}".strip()
        yield PackLine(heading, on=each.assessed_on, kind="assessment", id=each.pk)
        for finding in found[each.pk]:
            domain = AssessmentDomain(finding.domain).label
            yield PackLine(f"{domain}: [{Concern(finding.concern).label}] {finding.text}".strip())


def _notes(notes: Iterable[ProgressNote]) -> Iterator[PackLine]:
    for note in notes:
        log_read("note", note.pk)
        kind, day = NoteKind(note.kind).label, timezone.localdate(note.happened_at)
        contact = f"[{note.contact}] " if note.contact else ""
        text = f"[{kind}] {contact}{note.text} ({note.author_agency.name})"
        yield PackLine(text, on=day, kind="note", id=note.pk)


def _handovers(handovers: Iterable[CaseHandover]) -> Iterator[PackLine]:
    for each in handovers:
        yield PackLine(_handover(each), on=timezone.localdate(each.at))


def _handover(handover: CaseHandover) -> str:
    nobody = pgettext("in charge", "nobody")
    before, after = (
        person.name if person else nobody for person in (handover.from_person, handover.to_person)
    )
    why = handover.reason or HandoverCause(handover.cause).label
    return f"{before} → {after} ({why})"


def _dates(
    tasks: Iterable[Task], plan: SupportPlan | None, parts: Sequence[Part]
) -> Iterator[PackLine]:
    """Return what has a day, soonest first: what is overdue stands in front."""
    days: list[tuple[date, str]] = [(task.due_on, task.what) for task in tasks]
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

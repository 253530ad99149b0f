"""Who would be told of an alert, when and how: of one or many, for escalation and for rehearsal.

Nothing here looks at the clock or writes: the moment comes in as an argument.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from uuid import UUID

from django.db.models import Exists, OuterRef

from carenet.agencies.models import Agency, User
from carenet.agencies.roles import CASEWORK_ROLES, Role
from carenet.agencies.selectors import Roster
from carenet.core import clock
from carenet.core.errors import Conflict
from carenet.reminders.registry import Recipient
from carenet.reminders.selectors import standing_in
from carenet.reminders.states import NOBODY_PAUSE
from carenet.watchover import policy
from carenet.watchover.escalation import LADDERS, Hours, Policy, PolicyStep, Tier
from carenet.watchover.models import Alert, EscalationPolicy, Pause, WatchAssignment
from carenet.watchover.states import OPEN, AlertKind

Group = tuple[Agency, Iterable[User]]


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """One step of an escalation: which, whom it is for, when it falls due, and who is reached then.

    Without recipients it is passed over, and the next step falls due at once; the last one is asked
    again a day later. `silenced_by` is the pause at that time, in which nobody is told.
    """

    number: int
    step: PolicyStep
    at: datetime
    recipients: tuple[Recipient, ...]
    silenced_by: Pause | None = None


def escalation(
    assignment: WatchAssignment,
    kind: AlertKind | str,
    began_at: datetime,
    escalation: Policy | None = None,
) -> Iterator[PlannedStep]:
    """Return, step by step, what follows if an alert of this kind begins at a moment.

    As things stand now, but for absences, pauses and calendars, which are those of that time. It goes
    on until somebody acknowledges, or the watch is over with its term or basis. A pause ends the
    watcher's silence; what worries about the resident is chased anew when it is over. Without a
    escalation policy that of the responsible agency counts.
    """
    escalation = escalation or policy_of(assignment.responsible_agency, kind)
    over_at, before = assignment.over_at, began_at
    number, at = 0, due_at(assignment, escalation, 0, began_at)
    while over_at is None or at < over_at:
        step = escalation.step(number)
        pause = pause_within(assignment.resident_id, before, at)
        if pause is None:
            recipients = tuple(reached(assignment, step, at))
            yield PlannedStep(number, step, at, recipients)
            before = at
            number, at = following(assignment, escalation, number, at, told=bool(recipients))
            continue
        yield PlannedStep(number, step, max(before, pause.since), (), pause)
        if kind == AlertKind.WATCHER_SILENT or pause.until is None:
            return
        before, number = pause.until, 0
        at = due_at(assignment, escalation, 0, pause.until)


def following(
    assignment: WatchAssignment,
    escalation: Policy,
    number: int,
    at: datetime,
    *,
    told: bool,
    roster: Roster | None = None,
) -> tuple[int, datetime]:
    """Return which step comes after one that fell due then, and when.

    Where a step that comes again reaches nobody it is asked again a day later, not the next moment.
    """
    if told:
        return number + 1, due_at(assignment, escalation, number + 1, at, roster)
    return (number, at + NOBODY_PAUSE) if escalation.repeats(number) else (number + 1, at)


def pause_within(resident_id: UUID, begin: datetime, end: datetime) -> Pause | None:
    """Return the first pause of a resident that covers any moment of an interval, ends included."""
    return Pause.objects.touching(begin, end).filter(resident=resident_id).order_by("since").first()


def policy_of(agency: Agency, kind: AlertKind | str) -> Policy:
    """Return the agency's own escalation policy for a kind of alert, else the default policy."""
    own = policy_row(agency, kind)
    if not own.is_own:
        return LADDERS[AlertKind(kind)]
    return Policy(
        steps=tuple(
            PolicyStep(
                Tier(each.tier),
                timedelta(minutes=each.after_minutes),
                Hours(each.hours),
                each.channel,
            )
            for each in own.steps.all()
        ),
        repeat_every=timedelta(minutes=own.repeat_minutes),
        acknowledged_for=timedelta(minutes=own.acknowledged_minutes),
    )


def policy_row(agency: Agency, kind: AlertKind | str) -> EscalationPolicy:
    """Return what the agency itself has set for a kind of alert; unsaved where it never has."""
    found = EscalationPolicy.objects.filter(agency=agency, kind=kind).prefetch_related("steps")
    return found.first() or EscalationPolicy(agency=agency, kind=kind, version=0)


def affected_by(agency: Agency, kind: AlertKind | str) -> tuple[int, int]:
    """Return whom an escalation policy of an agency is about.

    Its watches that go on, and its open alerts.
    """
    watches = WatchAssignment.objects.filter(responsible_agency=agency, status__in=sorted(OPEN))
    alerts = Alert.objects.filter(
        assignment__responsible_agency=agency, kind=kind, resolved_at=None
    )
    return watches.count(), alerts.count()


def due_at(
    assignment: WatchAssignment,
    escalation: Policy,
    number: int,
    before: datetime,
    roster: Roster | None = None,
) -> datetime:
    """Return when a step falls due, of which the one before fell due at that time."""
    step, moment = escalation.step(number), before + escalation.pause_before(number)
    if step.hours is Hours.ALWAYS:
        return moment
    roster = roster or Roster()
    agency = _agency_of(assignment, step.tier, roster)
    if agency is None:
        return moment
    try:
        return roster.calendar(agency).next_open(moment)
    except Conflict:  # a calendar without an open day is a mistake in it: rather at once than never
        return moment


def reached(
    assignment: WatchAssignment, step: PolicyStep, at: datetime, roster: Roster | None = None
) -> list[Recipient]:
    """Return who is told at a step that falls due then: who is there and may see the watch.

    For a watcher who is away their deputy, else the backup; where the ward office has no coordinator
    who is there, whoever works for the responsible agency. A roster that is given is one of then.
    """
    roster = roster or Roster(at)
    for agency, people in _groups(assignment, step.tier, roster):
        named = [
            Recipient(person, agency, step.hours is Hours.ALWAYS, step.channel) for person in people
        ]
        told = [each for each in standing_in(named, roster) if _may_see(each, assignment, roster)]
        if told:
            return told
    return []


def _may_see(recipient: Recipient, assignment: WatchAssignment, roster: Roster) -> bool:
    actor = roster.actor(recipient.user, recipient.agency)
    return actor is not None and bool(policy.can_view(actor, assignment))


def _groups(assignment: WatchAssignment, tier: Tier, roster: Roster) -> Iterator[Group]:
    """Say whom a step may reach: the first group counts in which somebody can be told."""
    responsible = assignment.responsible_agency
    if tier is Tier.WATCHER:
        yield from _person(assignment.watcher, assignment.watcher_agency)
    if tier in {Tier.WATCHER, Tier.BACKUP}:
        yield from _person(assignment.backup, assignment.backup_agency)
    if tier is Tier.WARD:
        office = roster.office(responsible.municipality_code)
        if office:
            yield office, roster.staff(office).in_roles({Role.COORDINATOR})
    if tier in {Tier.PLAZA, Tier.WARD}:
        staff = roster.staff(responsible)
        yield responsible, staff.in_roles({Role.STAFF, Role.COORDINATOR})
        yield responsible, staff.in_roles(CASEWORK_ROLES)


def _person(person: User | None, agency: Agency | None) -> Iterator[Group]:
    if person and agency:
        yield agency, [person]


def _agency_of(assignment: WatchAssignment, tier: Tier, roster: Roster) -> Agency | None:
    """Return by whose calendar a step waits."""
    if tier is Tier.WARD:
        return roster.office(assignment.responsible_agency.municipality_code)
    if tier is Tier.WATCHER:
        return assignment.watcher_agency
    if tier is Tier.BACKUP:
        return assignment.backup_agency
    return assignment.responsible_agency


_PEOPLE = tuple(
    f"assignment__{name}"
    for name in ("responsible_agency", "watcher", "watcher_agency", "backup", "backup_agency")
)


class AlertBatch:
    """Some alerts, their assignments and people; the roster says who of these is there."""

    def __init__(self, alerts: Iterable[UUID], roster: Roster) -> None:
        self.roster = roster
        self._now = clock.now()
        self._alerts = list(alerts)
        self._policies: dict[tuple[UUID, str], Policy] = {}
        self._reached: dict[tuple[UUID, int], list[Recipient]] = {}

    @cached_property
    def chased(self) -> set[UUID]:
        """Those that are open and that no pause of the resident silences."""
        pauses = Pause.objects.touching(self._now, self._now)
        paused = Exists(pauses.filter(resident=OuterRef("assignment__resident")))
        found = Alert.objects.filter(~paused, pk__in=self._alerts, resolved_at=None)
        return set(found.values_list("pk", flat=True))

    @cached_property
    def assignments(self) -> dict[UUID, WatchAssignment]:
        """The assignment of each."""
        return {pk: each.assignment for pk, each in self._found.items()}

    def policy(self, alert: UUID) -> Policy:
        """Return by which escalation policy an alert is chased."""
        found = self._found[alert]
        key = (found.assignment.responsible_agency_id, found.kind)
        if key not in self._policies:
            self._policies[key] = policy_of(found.assignment.responsible_agency, found.kind)
        return self._policies[key]

    def reached(self, alert: UUID, step: int) -> list[Recipient]:
        """Return who is told of an alert at a step that falls due now."""
        if (alert, step) not in self._reached:
            self._reached[alert, step] = reached(
                self.assignments[alert], self.policy(alert).step(step), self._now, self.roster
            )
        return self._reached[alert, step]

    @cached_property
    def _found(self) -> dict[UUID, Alert]:
        # Prefetched: the same people and agencies, however many alerts, are read and built once.
        found = Alert.objects.select_related("assignment").prefetch_related(*_PEOPLE)
        return found.in_bulk(self._alerts)

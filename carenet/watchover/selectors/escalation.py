"""Who would be told of an alert, when and how: of one or many, for escalation and for rehearsal.

Nothing here writes, and the plan does not look at the clock: the moment comes in as an argument.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency
from carenet.agencies.roles import CASEWORK_ROLES, Role
from carenet.agencies.selectors import Roster
from carenet.core import clock
from carenet.reminders.escalation import Hours, PolicyStep
from carenet.reminders.kinds.escalation import EscalationKind, Group
from carenet.reminders.models import Occurrence
from carenet.reminders.registry import Recipient
from carenet.watchover import policy
from carenet.watchover.escalation import DEFAULT_POLICIES, Policy, Tier
from carenet.watchover.models import Alert, EscalationPolicy, Pause, WatchAssignment
from carenet.watchover.states import OPEN, AlertKind

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


_PEOPLE = tuple(
    f"assignment__{name}"
    for name in ("responsible_agency", "watcher", "watcher_agency", "backup", "backup_agency")
)
_TEXTS: dict[AlertKind, StrOrPromise] = {
    AlertKind.WATCHER_SILENT: _("Nobody has looked in: watch %(code)s."),
    AlertKind.RESIDENT_SILENT: _("Nobody answered: watch %(code)s."),
    AlertKind.CONCERN: _("Somebody is worried: watch %(code)s."),
}


def reminder_kind(kind: AlertKind | str) -> str:
    """Return the name of the kind of reminder that chases an alert of this kind."""
    return f"watch.{AlertKind(kind).value}"


class AlertEscalation(EscalationKind[WatchAssignment, Tier]):
    """An alert is open: it is escalated until somebody acknowledges or resolves it.

    The policy is that of the responsible agency. For a watcher who is away their deputy is told, else
    the backup; where the ward office has no coordinator who is there, whoever works for the
    responsible agency. A pause of the resident silences every step; when it ends, all begins anew.
    """

    subject_kind = "alert"
    names_absent = False

    def __init__(self, kind: AlertKind | str) -> None:
        self.kind = AlertKind(kind)
        self.name = reminder_kind(kind)

    def read(self) -> Mapping[UUID, WatchAssignment]:
        # Prefetched: the same people and agencies, however many alerts, are read and built once.
        found = Alert.objects.select_related("assignment").prefetch_related(*_PEOPLE)
        return {pk: each.assignment for pk, each in found.in_bulk(self.ids).items()}

    def applicable(self) -> Collection[UUID]:
        now = clock.now()
        pauses = Pause.objects.touching(now, now).filter(resident=OuterRef("assignment__resident"))
        found = Alert.objects.filter(~Exists(pauses), pk__in=self.ids or (), resolved_at=None)
        return set(found.values_list("pk", flat=True))

    def text(self, occurrence: Occurrence) -> StrOrPromise:
        return _TEXTS[self.kind] % {"code": occurrence.subject_code}

    def policy_of(self, subject: WatchAssignment) -> Policy:
        agency = subject.responsible_agency
        return self.once(agency.pk, lambda: policy_of(agency, self.kind))

    def groups(self, subject: WatchAssignment, tier: Tier) -> Iterator[Group]:
        responsible = subject.responsible_agency
        persons = [(subject.backup, subject.backup_agency)]
        if tier is Tier.WATCHER:
            persons.insert(0, (subject.watcher, subject.watcher_agency))
        if tier in {Tier.WATCHER, Tier.BACKUP}:
            yield from ((agency, [person]) for person, agency in persons if person and agency)
        if tier is Tier.WARD:
            office = self.roster.office(responsible.municipality_code)
            if office:
                yield office, self.roster.staff(office).in_roles({Role.COORDINATOR})
        if tier in {Tier.PLAZA, Tier.WARD}:
            staff = self.roster.staff(responsible)
            yield responsible, staff.in_roles({Role.STAFF, Role.COORDINATOR})
            yield responsible, staff.in_roles(CASEWORK_ROLES)

    def agency_of(self, subject: WatchAssignment, tier: Tier) -> Agency | None:
        if tier is Tier.WARD:
            return self.roster.office(subject.responsible_agency.municipality_code)
        agencies = {Tier.WATCHER: subject.watcher_agency, Tier.BACKUP: subject.backup_agency}
        return agencies.get(tier, subject.responsible_agency)

    def can_view(self, actor: Actor, subject: WatchAssignment) -> bool:
        return bool(policy.can_view(actor, subject))


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """One step of an escalation: which, whom it is for, when it falls due, and who is reached then.

    Without recipients it is passed over, and the next step falls due at once; the last one is asked
    again a day later. `silenced_by` is the pause at that time, in which nobody is told.
    """

    number: int
    step: PolicyStep[Tier]
    at: datetime
    recipients: tuple[Recipient, ...]
    silenced_by: Pause | None = None


def planned_steps(
    assignment: WatchAssignment,
    kind: AlertKind | str,
    began_at: datetime,
    proposed: Policy | None = None,
) -> Iterator[PlannedStep]:
    """Return, step by step, what follows if an alert of this kind begins at a moment.

    As things stand now, but for absences, pauses and calendars, which are those of that time. It goes
    on until somebody acknowledges, or the watch is over with its term or basis. A pause ends the
    watcher's silence; what worries about the resident is escalated anew when it is over. Without a
    proposed policy that of the responsible agency counts.
    """
    escalation = AlertEscalation(kind).with_roster(Roster())
    followed = proposed or escalation.policy_of(assignment)
    over_at, before = assignment.over_at, began_at
    number, at = 0, escalation.due_at(assignment, followed, 0, began_at)
    while over_at is None or at < over_at:
        step = followed.step(number)
        pause = pause_within(assignment.resident_id, before, at)
        if pause is None:
            recipients = tuple(escalation.with_roster(Roster(at)).reached(assignment, step))
            yield PlannedStep(number, step, at, recipients)
            before = at
            number, at = escalation.following(
                assignment, followed, number, at, told=bool(recipients)
            )
            continue
        yield PlannedStep(number, step, max(before, pause.since), (), pause)
        if kind == AlertKind.WATCHER_SILENT or pause.until is None:
            return
        before, number = pause.until, 0
        at = escalation.due_at(assignment, followed, 0, pause.until)


def pause_within(resident_id: UUID, begin: datetime, end: datetime) -> Pause | None:
    """Return the first pause of a resident that covers any moment of an interval, ends included."""
    return Pause.objects.touching(begin, end).filter(resident=resident_id).order_by("since").first()


def policy_of(agency: Agency, kind: AlertKind | str) -> Policy:
    """Return the agency's own escalation policy for a kind of alert, else the default policy."""
    own = policy_row(agency, kind)
    if not own.is_own:
        return DEFAULT_POLICIES[AlertKind(kind)]
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

"""The alerts as the engine of reminders asks about them, and what waits for the responsible agency."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from carenet.agencies.roles import CASEWORK_ROLES, Role
from carenet.agencies.selectors import calendar_of, members_in_roles
from carenet.reminders.registry import Recipient
from carenet.watchover import policy
from carenet.watchover.actions.alerts import reminder_kind
from carenet.watchover.actions.assigning import WITHOUT_WATCHER
from carenet.watchover.actions.holding import KIND
from carenet.watchover.models import Alert, WatchAssignment
from carenet.watchover.selectors.escalation import following, ladder_of, pause_within, reached
from carenet.watchover.states import OPEN, AlertKind

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django_stubs_ext import StrOrPromise

    from carenet.agencies.actors import Actor
    from carenet.reminders.registry import Occurrence

_RELATED = tuple(
    f"assignment__{name}"
    for name in ("responsible_agency", "watcher", "watcher_agency", "backup", "backup_agency")
)
TEXTS: dict[AlertKind, StrOrPromise] = {
    AlertKind.WATCHER_SILENT: _("Nobody has looked in: watch %(code)s."),
    AlertKind.RESIDENT_SILENT: _("Nobody answered: watch %(code)s."),
    AlertKind.CONCERN: _("Somebody is worried: watch %(code)s."),
}


@dataclass(frozen=True, slots=True)
class AlertChase:
    """An alert is open: one ladder, climbed until somebody acknowledges or resolves it.

    Its last step comes again and again. A pause of the resident silences every step; when it ends,
    the chase begins anew.
    """

    kind: AlertKind
    subject_kind = "alert"

    @property
    def name(self) -> str:
        return reminder_kind(self.kind)

    def still_holds(self, occurrence: Occurrence) -> bool:
        now = timezone.now()
        found = Alert.objects.filter(pk=occurrence.subject_id, resolved_at=None).values_list(
            "assignment__resident", flat=True
        )
        resident = found.first()
        if resident is None:
            return False
        return pause_within(resident, now, now) is None

    def recipients(self, occurrence: Occurrence) -> Iterable[Recipient]:
        assignment = _assignment(occurrence)
        step = ladder_of(assignment.responsible_agency, self.kind).step(occurrence.step)
        return reached(assignment, step, timezone.now())

    def may_see(self, actor: Actor, occurrence: Occurrence) -> bool:
        return policy.alerts_visible_to(actor).filter(pk=occurrence.subject_id).exists()

    def text(self, occurrence: Occurrence) -> StrOrPromise:
        return TEXTS[self.kind] % {"code": occurrence.subject_code}

    def next_due(self, occurrence: Occurrence, now: datetime) -> datetime | None:
        """None where the same step is asked again, because it comes again and reaches nobody."""
        assignment = _assignment(occurrence)
        ladder = ladder_of(assignment.responsible_agency, self.kind)
        told = bool(reached(assignment, ladder.step(occurrence.step), now))
        number, at = following(assignment, ladder, occurrence.step, now, told=told)
        return None if number == occurrence.step else at


class WithoutWatcher:
    """Nobody looks in any more: the responsible agency hears of it until somebody does."""

    name = WITHOUT_WATCHER
    subject_kind = KIND

    def still_holds(self, occurrence: Occurrence) -> bool:
        found = WatchAssignment.objects.filter(pk=occurrence.subject_id, status__in=sorted(OPEN))
        return found.filter(watcher=None).exists()

    def recipients(self, occurrence: Occurrence) -> Iterable[Recipient]:
        agency = occurrence.agency
        roles = CASEWORK_ROLES if occurrence.step else {Role.STAFF, Role.COORDINATOR}
        return [Recipient(person, agency) for person in members_in_roles(agency, roles)]

    def may_see(self, actor: Actor, occurrence: Occurrence) -> bool:
        return policy.visible_to(actor).filter(pk=occurrence.subject_id).exists()

    def text(self, occurrence: Occurrence) -> StrOrPromise:
        return _("Nobody looks in any more: watch %(code)s. Name a watcher.") % {
            "code": occurrence.subject_code
        }

    def next_due(self, occurrence: Occurrence, now: datetime) -> datetime | None:
        return None if occurrence.step else calendar_of(occurrence.agency).chase_after(now, 1)


def _assignment(occurrence: Occurrence) -> WatchAssignment:
    found = Alert.objects.select_related(*_RELATED).get(pk=occurrence.subject_id)
    return found.assignment

"""The alerts as the engine of reminders asks about them, and what waits for the responsible agency."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from carenet.agencies.actors import Actor
from carenet.agencies.roles import CASEWORK_ROLES, Role
from carenet.agencies.selectors import Roster
from carenet.core import clock
from carenet.reminders.kinds import BaseKind
from carenet.reminders.models import Occurrence
from carenet.reminders.registry import Recipient
from carenet.watchover import policy
from carenet.watchover.actions.alerts import reminder_kind
from carenet.watchover.actions.assignments import WITHOUT_WATCHER
from carenet.watchover.actions.locks import KIND
from carenet.watchover.models import WatchAssignment
from carenet.watchover.selectors.escalation import AlertBatch, following
from carenet.watchover.selectors.idle_watches import EXPECTS_NOBODY, expecting_nobody
from carenet.watchover.states import OPEN, AlertKind

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

TEXTS: dict[AlertKind, StrOrPromise] = {
    AlertKind.WATCHER_SILENT: _("Nobody has looked in: watch %(code)s."),
    AlertKind.RESIDENT_SILENT: _("Nobody answered: watch %(code)s."),
    AlertKind.CONCERN: _("Somebody is worried: watch %(code)s."),
}


@dataclass(frozen=True, slots=True)
class AlertEscalation:
    """An alert is open: one escalation policy, climbed until somebody acknowledges or resolves it.

    Its last step comes again and again. A pause of the resident silences every step; when it ends,
    the chase begins anew.
    """

    kind: AlertKind
    batch: AlertBatch | None = None
    subject_kind = "alert"

    @property
    def name(self) -> str:
        return reminder_kind(self.kind)

    def for_batch(self, occurrences: Sequence[Occurrence], roster: Roster) -> AlertEscalation:
        """Return the same chase with these alerts read at once."""
        return replace(self, batch=AlertBatch([each.subject_id for each in occurrences], roster))

    def still_applies(self, occurrence: Occurrence) -> bool:
        return occurrence.subject_id in self._batch(occurrence).chased

    def recipients(self, occurrence: Occurrence) -> Iterable[Recipient]:
        batch = self._batch(occurrence)
        return batch.reached(occurrence.subject_id, occurrence.step)

    def may_see(self, actor: Actor, occurrence: Occurrence) -> bool:
        assignment = self._batch(occurrence).assignments.get(occurrence.subject_id)
        return assignment is not None and bool(policy.can_view(actor, assignment))

    def text(self, occurrence: Occurrence) -> StrOrPromise:
        return TEXTS[self.kind] % {"code": occurrence.subject_code}

    def next_due(self, occurrence: Occurrence, now: datetime) -> datetime | None:
        """None where the same step is asked again, because it comes again and reaches nobody."""
        batch, alert = self._batch(occurrence), occurrence.subject_id
        told = bool(batch.reached(alert, occurrence.step))
        number, at = following(
            batch.assignments[alert], batch.policy(alert), occurrence.step, now,
            told=told, roster=batch.roster,
        )  # fmt: skip
        return None if number == occurrence.step else at

    def _batch(self, occurrence: Occurrence) -> AlertBatch:
        return self.batch or AlertBatch([occurrence.subject_id], Roster())


class AlertNotice(BaseKind):
    """What the responsible agency hears of a watch: its desk, a working day later its managers."""

    subject_kind = KIND
    roles = ({Role.STAFF, Role.COORDINATOR}, CASEWORK_ROLES)
    working_days = 1

    @staticmethod
    def visible_to(actor: Actor) -> QuerySet[Any]:
        return policy.visible_to(actor)


class ExpectsNobody(AlertNotice):
    """By its rhythm nobody is expected any more: the responsible agency hears of it until one is."""

    name = EXPECTS_NOBODY
    message = _("By its rhythm nobody is expected any more: watch %(code)s. Set another one.")

    def applicable(self) -> QuerySet[Any]:
        return expecting_nobody(clock.now())


class WithoutWatcher(AlertNotice):
    """Nobody looks in any more: the responsible agency hears of it until somebody does."""

    name = WITHOUT_WATCHER
    message = _("Nobody looks in any more: watch %(code)s. Name a watcher.")

    def applicable(self) -> QuerySet[Any]:
        return WatchAssignment.objects.filter(status__in=sorted(OPEN), watcher=None)

"""Alerts as they stand at one look: all that whoever chases them asks, read for many at once."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef

from carenet.core import clock
from carenet.watchover.models import Alert, Pause
from carenet.watchover.selectors.escalation import policy_of, reached

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from carenet.agencies.selectors import Roster
    from carenet.reminders.registry import Recipient
    from carenet.watchover.escalation import Policy
    from carenet.watchover.models import WatchAssignment

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

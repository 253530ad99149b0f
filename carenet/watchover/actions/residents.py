"""What happens to watches when a person's record ends, or becomes part of another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import F
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from carenet import clock
from carenet.errors import Conflict
from carenet.residents.models import EndedBecause
from carenet.residents.registry import PointsAtResident
from carenet.watchover.actions.holding import locked
from carenet.watchover.actions.moving import apply
from carenet.watchover.models import Pause, WatchAssignment
from carenet.watchover.states import OPEN, WatchEndReason, WatchVerb

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from uuid import UUID

    from carenet.agencies.actors import Actor
    from carenet.residents.models import Resident

_REASONS = {
    EndedBecause.DIED: WatchEndReason.DIED,
    EndedBecause.MOVED_AWAY: WatchEndReason.MOVED,
}


def end_watches(*, actor: Actor | None, resident: Resident) -> None:
    """End every watch over a person whose record ends: registered with `residents`.

    Whoever is responsible for them; no policy is asked, for who ends the record has been asked.
    """
    reason = _REASONS[EndedBecause(resident.ended_because)]
    found = WatchAssignment.objects.filter(resident=resident, status__in=sorted(OPEN))
    for assignment in locked(found):
        apply(assignment, WatchVerb.END, actor, reason=reason)


class WatchesOfResident(PointsAtResident):
    """Watches follow a merge; raises `Conflict` when the same person looks in on both records.

    Which of the two goes on is somebody's decision: their rhythms and their bases may differ.
    """

    def move(self, source: UUID, target: UUID, only: Iterable[str] | None = None) -> Sequence[str]:
        open_ones = WatchAssignment.objects.filter(status__in=sorted(OPEN), watcher__isnull=False)
        watchers = open_ones.filter(resident=target).values("watcher")
        if open_ones.filter(resident=source, watcher__in=watchers).exists():
            raise Conflict(
                _("The same person looks in on both records. End one of the two watches first."),
                code="watched_twice",
            )
        return super().move(source, target, only)


class PausesOfResident(PointsAtResident):
    """Pauses follow a merge; of two open ones that of the surviving record goes on.

    A second open one would silence the watch after somebody has ended the one they see.
    """

    def move(self, source: UUID, target: UUID, only: Iterable[str] | None = None) -> Sequence[str]:
        open_ones = Pause.objects.filter(until=None)
        if open_ones.filter(resident=target).exists():
            open_ones.filter(resident=source).update(until=Greatest(F("since"), clock.now()))
        return super().move(source, target, only)

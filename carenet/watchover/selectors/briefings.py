"""What somebody is told of the watches that come to them, and nothing beyond what a watcher may know."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F, Prefetch, Window
from django.db.models.functions import RowNumber

from carenet.agencies.actors import Actor
from carenet.agencies.models import User
from carenet.watchover import policy
from carenet.watchover.models import (
    Alert,
    CheckIn,
    HandoverLine,
    WatchAssignment,
    WatchHandover,
    WatchSchedule,
)
from carenet.watchover.selectors.handover import lines_of
from carenet.watchover.states import AGREED, HandoverStatus

#: So many check-ins tell how it has been; and as many watches as one request shows.
LAST_CHECK_INS, MOST = 5, 200


@dataclass(frozen=True, slots=True)
class Briefing:
    """One watch that comes to somebody: who it is about, how they fare, who stands by."""

    watch: WatchAssignment
    begins_at: datetime | None
    handed_over: bool
    backup: User | None
    check_ins: list[CheckIn]
    alerts: list[Alert]

    @property
    def schedule(self) -> WatchSchedule | None:
        """The rhythm that holds now."""
        return next(iter(self.watch.schedules.all()), None)


def briefings(actor: Actor) -> list[Briefing]:
    """Return the briefings that the actor may read, by the code of the watch.

    Before a handover counts: what goes to them by a plan that its keeper has released, and only where
    nothing speaks against it. Afterwards what they were given and still look in on.
    """
    if actor.user is None or not actor.may("watch.view"):
        return []
    lines = {line.assignment_id: line for line in [*_done(actor), *_ahead(actor)]}
    watches = (
        WatchAssignment.objects.filter(pk__in=list(lines))
        .select_related("resident")
        .annotate(shows_address=policy.shows_address(actor))
        .prefetch_related(Prefetch("schedules", WatchSchedule.objects.current()))
        .order_by("number")[:MOST]
    )
    found = list(watches)
    check_ins, alerts = _check_ins(found), _alerts(found)
    return [
        Briefing(
            watch,
            lines[watch.pk].handover.effective_at,
            not lines[watch.pk].handover.is_open,
            lines[watch.pk].backup,
            check_ins[watch.pk],
            alerts[watch.pk],
        )
        for watch in found
    ]


def _done(actor: Actor) -> list[HandoverLine]:
    given = HandoverLine.objects.filter(
        watcher=actor.user_id,
        watcher_agency=actor.agency_id,
        outgoing__isnull=False,
        handover__status=HandoverStatus.DONE,
        assignment__in=WatchAssignment.objects.filter(
            policy.watched_by(actor), watcher=actor.user_id, watcher_agency=actor.agency_id
        ),
    )
    rows = given.select_related("handover", "assignment__backup").order_by("handover")
    lines = list(rows)
    for line in lines:
        line.backup = line.assignment.backup
    return lines


def _ahead(actor: Actor) -> list[HandoverLine]:
    released = WatchHandover.objects.filter(
        pairs__successor=actor.user_id,
        pairs__successor_agency=actor.agency_id,
        pairs__open=True,
        released_at__isnull=False,
    )
    place = (actor.user_id, actor.agency_id)
    return [
        line
        for handover in released.select_related("agency").distinct()
        for line in lines_of(handover)
        if line.outgoing_id
        and not line.obstacle
        and line.assignment.status in AGREED
        and (line.watcher_id, line.watcher_agency_id) == place
    ]


def _check_ins(watches: Sequence[WatchAssignment]) -> dict[UUID, list[CheckIn]]:
    rows = CheckIn.objects.filter(assignment__in=watches).annotate(
        place=Window(
            RowNumber(),
            partition_by=F("assignment"),
            order_by=[F("observed_at").desc(), F("id").desc()],
        )
    )
    found: dict[UUID, list[CheckIn]] = defaultdict(list)
    for each in rows.filter(place__lte=LAST_CHECK_INS).order_by("place"):
        found[each.assignment_id].append(each)
    return found


def _alerts(watches: Sequence[WatchAssignment]) -> dict[UUID, list[Alert]]:
    found: dict[UUID, list[Alert]] = defaultdict(list)
    rows = Alert.objects.filter(assignment__in=watches, resolved_at=None)
    for each in rows.order_by("opened_at"):
        found[each.assignment_id].append(each)
    return found

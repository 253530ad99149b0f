"""What happens each time the demo starts: its people have done their rounds, all but a few.

Nobody looks in while the demo is switched off. Without this, whoever starts it again after a week
would find hundreds of alerts, and after a minute nothing that is only just late.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet

from carenet.agencies.actors import Actor
from carenet.agencies.roles import Role
from carenet.agencies.selectors import actor_of, members_in_roles
from carenet.core import clock
from carenet.demo.watchover import LIST_NAME, NAMED
from carenet.watchlists.models import ListEntry
from carenet.watchover.actions.check_ins import LookedIn, check_in, check_in_many
from carenet.watchover.actions.schedule import VisitSchedule, set_schedule
from carenet.watchover.actions.worker import note_heartbeat, run_once
from carenet.watchover.models import Expectation, WatchAssignment
from carenet.watchover.states import CheckInOutcome, WatchStatus

LATE = 6
#: A minute after the start the first one is missed, and the others are late for most of a day.
MISSED_RHYTHM, LATE_RHYTHM = (1, 0), (1, 20 * 60)


def begin_the_day() -> None:
    """Catch up with the rounds, then let a few be late and one be missed within a minute."""
    chosen = _first_watches()
    _catch_up(clock.now(), chosen[1:])
    now = clock.now()
    note_heartbeat(now=now)
    while run_once(now=now):
        pass
    for number, watch in enumerate(chosen):
        if not (number and watch.expectations.late(now).exists()):
            _expect_now(watch, *(LATE_RHYTHM if number else MISSED_RHYTHM))


def _catch_up(now: datetime, late: list[WatchAssignment]) -> None:
    """Let everybody have looked in whose window has closed, but those who may still be late."""
    rounds: dict[tuple[UUID, UUID], tuple[Actor, list[LookedIn]]] = {}
    due = Expectation.objects.late(now).filter(assignment__in=_of_the_lists())
    due = due.exclude(assignment__in=late, grace_until__gt=now)
    overdue = due.select_related("assignment__watcher", "assignment__watcher_agency")
    for each in overdue.order_by("window_start"):
        watch = each.assignment
        if watch.watcher is None or watch.watcher_agency is None:
            continue
        actor = actor_of(watch.watcher, watch.watcher_agency)
        if actor is None:
            continue
        _actor, round_ = rounds.setdefault((watch.watcher.pk, watch.watcher_agency.pk), (actor, []))
        round_.append(LookedIn(watch.pk, CheckInOutcome.MET, each.due_at))
    for actor, round_ in rounds.values():
        check_in_many(actor=actor, round_=round_)


def _of_the_lists() -> QuerySet[WatchAssignment]:
    """Only what the demo itself has begun: whoever tries something of their own finds it untouched."""
    entries = ListEntry.objects.filter(watch_list__name=LIST_NAME, assignment__isnull=False)
    return WatchAssignment.objects.filter(
        status=WatchStatus.ACTIVE, pk__in=entries.values("assignment")
    )


def _first_watches() -> list[WatchAssignment]:
    """Return the first watch of the first commissioner, and the next few of those who can sign in."""
    mine = _of_the_lists().filter(watcher__username__in=NAMED)
    mine = mine.select_related("watcher", "watcher_agency", "responsible_agency")
    by_watcher: dict[str, list[WatchAssignment]] = defaultdict(list)
    for each in mine.order_by("number"):
        if each.watcher:
            by_watcher[each.watcher.username].append(each)
    first = by_watcher[NAMED[0]][:1]
    return first + [each for name in NAMED for each in by_watcher[name] if each not in first][:LATE]


def _expect_now(watch: WatchAssignment, window: int, grace: int) -> None:
    """Let somebody look in now, and expect them every day at this time from here on."""
    if watch.watcher is None or watch.watcher_agency is None:
        return
    actor = actor_of(watch.watcher, watch.watcher_agency)
    desk = _desk(watch)
    if actor is None or desk is None:
        return
    check_in(actor=actor, assignment_id=watch.pk, outcome=CheckInOutcome.MET)
    soon = clock.now() + timedelta(seconds=2)
    rhythm = VisitSchedule("FREQ=DAILY", soon.replace(microsecond=0), window, grace)
    set_schedule(actor=desk, assignment_id=watch.pk, rhythm=rhythm)


def _desk(watch: WatchAssignment) -> Actor | None:
    """Return somebody who keeps the watch."""
    members = members_in_roles(watch.responsible_agency, {Role.STAFF})
    return next((actor_of(each, watch.responsible_agency) for each in members), None)

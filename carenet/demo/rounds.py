"""How somebody looks in on a resident of the demo: the rhythm, and what the last weeks were like."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from carenet.agencies.actors import Actor
from carenet.core import clock
from carenet.core.clock import ZONE
from carenet.residents.actions import record_consents
from carenet.residents.models import ConsentMethod, ConsentPole, InformationCategory
from carenet.watchlists.actions.bulk import assign_many
from carenet.watchlists.models import ListEntry
from carenet.watchover.actions.alerts import resolve
from carenet.watchover.actions.assignments import edit
from carenet.watchover.actions.check_ins import LookedIn, check_in_many
from carenet.watchover.actions.pauses import pause
from carenet.watchover.actions.schedule import VisitSchedule
from carenet.watchover.actions.transitions import begin_many
from carenet.watchover.models import Alert
from carenet.watchover.states import CheckInOutcome, WatchMethod

_DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Habit:
    """How often somebody looks in and by which method; windows are wide, as visits are."""

    method: WatchMethod
    rule: str
    window_minutes: int
    grace_minutes: int
    outcome: CheckInOutcome


_MONTHLY = Habit(WatchMethod.VISIT, "FREQ=MONTHLY", 7 * _DAY, 3 * _DAY, CheckInOutcome.MET)
_FORTNIGHTLY = Habit(
    WatchMethod.VISIT, "FREQ=WEEKLY;INTERVAL=2", 5 * _DAY, 3 * _DAY, CheckInOutcome.MET
)
_WEEKLY = Habit(WatchMethod.PHONE, "FREQ=WEEKLY", 3 * _DAY, 2 * _DAY, CheckInOutcome.HEARD)
_SIGNS = Habit(WatchMethod.INDIRECT, "FREQ=WEEKLY", 4 * _DAY, 2 * _DAY, CheckInOutcome.INDIRECT)
_DEVICE = Habit(WatchMethod.DEVICE, "FREQ=DAILY", _DAY, _DAY, CheckInOutcome.INDIRECT)
#: Most are visited; one in ten is called, or looked at from outside; few have a device.
HABITS = (
    _MONTHLY, _FORTNIGHTLY, _FORTNIGHTLY, _WEEKLY, _FORTNIGHTLY,
    _MONTHLY, _FORTNIGHTLY, _SIGNS, _MONTHLY, _FORTNIGHTLY,
)  # fmt: skip
NOTES = (
    "犬がいる。門の左から声をかける。",
    "耳が遠い。電話は長く鳴らす。",
    "鍵は隣家が預かっている。",
)

#: Days ago, with what was found; the last weeks of those in whom a sign weakens, else two visits.
_Past = tuple[tuple[int, CheckInOutcome], ...]
_GROWING: _Past = tuple((days, CheckInOutcome.MET) for days in (62, 57, 48, 30))
_UNSTEADY: _Past = (
    (40, CheckInOutcome.NO_ANSWER), (39, CheckInOutcome.MET),
    (12, CheckInOutcome.NO_ANSWER), (11, CheckInOutcome.MET),
)  # fmt: skip
_FROM_OUTSIDE: _Past = tuple((days, CheckInOutcome.INDIRECT) for days in (24, 17, 10, 3))
_PASTS = {5: _GROWING, 15: _UNSTEADY, 27: _FROM_OUTSIDE}
#: One in so many has not begun, ends soon, is in hospital, or gives weaker signs.
WAITING, ENDING, PAUSED, WEAKENING = 25, 40, 30, 45


def begin_rounds(
    desk: Actor, watcher: Actor, backup: Actor | None, wanting: Sequence[tuple[int, ListEntry]]
) -> None:
    """Let a commissioner look in on those who want it, as they have done for weeks."""
    by_method: dict[WatchMethod, list[tuple[int, ListEntry]]] = defaultdict(list)
    for number, entry in wanting:
        by_method[_habit(number).method].append((number, entry))
    record_consents(
        actor=desk,
        resident_ids=[entry.resident_id for _number, entry in wanting if entry.resident_id],
        agencies=[each.agency for each in (watcher, backup) if each],
        pole=ConsentPole.GIVEN,
        categories=[InformationCategory.IDENTITY],
        method=ConsentMethod.ORAL,
        given_by="本人",
    )
    numbers: dict[UUID, int] = {}
    for method, theirs in by_method.items():
        proposal: dict[str, Any] = {
            "watcher": watcher.user,
            "watcher_agency": watcher.agency,
            "method": method,
            "sharing_basis": "CONSENT",
            "safety_note": NOTES[theirs[0][0] % len(NOTES)],
        }
        if backup:
            proposal |= {"backup": backup.user, "backup_agency": backup.agency}
        by_resident = {entry.resident_id: number for number, entry in theirs}
        ids = [entry.pk for _number, entry in theirs]
        made = assign_many(actor=desk, entry_ids=ids, **proposal)
        numbers |= {each.pk: by_resident[each.resident_id] for each in made}
    begun = {watch: number for watch, number in numbers.items() if number % WAITING != WAITING - 1}
    begin_many(actor=desk, rhythms={watch: _rhythm(number) for watch, number in begun.items()})
    _look_back(watcher, desk, begun)
    for watch, number in begun.items():
        if number % ENDING == ENDING // 3:
            last = clock.today() + timedelta(days=30 + number % 25)
            edit(actor=desk, assignment_id=watch, term_until=last)
        if number % PAUSED == PAUSED // 2:
            home = clock.now() + timedelta(days=10)
            pause(actor=desk, assignment_id=watch, reason="hospital", until=home)


def _habit(number: int) -> Habit:
    return _DEVICE if number % 50 == 49 else HABITS[number % len(HABITS)]  # noqa: PLR2004


def _rhythm(number: int) -> VisitSchedule:
    """Windows open in the morning, of a day that lies ahead, not for everybody the same."""
    habit = _habit(number)
    day = clock.today() + timedelta(days=1 + number % 13)
    begins_at = datetime(day.year, day.month, day.day, 9, tzinfo=ZONE)
    return VisitSchedule(habit.rule, begins_at, habit.window_minutes, habit.grace_minutes)


def _past(number: int) -> _Past:
    kind = _PASTS.get(number % WEAKENING)
    if kind:
        return kind
    outcome, since = _habit(number).outcome, 1 + number % 12
    return ((since + 14, outcome), (since, outcome)) if number % 3 else ((since, outcome),)


def _look_back(watcher: Actor, desk: Actor, begun: Mapping[UUID, int]) -> None:
    """Record the last weeks as they came; nobody's silence is left open."""
    now = clock.now()
    for silent in (True, False):
        round_ = [
            LookedIn(watch, outcome, now - timedelta(days=days, minutes=days * 17))
            for watch, number in begun.items()
            for days, outcome in _past(number)
            if (outcome is CheckInOutcome.NO_ANSWER) is silent
        ]
        if round_:
            check_in_many(actor=watcher, round_=round_)
    note = "電話がつながり、無事を確認した。"
    for alert in Alert.objects.filter(assignment__in=begun, resolved_at=None):
        resolve(actor=desk, alert_id=alert.pk, outcome="safe", note=note)

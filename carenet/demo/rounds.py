"""How somebody looks in on a resident of the demo: the rhythm, and what the last weeks were like."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from carenet.agencies.calendars import TOKYO
from carenet.watchover.actions.alerts import resolve
from carenet.watchover.actions.checking_in import check_in
from carenet.watchover.actions.lists import assign
from carenet.watchover.actions.moving import move
from carenet.watchover.actions.pausing import pause
from carenet.watchover.actions.rhythm import Rhythm, set_schedule
from carenet.watchover.models import Alert
from carenet.watchover.states import CheckInOutcome, WatchMethod, WatchVerb

if TYPE_CHECKING:
    from uuid import UUID

    from carenet.agencies.actors import Actor
    from carenet.watchover.models import ListEntry

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


def begin_round(
    desk: Actor, entry: ListEntry, watcher: Actor, backup: Actor | None, number: int
) -> None:
    """Let a commissioner look in on somebody who wants it, as they have done for weeks."""
    habit = _DEVICE if number % 50 == 49 else HABITS[number % len(HABITS)]  # noqa: PLR2004
    proposal: dict[str, Any] = {
        "watcher": watcher.user,
        "watcher_agency": watcher.agency,
        "method": habit.method,
        "sharing_basis": "CONSENT",
        "safety_note": NOTES[number // 7 % len(NOTES)] if number % 7 == 0 else "",
    }
    if backup:
        proposal |= {"backup": backup.user, "backup_agency": backup.agency}
    if number % 40 == 13:  # noqa: PLR2004 - a few end soon
        proposal["term_until"] = timezone.localdate() + timedelta(days=30 + number % 25)
    watch = assign(actor=desk, entry_id=entry.pk, **proposal).assignment_id
    if watch is None or number % 25 == 24:  # noqa: PLR2004 - not everybody has begun
        return
    set_schedule(actor=desk, assignment_id=watch, rhythm=_rhythm(habit, number))
    for verb in (WatchVerb.CONSENT, WatchVerb.ACTIVATE):
        move(actor=desk, assignment_id=watch, verb=verb)
    _look_back(desk, watcher, watch, _past(habit, number))
    if number % 30 == 17:  # noqa: PLR2004
        home = timezone.now() + timedelta(days=10)
        pause(actor=desk, assignment_id=watch, reason="hospital", until=home)


def _rhythm(habit: Habit, number: int) -> Rhythm:
    """Windows open in the morning, of a day that lies ahead, not for everybody the same."""
    day = timezone.localdate() + timedelta(days=1 + number % 13)
    begins_at = datetime(day.year, day.month, day.day, 9, tzinfo=TOKYO)
    return Rhythm(habit.rule, begins_at, habit.window_minutes, habit.grace_minutes)


def _past(habit: Habit, number: int) -> _Past:
    kind = number % 45
    if kind == 5:  # noqa: PLR2004
        return _GROWING
    if kind == 15:  # noqa: PLR2004
        return _UNSTEADY
    if kind == 27:  # noqa: PLR2004
        return _FROM_OUTSIDE
    since = 1 + number % 12
    return tuple((days, habit.outcome) for days in (since + 14, since))


def _look_back(desk: Actor, watcher: Actor, watch: UUID, past: _Past) -> None:
    now = timezone.now()
    for days, outcome in past:
        observed_at = now - timedelta(days=days, minutes=days * 17)
        check_in(actor=watcher, assignment_id=watch, outcome=outcome, observed_at=observed_at)
        if outcome is CheckInOutcome.NO_ANSWER:
            alert = Alert.objects.get(assignment=watch, resolved_at=None)
            note = "電話がつながり、無事を確認した。"
            resolve(actor=desk, alert_id=alert.pk, outcome="safe", note=note)

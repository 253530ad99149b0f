"""A plain model of watch-over as its pages describe it: lists and arithmetic, no database.

It calls nothing of the room, so that it cannot share a mistake with it. One resident, two watches.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
OUTAGE_FROM, LONGEST_SHIFT = 2 * MINUTE, 120 * MINUTE
OPENING = 9
#: Whom a step is for, how long after the one before, and whether it waits for an open day.
LADDERS = {
    "watcher_silent": [
        ("watcher", 0, False),
        ("backup", 60, False),
        ("plaza", 60, True),
        ("ward", 120, True),
    ],
    "resident_silent": [("plaza", 0, False), ("ward", 60, False)],
    "concern": [("plaza", 0, False), ("ward", 60, False)],
}
REPEAT = 60 * MINUTE
OPENS = {
    "no_answer": ("resident_silent", 2),
    "concern": ("concern", 2),
    "emergency": ("concern", 3),
}


@dataclass
class Window:
    """One time at which somebody is to look in."""

    start: datetime
    grace: datetime
    fate: str = "expected"


@dataclass
class Pause:
    since: datetime
    until: datetime | None
    told: bool = False

    def touches(self, begin: datetime, end: datetime) -> bool:
        if self.until == self.since:
            return False
        return self.since <= end and (self.until is None or self.until > begin)


@dataclass
class Alert:
    kind: str
    level: int
    joined: int = 1
    ended_by: str = ""
    misses: list[Window] = field(default_factory=list)
    #: The next step and when it is due; without a date nobody is chased.
    step: int = 0
    due: datetime | None = None
    acknowledged_until: datetime | None = None
    told: Counter[str] = field(default_factory=Counter)

    @property
    def open(self) -> bool:
        return not self.ended_by

    @property
    def seen(self) -> tuple[str, int, int, str, Counter[str]]:
        return self.kind, self.level, self.joined, self.ended_by, self.told


@dataclass
class Watch:
    """`watcher` and `backup` are names of people; `flips` counts how often a miss was found."""

    watcher: str
    backup: str
    windows: list[Window] = field(default_factory=list)
    alerts: list[Alert] = field(default_factory=list)
    flips: int = 0

    def open_alert(self, kind: str) -> Alert | None:
        return next((each for each in self.alerts if each.open and each.kind == kind), None)


@dataclass
class Model:
    """What ought to be true at each moment."""

    closed: frozenset[date]
    watches: list[Watch]
    end: datetime
    pauses: list[Pause] = field(default_factory=list)
    away: set[str] = field(default_factory=set)
    pulse: datetime | None = None

    # Rhythms

    def is_open(self, day: date) -> bool:
        return day.weekday() != 6 and day not in self.closed

    def set_rhythm(
        self,
        watch: Watch,
        since: datetime,
        begins: datetime,
        every: timedelta,
        window: int,
        grace: int,
        policy: str,
    ) -> None:
        """What was expected from then on is taken back; what was before stays."""
        kept = [each for each in watch.windows if each.fate != "expected" or each.start < since]
        taken = {each.start for each in kept}
        moments = [begins]
        while moments[-1] < self.end:
            moments.append(moments[-1] + every)
        for moment, following in pairwise(moments):
            start = self._on_calendar(moment, following, policy)
            if moment >= since and start is not None and start not in taken:
                kept.append(Window(start, start + (window + grace) * MINUTE))
        watch.windows = sorted(kept, key=lambda each: each.start)

    def _on_calendar(self, moment: datetime, following: datetime, policy: str) -> datetime | None:
        if policy == "keep" or self.is_open(moment.date()):
            return moment
        moved = moment
        while not self.is_open(moved.date()):
            moved += DAY
        return moved if policy == "move" and moved.date() < following.date() else None

    # The sweep

    def sweep(self, now: datetime) -> None:
        if self.pulse is not None and now - self.pulse > OUTAGE_FROM:
            self._shift(self.pulse, now)
        self.pulse = now
        for watch in self.watches:
            self._flip(watch, now)
        for pause in self.pauses:
            if not pause.told and pause.until is not None and pause.until <= now:
                pause.told = True
                self._go_on(pause, now)
        for watch in self.watches:
            for alert in watch.alerts:
                self._climb(watch, alert, now)

    def _shift(self, began: datetime, now: datetime) -> None:
        until = now + min(now - began, LONGEST_SHIFT)
        for watch in self.watches:
            for each in watch.windows:
                if each.fate == "expected" and each.grace >= began and each.start < now:
                    each.grace = max(each.grace, until)

    def _flip(self, watch: Watch, now: datetime) -> None:
        due = [each for each in watch.windows if each.fate == "expected" and each.grace <= now]
        missed = []
        for each in due:
            excused = any(pause.touches(each.start, each.grace) for pause in self.pauses)
            each.fate = "excused" if excused else "missed"
            missed += [] if excused else [each]
        if missed:
            watch.flips += len(missed)
            alert = self._raise(watch, "watcher_silent", 1, now, len(missed))
            alert.misses += missed

    def _raise(self, watch: Watch, kind: str, level: int, now: datetime, count: int = 1) -> Alert:
        alert = watch.open_alert(kind)
        if alert is None:
            watch.alerts.append(Alert(kind, level, joined=count, due=now))
            return watch.alerts[-1]
        alert.joined += count
        if level > alert.level:
            alert.level, alert.step, alert.due = level, 0, now
            alert.acknowledged_until = None
        return alert

    def _go_on(self, pause: Pause, now: datetime) -> None:
        """The silence from before is over; what is still open is chased from the first step."""
        until = pause.until
        if until == pause.since or any(each.touches(now, now) for each in self.pauses):
            return
        assert until is not None
        for watch in self.watches:
            for alert in filter(lambda each: each.open, watch.alerts):
                later = any(each.fate == "missed" and each.start >= until for each in alert.misses)
                if alert.kind == "watcher_silent" and not later:
                    alert.ended_by = "pause"
                elif alert.kind != "watcher_silent" or alert.due is None:
                    alert.step, alert.due = 0, max(now, alert.acknowledged_until or now)

    # Chasing

    def _climb(self, watch: Watch, alert: Alert, now: datetime) -> None:
        while alert.open and alert.due is not None and alert.due <= now:
            if any(each.touches(now, now) for each in self.pauses):
                alert.due = None  # silent until the pause is over
                return
            ladder = LADDERS[alert.kind]
            person = self._reached(watch, ladder[min(alert.step, len(ladder) - 1)][0])
            alert.step += 1
            if person is None:
                continue
            alert.told[person] += 1
            alert.due = self._next_due(alert, ladder, now)

    def _next_due(
        self, alert: Alert, ladder: list[tuple[str, int, bool]], now: datetime
    ) -> datetime:
        tier, after, office = ladder[min(alert.step, len(ladder) - 1)]
        moment = now + (after * MINUTE if alert.step < len(ladder) else REPEAT)
        if office and tier == "plaza" and not self.is_open(moment.date()):
            while not self.is_open(moment.date()):
                moment += DAY
            moment = moment.replace(hour=OPENING, minute=0, second=0, microsecond=0)
        return moment

    def _reached(self, watch: Watch, tier: str) -> str | None:
        asked = {"watcher": [watch.watcher, watch.backup], "backup": [watch.backup]}.get(tier)
        if asked is None:
            return "desk" if tier == "plaza" else "ward"
        return next((person for person in asked if person not in self.away), None)

    # What people do

    def check_in(self, watch: Watch, moment: datetime, outcome: str, now: datetime) -> None:
        for each in watch.windows:
            if each.fate in {"expected", "missed"} and each.start <= moment <= each.grace:
                each.fate = "met"
                break
        silence = watch.open_alert("watcher_silent")
        if silence and not any(
            each.fate == "missed" and each.start > moment for each in silence.misses
        ):
            silence.ended_by = "check_in"
        if outcome in OPENS:
            self._raise(watch, *OPENS[outcome], now)

    def may_pause(self, since: datetime, until: datetime | None) -> bool:
        return not any(
            each.until != each.since
            and (each.until is None or each.until > since)
            and (until is None or each.since < until)
            for each in self.pauses
        )

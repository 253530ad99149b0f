"""When somebody is to look in: recurrences of RFC 5545 in Japanese time, on an agency's calendar.

Pure arithmetic. A rule is read day by day between two bounds, so that a rule which never fits costs
no more than one that does. There is no daylight saving time in Japan.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import islice, pairwise

from django.utils.translation import gettext as _

from carenet.agencies.calendars import WorkingCalendar
from carenet.core.clock import ZONE, midnight
from carenet.core.errors import Conflict
from carenet.watchover.states import HolidayPolicy

DAY = timedelta(days=1)
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
UNITS = {"MINUTELY": timedelta(minutes=1), "HOURLY": timedelta(hours=1)}
FREQUENCIES = (*UNITS, "DAILY", "WEEKLY", "MONTHLY", "YEARLY")
MOST = 999
LONGEST_MONTH, MONTHS = 31, 12
_LEAP_YEAR = 2024
_BYDAY = re.compile(r"([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)")
_NUMBER = re.compile(r"[+-]?\d{1,3}", re.ASCII)


class BadRule(ValueError):
    """A rule that cannot be read; its text says why."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A recurrence rule: the parts of RFC 5545 that a rhythm of visits needs.

    `days` are pairs of ordinal (0: every one) and weekday, Monday = 0.
    """

    frequency: str
    interval: int = 1
    days: frozenset[tuple[int, int]] = frozenset()
    month_days: frozenset[int] = frozenset()
    months: frozenset[int] = frozenset()
    week_start: int = 0
    until: datetime | None = None
    count: int | None = None

    @property
    def within_a_day(self) -> bool:
        """Whether it recurs by the hour or minute."""
        return self.frequency in UNITS

    def fits(self, day: date, first: date) -> bool:
        """Whether the rule that begins on `first` falls on a day."""
        return (
            self._in_step(day, first)
            and (not self.months or day.month in self.months)
            and self._on_weekday(day)
            and self._on_month_day(day)
        )

    def _in_step(self, day: date, first: date) -> bool:
        if self.within_a_day:
            return True
        apart = {
            "DAILY": lambda: (day - first).days,
            "WEEKLY": lambda: (self._week_of(day) - self._week_of(first)).days // 7,
            "MONTHLY": lambda: (day.year - first.year) * MONTHS + day.month - first.month,
            "YEARLY": lambda: day.year - first.year,
        }[self.frequency]()
        return apart % self.interval == 0

    def _week_of(self, day: date) -> date:
        return day - timedelta(days=(day.weekday() - self.week_start) % 7)

    def _on_weekday(self, day: date) -> bool:
        if not self.days:
            return True
        length = monthrange(day.year, day.month)[1]
        from_start, from_end = (day.day - 1) // 7 + 1, -((length - day.day) // 7 + 1)
        return any((n, day.weekday()) in self.days for n in (0, from_start, from_end))

    def _on_month_day(self, day: date) -> bool:
        """A month that lacks the 29th, 30th or 31st has its last day instead."""
        if not self.month_days:
            return True
        length = monthrange(day.year, day.month)[1]
        return any(
            day.day == (min(n, length) if n > 0 else length + 1 + n) for n in self.month_days
        )


def read_rule(text: str, begins: datetime) -> Rule:
    """Return the rule that a text stands for, beginning then; raises `BadRule`.

    What RFC 5545 takes from the beginning (the weekday, the day of the month) is filled in.
    """
    parts = _parts(text)
    frequency, count = parts.pop("FREQ", ""), parts.pop("COUNT", "")
    if frequency not in FREQUENCIES:
        raise BadRule(_("FREQ is one of: %(known)s.") % {"known": ", ".join(FREQUENCIES)})
    days = _days(parts.pop("BYDAY", ""), frequency)
    month_days = _numbers(parts.pop("BYMONTHDAY", ""), LONGEST_MONTH, signed=True)
    months = _numbers(parts.pop("BYMONTH", ""), MONTHS)
    if month_days and frequency == "WEEKLY":
        raise BadRule(_("BYMONTHDAY does not go with FREQ=WEEKLY."))
    first = begins.astimezone(ZONE)
    if frequency == "WEEKLY" and not days:
        days = frozenset({(0, first.weekday())})
    if frequency == "YEARLY" and not (days or month_days or months):
        months = frozenset({first.month})
    if frequency in {"MONTHLY", "YEARLY"} and not (days or month_days):
        month_days = frozenset({first.day})
    rule = Rule(
        frequency=frequency,
        interval=_one_number(parts.pop("INTERVAL", "1")),
        days=days,
        month_days=month_days,
        months=months,
        week_start=_weekday(parts.pop("WKST", "MO")),
        until=_until(parts.pop("UNTIL", "")),
        count=_one_number(count) if count else None,
    )
    if parts:
        raise BadRule(_("This part is not supported: %(part)s.") % {"part": min(parts)})
    if not _has_a_day(rule):
        raise BadRule(_("No year has such a day. Give a day that the month has."))
    if rule.until and rule.count:
        raise BadRule(_("Give either UNTIL or COUNT."))
    return rule


def occurrences(
    rule: Rule, begins: datetime, after: datetime, until: datetime
) -> Iterator[datetime]:
    """Return when the rule falls after one moment, up to and including another.

    `begins` is the first moment that counts; its time of day is that of every occurrence.
    """
    first = begins.astimezone(ZONE)
    end = min(until, rule.until) if rule.until else until
    if rule.count is not None:
        counted = islice(_between(rule, first, first, end), rule.count)
        return (each for each in counted if each > after)
    start = max(first, after.astimezone(ZONE))
    return (each for each in _between(rule, first, start, end) if each > after)


def on_calendar(
    moments: Iterable[datetime], policy: HolidayPolicy | str, calendar: WorkingCalendar
) -> Iterator[tuple[datetime, datetime]]:
    """Apply a holiday policy to occurrences in order: each with the time that it comes to.

    One that would move as far as the next occurrence, or past it, is left to that one. The last of
    `moments` only bounds the one before and is not returned itself; where an agency never opens, a
    moment stays where it is.
    """
    for moment, following in pairwise(moments):
        if policy == HolidayPolicy.KEEP or calendar.is_open(moment):
            yield moment, moment
        elif policy == HolidayPolicy.MOVE:
            moved = _moved(moment, calendar)
            if moved.date() < following.astimezone(ZONE).date():
                yield moment, moved


def _moved(moment: datetime, calendar: WorkingCalendar) -> datetime:
    local = moment.astimezone(ZONE)
    try:
        day = calendar.next_open(local.date())
    except Conflict:
        return local
    return datetime.combine(day, local.time(), ZONE)


def _between(rule: Rule, first: datetime, start: datetime, end: datetime) -> Iterator[datetime]:
    """Walk day by day from `start` to `end`."""
    day, last = start.date(), end.astimezone(ZONE).date()
    while day <= last:
        if rule.fits(day, first.date()):
            yield from (each for each in _on_day(rule, first, day) if first <= each <= end)
        day += DAY


def _on_day(rule: Rule, first: datetime, day: date) -> Iterator[datetime]:
    if not rule.within_a_day:
        yield datetime.combine(day, first.timetz())
        return
    step = UNITS[rule.frequency] * rule.interval
    begin = midnight(day)
    moment = first + step * max(0, -((first - begin) // step))
    while moment < begin + DAY:
        yield moment
        moment += step


def _has_a_day(rule: Rule) -> bool:
    """Whether any month that the rule names has any day that it names, in a leap year at least."""
    lengths = [monthrange(_LEAP_YEAR, month)[1] for month in rule.months or range(1, MONTHS + 1)]
    return not rule.month_days or any(abs(n) <= max(lengths) for n in rule.month_days)


def _parts(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in text.strip().removeprefix("RRULE:").upper().split(";"):
        name, equals, value = part.partition("=")
        if not (equals and value) or name in found:
            raise BadRule(_("Write the rule like FREQ=WEEKLY;BYDAY=TU."))
        found[name] = value
    return found


def _days(text: str, frequency: str) -> frozenset[tuple[int, int]]:
    found = set()
    for part in filter(None, text.split(",")):
        match = _BYDAY.fullmatch(part)
        if match is None:
            raise BadRule(_("BYDAY takes days like TU or 2TU."))
        ordinal = int(match[1] or 0)
        if ordinal and frequency != "MONTHLY":
            raise BadRule(_("Numbered days go with FREQ=MONTHLY alone."))
        found.add((ordinal, WEEKDAYS.index(match[2])))
    return frozenset(found)


def _numbers(text: str, most: int, *, signed: bool = False) -> frozenset[int]:
    found = set()
    for part in filter(None, text.split(",")):
        number = int(part) if _NUMBER.fullmatch(part) else 0
        if not 1 <= abs(number) <= most or (number < 0 and not signed):
            raise BadRule(_("Give numbers from 1 to %(most)s.") % {"most": most})
        found.add(number)
    return frozenset(found)


def _one_number(text: str) -> int:
    found = _numbers(text, MOST)
    if len(found) != 1:
        raise BadRule(_("Give numbers from 1 to %(most)s.") % {"most": MOST})
    return next(iter(found))


def _weekday(text: str) -> int:
    if text not in WEEKDAYS:
        raise BadRule(_("WKST takes a day like MO."))
    return WEEKDAYS.index(text)


def _until(text: str) -> datetime | None:
    """A date is meant to its end; a time without Z is a time in Japan."""
    if not text:
        return None
    day, _t, clock = text.partition("T")
    zone = UTC if clock.endswith("Z") else ZONE
    try:
        found = datetime.strptime(
            day + (clock.removesuffix("Z") or "235959"), "%Y%m%d%H%M%S"
        ).replace(tzinfo=zone)
    except ValueError:
        raise BadRule(_("UNTIL takes a day like 20270331.")) from None
    return found.astimezone(ZONE)

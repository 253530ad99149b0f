"""Working days of an agency: pure arithmetic, given its rule and its exceptions.

Days are days in Tokyo. A moment is turned into its day there before anything is counted.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import accumulate
from typing import overload

import jpholiday
from django.utils.translation import gettext as _

from carenet.agencies.models import Agency, CalendarException
from carenet.core.clock import ZONE
from carenet.core.errors import Conflict

OPENING_TIME = time(9)
#: Longer than any closure: whoever is not open once in a year never is.
LONGEST_SEARCH = 366
SUNDAY = 6
#: As many months, of all rules, as a process keeps counted: half a kilobyte each.
MOST_MONTHS = 10_000
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class WorkingRule:
    """When an agency works, its exceptions left out."""

    closed_weekdays: frozenset[int]
    closed_on_holidays: bool
    closed_at_new_year: bool

    def opens(self, day: date) -> bool:
        """Whether the rule lets the agency work on this day."""
        return not (
            day.weekday() in self.closed_weekdays
            or (self.closed_at_new_year and is_new_year_closure(day))
            or (self.closed_on_holidays and is_holiday(day))
        )

    def opened_until(self, day: date) -> int:
        """Return how many days of its month the rule opens, up to and including this one."""
        return opened_days(self, _month(day))[day.day - 1]


@lru_cache(MOST_MONTHS)
def opened_days(rule: WorkingRule, month: int) -> tuple[int, ...]:
    """Return for each day of a month how many the rule opens up to and including it."""
    year, before = divmod(month, 12)
    days = (date(year, before + 1, 1 + i) for i in range(monthrange(year, before + 1)[1]))
    return tuple(accumulate(rule.opens(day) for day in days))


def _month(day: date) -> int:
    """Return the number of a day's month, counted on from year to year."""
    return day.year * 12 + day.month - 1


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """When an agency works. An exception beats every rule: it opens or closes its one day."""

    closed_weekdays: frozenset[int] = frozenset()  # Monday = 0
    closed_on_holidays: bool = True
    closed_at_new_year: bool = True
    exceptions: Mapping[date, bool] = field(default_factory=dict)  # True: open on that day

    @classmethod
    def of(cls, agency: Agency, exceptions: Iterable[CalendarException]) -> WorkingCalendar:
        """Return an agency's calendar; `selectors.calendar_of` reads the exceptions as well."""
        return cls(
            closed_weekdays=frozenset(agency.closed_weekdays),
            closed_on_holidays=agency.closed_on_holidays,
            closed_at_new_year=agency.closed_at_new_year,
            exceptions={exception.on: exception.is_open for exception in exceptions},
        )

    def is_open(self, day: date) -> bool:
        """Whether the agency works on this day, or on the day of this moment."""
        if isinstance(day, datetime):
            day = day.astimezone(ZONE).date()
        if day in self.exceptions:
            return self.exceptions[day]
        return self.rule.opens(day)

    @property
    def rule(self) -> WorkingRule:
        """What holds of a day that is no exception."""
        return WorkingRule(self.closed_weekdays, self.closed_on_holidays, self.closed_at_new_year)

    @overload
    def next_open(self, day: datetime) -> datetime: ...
    @overload
    def next_open(self, day: date) -> date: ...
    def next_open(self, day: date) -> date:
        """Return the first open day from `day` on, `day` itself if it is open.

        Of a moment: the moment itself on an open day, else the opening of the next open day.
        Raises `Conflict` when the agency does not open within a year.
        """
        if isinstance(day, datetime):
            if self.is_open(day):
                return day
            return self.opening(self._seek(day.astimezone(ZONE).date(), _ONE_DAY))
        return self._seek(day, _ONE_DAY)

    def last_open(self, day: date) -> date:
        """Return the last open day up to `day`, `day` itself if it is open; raises `Conflict`."""
        return self._seek(day, -_ONE_DAY)

    def add_working_days(self, day: date, n: int) -> date:
        """Return the `n`th open day after `day`, which is not counted itself; `day` for 0.

        Raises `Conflict` when the agency does not open within a year.
        """
        if n < 0:
            raise ValueError("Working days are counted forwards.")
        for _count in range(n):
            day = self._seek(_days_on(day, _ONE_DAY), _ONE_DAY)
        return day

    def before_working_days(self, day: date, n: int) -> date:
        """Return the `n`th open day before `day`, which is not counted itself; `day` for 0.

        Raises `Conflict` when the agency was not open within a year.
        """
        for _count in range(n):
            day = self._seek(_days_on(day, -_ONE_DAY), -_ONE_DAY)
        return day

    def working_days_between(self, a: date, b: date) -> int:
        """Return how many open days lie after `a`, up to and including `b`; 0 when `b` is earlier.

        The inverse of `add_working_days`: between `day` and that many days later. What the rule opens is
        counted by the month, and then put right by the exceptions.
        """
        if b <= a:
            return 0
        rule = self.rule
        found = rule.opened_until(b) - rule.opened_until(a)
        for month in range(_month(a), _month(b)):
            found += opened_days(rule, month)[-1]
        for day, is_open in self.exceptions.items():
            if a < day <= b:
                found += is_open - rule.opens(day)
        return found

    def after_working_days(self, moment: datetime, n: int) -> datetime:
        """Return the same time of day in Tokyo, `n` working days later; `moment` itself for 0."""
        if n == 0:
            return moment
        local = moment.astimezone(ZONE)
        return datetime.combine(self.add_working_days(local.date(), n), local.time(), ZONE)

    def working_days_later(self, moment: datetime, n: int) -> datetime:
        """Return when to chase on: `n` working days later, plain days where the doors never open.

        Who is always closed must not thereby end a chase.
        """
        try:
            return self.after_working_days(moment, n)
        except Conflict:
            return moment + timedelta(days=n)

    def opening(self, day: date) -> datetime:
        """Return when the doors open on `day`: 09:00 in Tokyo. It does not ask whether they do."""
        return datetime.combine(day, OPENING_TIME, ZONE)

    def _seek(self, day: date, step: timedelta) -> date:
        for _count in range(LONGEST_SEARCH):
            if self.is_open(day):
                return day
            day = _days_on(day, step)
        raise _never_open()


def is_holiday(day: date) -> bool:
    """Whether the law calls this day a holiday (国民の祝日, substitute days included)."""
    try:
        return jpholiday.is_holiday(day)
    except OverflowError:  # looks at the day after, which the last day of year 9999 has not
        return False


def is_new_year_closure(day: date) -> bool:
    """Whether offices rest by custom: 29 December to 3 January. By law most are working days."""
    return (day.month, day.day) >= (12, 29) or (day.month, day.day) <= (1, 3)


def _days_on(day: date, step: timedelta) -> date:
    try:
        return day + step
    except OverflowError:
        raise _never_open() from None


def _never_open() -> Conflict:
    return Conflict(
        _("This agency has no open day within a year. Ask its manager to correct its calendar."),
        code="never_open",
    )

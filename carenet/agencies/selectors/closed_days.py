"""On which days ahead an agency is closed that would be a working day by its week alone, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from carenet.agencies.calendars import is_holiday, is_new_year_closure
from carenet.agencies.models import Agency, CalendarException

#: As far ahead as one looks: the summer holidays are known by then.
DAYS_AHEAD = 92


@dataclass(frozen=True, slots=True)
class ChangedDay:
    """A day on which it is otherwise than by the week: closed, or open though it would be closed."""

    on: date
    is_open: bool
    why: str
    exception: CalendarException | None = None


def changed_days(agency: Agency, since: date, days: int = DAYS_AHEAD) -> list[ChangedDay]:
    """Return the days from `since` on that differ from the agency's week, in order: one query."""
    exceptions = {each.on: each for each in agency.calendar_exceptions.all()}
    ahead = (since + timedelta(days=count) for count in range(days))
    found = [_changed(agency, day, exceptions.pop(day, None)) for day in ahead]
    late = [each for each in exceptions.values() if each.on >= since + timedelta(days=days)]
    later = [ChangedDay(each.on, each.is_open, each.reason, each) for each in late]
    return [each for each in found if each] + sorted(later, key=lambda each: each.on)


def _changed(agency: Agency, day: date, exception: CalendarException | None) -> ChangedDay | None:
    if exception:
        return ChangedDay(day, exception.is_open, exception.reason, exception)
    if day.weekday() in agency.closed_weekdays:
        return None
    if agency.closed_at_new_year and is_new_year_closure(day):
        return ChangedDay(day, is_open=False, why=_("New Year"))
    if agency.closed_on_holidays and is_holiday(day):
        return ChangedDay(day, is_open=False, why=_("public holiday"))
    return None

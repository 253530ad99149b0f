"""Recurrences of RFC 5545 in Japanese time, on the calendar of an agency."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import chain, pairwise

import pytest

from carenet.agencies.calendars import WorkingCalendar
from carenet.watchover.recurrence import BadRule, occurrences, on_calendar, read_rule
from tests.watchover.watches import TOKYO, at

DAY = timedelta(days=1)
#: Closed on Sundays, holidays and at New Year.
CALENDAR = WorkingCalendar(closed_weekdays=frozenset({6}))


def days(text: str, begins: datetime, until: datetime) -> list[str]:
    found = occurrences(read_rule(text, begins), begins, begins - DAY, until)
    return [each.astimezone(TOKYO).strftime("%m-%d") for each in found]


def days_on_calendar(text: str, begins: datetime, until: datetime, policy: str) -> list[str]:
    found = occurrences(read_rule(text, begins), begins, begins - DAY, until)
    moments = on_calendar(chain(found, [until + 31 * DAY]), policy, CALENDAR)
    return [each.astimezone(TOKYO).strftime("%m-%d") for _, each in moments]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("FREQ=DAILY;INTERVAL=3", ["11-02", "11-05", "11-08", "11-11", "11-14"]),
        ("FREQ=WEEKLY", ["11-02", "11-09"]),
        ("FREQ=WEEKLY;BYDAY=TU,TH", ["11-03", "11-05", "11-10", "11-12"]),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU", ["11-02", "11-08"]),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU;WKST=SU", ["11-02"]),
        ("FREQ=MONTHLY;BYDAY=1TU,2WE", ["11-03", "11-11"]),
        ("FREQ=MONTHLY;BYMONTHDAY=5,-20", ["11-05", "11-11"]),
        ("FREQ=DAILY;BYDAY=SA", ["11-07", "11-14"]),
        ("FREQ=DAILY;COUNT=2", ["11-02", "11-03"]),
        ("FREQ=DAILY;UNTIL=20261104", ["11-02", "11-03", "11-04"]),
        ("FREQ=DAILY;UNTIL=20261104T000000Z", ["11-02", "11-03", "11-04"]),
        ("FREQ=DAILY;UNTIL=20261103T235959Z", ["11-02", "11-03"]),
        ("RRULE:freq=weekly", ["11-02", "11-09"]),
    ],
)  # fmt: skip
def test_a_rule_falls_where_the_standard_says(text: str, expected: list[str]) -> None:
    assert days(text, at(2), at(14, "23:00")) == expected


def test_by_the_minute_it_is_a_rhythm_of_minutes() -> None:
    found = occurrences(read_rule("FREQ=MINUTELY;INTERVAL=7", at(2)), at(2), at(2), at(2, "09:30"))
    assert [each.strftime("%H:%M") for each in found] == ["09:07", "09:14", "09:21", "09:28"]


def test_the_rhythm_of_minutes_goes_on_over_midnight() -> None:
    rule = read_rule("FREQ=MINUTELY;INTERVAL=7", at(2))
    steps = list(occurrences(rule, at(2), at(2), at(4)))
    assert {later - earlier for earlier, later in pairwise(steps)} == {timedelta(minutes=7)}


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (29, ["01-29", "02-28", "03-29", "04-29", "05-29"]),
        (30, ["01-30", "02-28", "03-30", "04-30", "05-30"]),
        (31, ["01-31", "02-28", "03-31", "04-30", "05-31"]),
    ],
)
def test_what_a_month_lacks_is_its_last_day(day: int, expected: list[str]) -> None:
    begins = at(day, month=1, year=2027)
    assert days("FREQ=MONTHLY", begins, at(31, month=5, year=2027)) == expected


def test_two_such_days_fall_together_once() -> None:
    begins = at(1, month=2, year=2027)
    found = days("FREQ=MONTHLY;BYMONTHDAY=30,31", begins, at(31, month=3, year=2027))
    assert found == ["02-28", "03-30", "03-31"]


def test_the_29th_of_february_is_every_year() -> None:
    begins = at(29, month=2, year=2028)
    assert days("FREQ=YEARLY", begins, at(1, month=3, year=2030)) == ["02-29", "02-28", "02-28"]


# The 23rd of November 2026 is a Monday and a holiday.


def test_keep_keeps_closed_days() -> None:
    found = days_on_calendar("FREQ=WEEKLY;BYDAY=MO", at(16), at(30, "23:00"), "keep")
    assert found == ["11-16", "11-23", "11-30"]


def test_skip_leaves_them_out() -> None:
    found = days_on_calendar("FREQ=WEEKLY;BYDAY=MO", at(16), at(30, "23:00"), "skip")
    assert found == ["11-16", "11-30"]


def test_move_goes_to_the_next_open_day() -> None:
    found = days_on_calendar("FREQ=WEEKLY;BYDAY=MO", at(16), at(30, "23:00"), "move")
    assert found == ["11-16", "11-24", "11-30"]


def test_move_never_goes_past_the_next_one() -> None:
    """From 29 December to 3 January all is closed, and so is the Sunday."""
    begins = at(26, month=12)
    found = days_on_calendar("FREQ=DAILY", begins, at(5, month=1, year=2027), "move")
    assert found == ["12-26", "12-28", "01-04", "01-05"]


def test_the_time_of_day_stays() -> None:
    begins = at(23, "15:30")
    ((_, moved),) = on_calendar([begins, begins + 7 * DAY], "move", CALENDAR)
    assert moved == at(24, "15:30")


def test_where_nobody_ever_opens_it_stays_on_its_day() -> None:
    never = WorkingCalendar(closed_weekdays=frozenset(range(7)))
    ((_, moved),) = on_calendar([at(23), at(30)], "move", never)
    assert moved == at(23)


@pytest.mark.parametrize(
    "text",
    [
        "", "weekly", "FREQ=SECONDLY", "FREQ=DAILY;FREQ=DAILY", "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;INTERVAL=1,2", "FREQ=DAILY;INTERVAL=9999", "FREQ=WEEKLY;BYDAY=XX",
        "FREQ=WEEKLY;BYDAY=2TU", "FREQ=MONTHLY;BYDAY=0TU", "FREQ=WEEKLY;BYMONTHDAY=3",
        "FREQ=MONTHLY;BYMONTHDAY=32", "FREQ=YEARLY;BYMONTH=13", "FREQ=DAILY;BYHOUR=9",
        "FREQ=DAILY;UNTIL=soon", "FREQ=DAILY;UNTIL=20261341", "FREQ=DAILY;COUNT=2;UNTIL=20270101",
        "FREQ=DAILY;COUNT=0", "FREQ=DAILY;WKST=XX", "FREQ=DAILY;BYMONTHDAY=１", "FREQ=DAILY;",
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_a_reason(text: str) -> None:
    with pytest.raises(BadRule) as refused:
        read_rule(text, at(2))
    assert str(refused.value)


def test_a_rule_that_never_falls_ends_all_the_same() -> None:
    begins = at(3)  # a Tuesday
    assert days("FREQ=DAILY;INTERVAL=7;BYDAY=MO", begins, at(30, month=12)) == []

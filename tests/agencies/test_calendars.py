"""Working days. 2026-11-02 is a Monday; the 3rd and the 23rd are holidays."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carenet.agencies.calendars import WorkingCalendar
from carenet.core.clock import ZONE
from carenet.core.errors import Conflict

MONDAY = date(2026, 11, 2)
HOLIDAY = date(2026, 11, 3)
FRIDAY, SATURDAY, NEXT_MONDAY = date(2026, 11, 6), date(2026, 11, 7), date(2026, 11, 9)
OFFICE = WorkingCalendar(closed_weekdays=frozenset({5, 6}))
ALWAYS = WorkingCalendar(closed_on_holidays=False, closed_at_new_year=False)
NEVER = WorkingCalendar(closed_weekdays=frozenset(range(7)))


def test_an_office_is_closed_on_its_weekdays() -> None:
    assert OFFICE.is_open(FRIDAY)
    assert not OFFICE.is_open(SATURDAY)


def test_an_office_is_closed_on_holidays() -> None:
    assert not OFFICE.is_open(HOLIDAY)
    assert ALWAYS.is_open(HOLIDAY)


def test_a_substitute_holiday_counts_as_one() -> None:
    assert not OFFICE.is_open(date(2027, 3, 22))  # the 21st is a Sunday


@pytest.mark.parametrize("day", [date(2026, 12, 29), date(2026, 12, 31), date(2028, 1, 3)])
def test_an_office_rests_from_29_december_to_3_january(day: date) -> None:
    assert not OFFICE.is_open(day)
    assert ALWAYS.is_open(day)


@pytest.mark.parametrize("day", [date(2026, 12, 28), date(2027, 1, 4)])
def test_the_days_around_new_year_are_working_days(day: date) -> None:
    assert OFFICE.is_open(day)


def test_an_exception_closes_an_open_day_and_opens_a_closed_one() -> None:
    calendar = WorkingCalendar(frozenset({5, 6}), exceptions={FRIDAY: False, SATURDAY: True})
    assert not calendar.is_open(FRIDAY)
    assert calendar.is_open(SATURDAY)


def test_the_next_open_day_may_be_the_day_itself() -> None:
    assert OFFICE.next_open(FRIDAY) == FRIDAY
    assert OFFICE.next_open(SATURDAY) == NEXT_MONDAY


def test_the_last_open_day_may_be_the_day_itself() -> None:
    assert OFFICE.last_open(FRIDAY) == FRIDAY
    assert OFFICE.last_open(SATURDAY) == FRIDAY


def test_the_day_itself_is_not_counted() -> None:
    assert OFFICE.add_working_days(FRIDAY, 1) == NEXT_MONDAY
    assert OFFICE.add_working_days(SATURDAY, 1) == NEXT_MONDAY


def test_working_days_pass_over_holidays() -> None:
    assert OFFICE.add_working_days(MONDAY, 3) == FRIDAY


def test_three_working_days_before_new_year_end_after_it() -> None:
    assert OFFICE.add_working_days(date(2026, 12, 25), 3) == date(2027, 1, 5)


def test_no_working_days_later_is_the_same_day_even_if_it_is_closed() -> None:
    assert OFFICE.add_working_days(SATURDAY, 0) == SATURDAY


def test_working_days_are_not_counted_backwards() -> None:
    with pytest.raises(ValueError, match="forwards"):
        OFFICE.add_working_days(MONDAY, -1)


def test_working_days_before_a_day_pass_over_holidays_too() -> None:
    assert OFFICE.before_working_days(FRIDAY, 3) == MONDAY
    assert OFFICE.before_working_days(SATURDAY, 1) == FRIDAY
    assert OFFICE.before_working_days(SATURDAY, 0) == SATURDAY


def test_between_a_day_and_an_earlier_one_lie_no_working_days() -> None:
    assert OFFICE.working_days_between(FRIDAY, MONDAY) == 0
    assert OFFICE.working_days_between(FRIDAY, FRIDAY) == 0


@given(
    day=st.dates(date(2020, 1, 1), date(2040, 12, 31)),
    n=st.integers(0, 20),
    closed=st.frozensets(st.integers(0, 6), max_size=6),
)
def test_counting_is_the_inverse_of_adding(day: date, n: int, closed: frozenset[int]) -> None:
    calendar = WorkingCalendar(closed)
    later = calendar.add_working_days(day, n)
    assert calendar.working_days_between(day, later) == n
    assert n == 0 or calendar.is_open(later)


@given(
    a=st.dates(date(2023, 1, 1), date(2026, 12, 31)),
    days=st.integers(-10, 800),
    closed=st.frozensets(st.integers(0, 6)),
    holidays=st.booleans(),
    new_year=st.booleans(),
    exceptions=st.dictionaries(st.integers(-3, 803), st.booleans(), max_size=12),
)
def test_counting_finds_what_a_walk_from_day_to_day_finds(
    a: date,
    days: int,
    closed: frozenset[int],
    holidays: bool,
    new_year: bool,
    exceptions: dict[int, bool],
) -> None:
    irregular = {a + timedelta(days=n): is_open for n, is_open in exceptions.items()}
    calendar = WorkingCalendar(closed, holidays, new_year, irregular)
    walked = sum(calendar.is_open(a + timedelta(days=n)) for n in range(1, days + 1))
    assert calendar.working_days_between(a, a + timedelta(days=days)) == walked


def test_a_moment_keeps_its_time_of_day_in_tokyo() -> None:
    moment = datetime(2026, 11, 6, 16, 30, tzinfo=ZONE)
    assert OFFICE.after_working_days(moment, 1) == datetime(2026, 11, 9, 16, 30, tzinfo=ZONE)


def test_the_day_of_a_moment_is_the_one_in_tokyo() -> None:
    saturday_in_tokyo = datetime(2026, 11, 6, 20, 0, tzinfo=UTC)
    assert not OFFICE.is_open(saturday_in_tokyo)
    expected = datetime(2026, 11, 10, 5, 0, tzinfo=ZONE)
    assert OFFICE.after_working_days(saturday_in_tokyo, 2) == expected


def test_no_working_days_after_a_moment_is_the_moment_itself() -> None:
    moment = datetime(2026, 11, 7, 3, 0, tzinfo=UTC)
    assert OFFICE.after_working_days(moment, 0) is moment


def test_the_doors_open_at_nine_in_tokyo() -> None:
    assert OFFICE.opening(FRIDAY) == datetime(2026, 11, 6, 0, 0, tzinfo=UTC)


def test_a_moment_on_an_open_day_is_open_already() -> None:
    moment = datetime(2026, 11, 6, 23, 0, tzinfo=ZONE)
    assert OFFICE.next_open(moment) is moment


def test_a_moment_on_a_closed_day_waits_for_the_next_opening() -> None:
    moment = datetime(2026, 11, 7, 10, 0, tzinfo=ZONE)
    assert OFFICE.next_open(moment) == OFFICE.opening(NEXT_MONDAY)


def test_an_agency_that_never_opens_is_an_error_not_an_endless_search() -> None:
    for search in (NEVER.next_open, NEVER.last_open, lambda day: NEVER.add_working_days(day, 1)):
        with pytest.raises(Conflict) as raised:
            search(MONDAY)
        assert raised.value.reason_code == "never_open"


def test_a_chase_goes_on_by_plain_days_where_the_doors_never_open() -> None:
    moment = datetime(2026, 11, 2, 10, 0, tzinfo=ZONE)
    assert NEVER.working_days_later(moment, 1) == moment + timedelta(days=1)
    assert OFFICE.working_days_later(moment, 1) == OFFICE.after_working_days(moment, 1)


def test_the_end_of_time_is_an_error_not_a_crash() -> None:
    assert WorkingCalendar(closed_at_new_year=False).is_open(date.max)
    assert not OFFICE.is_open(date.max)
    with pytest.raises(Conflict):
        OFFICE.add_working_days(date.max - timedelta(days=1), 2)

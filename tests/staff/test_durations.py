"""How long something takes, in words and typed: nobody reads 7200 minutes."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils import translation

from carenet.staff.pages.durations import DurationField, duration_text, minutes_in
from carenet.staff.pages.recurrence_text import recurrence_text
from carenet.staff.pages.rhythm_form import Often, initial_of, place_in_month
from carenet.watchover.models import WatchSchedule
from tests.watchover.watches import TOKYO

#: The second Tuesday of November.
TUESDAY = datetime(2026, 11, 10, 9, tzinfo=TOKYO)


@pytest.mark.parametrize(
    ("minutes", "english", "japanese"),
    [
        (7200, "5 days", "5日間"),
        (4320, "3 days", "3日間"),
        (1440, "1 day", "1日間"),
        (90, "1 hour 30 min", "1時間 30分"),
        (45, "45 min", "45分"),
        (0, "0 min", "0分"),
    ],
)
def test_minutes_are_said_in_the_largest_units(minutes: int, english: str, japanese: str) -> None:
    with translation.override("en"):
        assert duration_text(minutes) == english
    with translation.override("ja"):
        assert duration_text(minutes) == japanese


@pytest.mark.parametrize(
    ("said", "minutes"),
    [
        ("３日", 4320),
        ("5日間", 7200),
        ("1時間 30分", 90),
        ("2 hours", 120),
        ("90", 90),
        ("1 day", 1440),
    ],
)
def test_what_people_write_is_understood(said: str, minutes: int) -> None:
    assert minutes_in(said) == minutes


@pytest.mark.parametrize("said", ["三日", "soon", "3 moons", "-5", "", "日"])
def test_what_says_no_duration_is_none(said: str) -> None:
    with pytest.raises(ValueError, match=said or "^$"):
        minutes_in(said)


def test_what_the_field_shows_it_takes_back_unchanged() -> None:
    field = DurationField(least=1, most=10_000)
    shown = field.prepare_value(7200)
    assert field.clean(shown) == 7200
    assert not field.has_changed(7200, shown)


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", "every 2 weeks, Monday, 09:00"),
        ("FREQ=MONTHLY", "every month, day 10, 09:00"),
        ("FREQ=MONTHLY;BYDAY=2TU", "every month, second Tuesday, 09:00"),
        ("FREQ=MONTHLY;BYMONTHDAY=1,15", "every month, day 1, day 15, 09:00"),
        ("FREQ=MONTHLY;BYDAY=5TU", "FREQ=MONTHLY;BYDAY=5TU, 09:00"),
    ],
)
def test_a_rhythm_is_said_in_weekdays_and_days(rule: str, said: str) -> None:
    with translation.override("en"):
        assert recurrence_text(WatchSchedule(rule=rule, begins_at=TUESDAY)) == said


def test_a_weekday_of_the_month_is_chosen_without_a_rule() -> None:
    held = WatchSchedule(rule="FREQ=MONTHLY;BYDAY=2TU", begins_at=TUESDAY)
    assert initial_of(held)["often"] == Often.NTH
    assert place_in_month(TUESDAY + timedelta(days=49)) == "-1TU"

"""How long something takes, in words and typed: nobody reads 7200 minutes."""

from __future__ import annotations

import pytest
from django.utils import translation

from carenet.staff.pages.durations import DurationField, duration_text, minutes_in


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

"""How old somebody is, and when they were born: by the era in Japanese, by the day in English."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.utils.translation import override

from carenet.core import clock
from carenet.residents.models import EndedBecause, Resident
from carenet.spellings.dates import in_era, year_in_eras

TODAY = datetime(2026, 11, 30, 3, tzinfo=UTC)


def words(person: Resident, language: str) -> str:
    with clock.at(TODAY), override(language):
        return person.age_and_birth


@pytest.mark.parametrize(
    ("born", "japanese", "english"),
    [
        (date(1937, 11, 10), "89歳・昭和12年11月10日", "89, born 10 Nov 1937"),
        (date(1937, 12, 1), "88歳・昭和12年12月1日", "88, born 1 Dec 1937"),
        (date(2026, 11, 30), "0歳・令和8年11月30日", "0, born 30 Nov 2026"),
        (1937, "88/89歳・1937年（昭和12年）", "88/89, born 1937"),
        (2026, "0歳・2026年（令和8年）", "0, born 2026"),
        (None, "", ""),
    ],
)
def test_age_and_birth_are_said_as_far_as_they_are_known(
    born: date | int | None, japanese: str, english: str
) -> None:
    day = born if isinstance(born, date) else None
    year = born if isinstance(born, int) else None
    person = Resident(birth_date=day, birth_year=year)
    assert (words(person, "ja"), words(person, "en")) == (japanese, english)


def test_on_the_last_day_of_the_year_a_year_says_one_age() -> None:
    with clock.at(datetime(2026, 12, 31, 3, tzinfo=UTC)), override("ja"):
        assert Resident(birth_year=1937).age == "89歳"


def test_whoever_has_died_keeps_their_age() -> None:
    person = Resident(birth_date=date(1937, 11, 10), ended_because=EndedBecause.DIED)
    person.ended_on = date(2020, 1, 1)
    assert words(person, "ja") == "没年齢82歳・昭和12年11月10日"


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(1989, 1, 7), "昭和64年1月7日"),
        (date(1989, 1, 8), "平成元年1月8日"),
        (date(1926, 12, 24), "大正15年12月24日"),
        (date(2019, 5, 1), "令和元年5月1日"),
        (date(1880, 1, 1), "明治13年1月1日"),
    ],
)
def test_an_era_begins_on_its_day(day: date, said: str) -> None:
    assert in_era(day) == said


def test_a_year_of_a_change_lies_in_both_eras() -> None:
    assert year_in_eras(1989) == "昭和64年・平成元年"
    assert year_in_eras(1990) == "平成2年"

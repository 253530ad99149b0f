"""How old somebody is and when they were born, in words: 88歳・昭和12年11月10日."""

from __future__ import annotations

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from carenet.spellings.dates import in_era, year_in_eras


def ages_on(day: date, birth_date: date | None, birth_year: int | None) -> tuple[int, ...]:
    """Return how old somebody is on a day: one age, two of whom the year alone is known, or none."""
    if birth_date:
        had_birthday = (day.month, day.day) >= (birth_date.month, birth_date.day)
        return (max(0, day.year - birth_date.year - (not had_birthday)),)
    if not birth_year:
        return ()
    oldest = max(0, day.year - birth_year)
    return (oldest,) if not oldest or (day.month, day.day) == (12, 31) else (oldest - 1, oldest)


def age_words(day: date, birth_date: date | None, birth_year: int | None) -> str:
    """Return an age on a day, with both where it may be either: 88歳, 88/89歳; "" where unknown."""
    ages = "/".join(str(each) for each in ages_on(day, birth_date, birth_year))
    return _("aged %(age)s") % {"age": ages} if ages else ""


def birth_words(birth_date: date | None, birth_year: int | None) -> str:
    """Return a birth, by its era in Japanese: 昭和12年11月10日, 1937年（昭和12年）; "" where unknown."""
    japanese = (get_language() or "").startswith("ja")
    if birth_date:
        return in_era(birth_date) if japanese else date_format(birth_date, "j M Y")
    if not birth_year:
        return ""
    return f"{birth_year}年（{year_in_eras(birth_year)}）" if japanese else str(birth_year)


def age_and_birth_words(
    day: date, birth_date: date | None, birth_year: int | None, *, died: bool = False
) -> str:
    """Return age and birth in one: 88歳・昭和12年11月10日; "" where nothing is known."""
    born = birth_words(birth_date, birth_year)
    if not born:
        return ""
    ages = "/".join(str(each) for each in ages_on(day, birth_date, birth_year))
    told = _("died at %(age)s, born %(birth)s") if died else _("%(age)s, born %(birth)s")
    return told % {"age": ages, "birth": born}

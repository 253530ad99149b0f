"""Dates, of birth above all, as people write them: ISO, with slashes, or by Japanese era (和暦).

Eras begin on the day on which the decree of the change took effect: 明治 1868-10-23, 大正 1912-07-30,
昭和 1926-12-25, 平成 1989-01-08 (Cabinet Order 1 of 1989), 令和 2019-05-01 (Cabinet Order 143 of 2019).
Before 1873 the calendar was another one; nobody on the register is that old.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta

from carenet.spellings.normalization import read_number

#: Era, its first day, and the letters that stand for it on forms; the latest first.
ERAS = (
    ("令和", date(2019, 5, 1), "R"),
    ("平成", date(1989, 1, 8), "H"),
    ("昭和", date(1926, 12, 25), "S"),
    ("大正", date(1912, 7, 30), "T"),
    ("明治", date(1868, 10, 23), "M"),
)
_BY_LETTER = {letter: (start, name) for name, start, letter in ERAS} | {
    name[0]: (start, name) for name, start, _letter in ERAS
}
_NUMBER = "[0-9]{1,4}|[〇零一二三四五六七八九十]{1,4}|元"
_ERA = "|".join([*(name for name, _start, _letter in ERAS), *_BY_LETTER])
_WRITTEN = re.compile(
    f"(?P<era>{_ERA})?(?P<year>{_NUMBER})"
    f"(?:(?:年|[-/.])(?:(?P<month>{_NUMBER})(?:月|[-/.])(?P<day>{_NUMBER})日?)?)?"
)
_MONTH = re.compile(
    f"(?P<era>{_ERA})?(?P<year>{_NUMBER})(?:年|[-/.])(?P<month>{_NUMBER})月?(?P<day>)"
)
#: What a Japanese keyboard, a spreadsheet or a typesetter puts where a hyphen is meant.
_DASHES = re.compile("(?<=[0-9元])[‐‑‒–—―−ー─ｰ](?=[0-9])")
#: How lists say that a date of birth is not known.
_UNKNOWN = frozenset(
    {"", "-", "ー", "―", "—", "–", "‐", "−", "?", "不明", "不詳", "未詳", "なし", "無し", "未記入"}
)
_COMPACT = re.compile("(?P<era>)(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})")
FIRST_YEAR, LAST_YEAR = 1868, 2199


@dataclass(frozen=True, slots=True)
class Born:
    """What is known of a birth: the day, or the year alone, or the year and the month."""

    year: int
    day: date | None = None
    month: int | None = None


def is_unknown(text: str) -> bool:
    """Whether a date of birth is left open: empty, a dash, 不明 and its like."""
    return _plain(text) in _UNKNOWN


def read_birth(text: str) -> Born:
    """Return what a written date of birth says: 昭和16年12月8日, S16.12.8, 昭16, 1941-12-08, 1941.

    昭和16年12月 is a year and a month. Raises `ValueError` for what is no date, or a day or
    year that its era does not have.
    """
    plain = _DASHES.sub("-", _plain(text))
    found = _COMPACT.fullmatch(plain) or _WRITTEN.fullmatch(plain) or _MONTH.fullmatch(plain)
    if found is None:
        raise ValueError(text)
    year = read_number(found["year"])
    start, end = date.min, date.max
    if found["era"]:
        start, end = _span(found["era"][0])
        year += start.year - 1
    if not max(FIRST_YEAR, start.year) <= year <= min(LAST_YEAR, end.year):
        raise ValueError(text)
    if found["month"] is None:
        return Born(year)
    month = read_number(found["month"])
    if not found["day"]:
        return _in_month(text, year, month, start, end)
    day = date(year, month, read_number(found["day"]))
    if not start <= day <= end:
        raise ValueError(text)
    return Born(year, day)


def read_day(text: str) -> date:
    """Return a day that is written like a date of birth; raises `ValueError` for less than a day."""
    day = read_birth(text).day
    if day is None:
        raise ValueError(text)
    return day


def in_era(day: date) -> str:
    """Return a day by its Japanese era: 昭和12年11月10日; raises `ValueError` before 明治."""
    for name, start, _letter in ERAS:
        if day >= start:
            return f"{name}{_numbered(day.year - start.year + 1)}{day.month}月{day.day}日"
    raise ValueError(day)


def year_in_eras(year: int) -> str:
    """Return a year by the eras that it lies in: 昭和12年; of a change both, 昭和64年・平成元年."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    ends = [date.max, *(start for _name, start, _letter in ERAS)]
    found = [
        f"{name}{_numbered(year - start.year + 1)}"
        for (name, start, _letter), end in zip(ERAS, ends, strict=False)
        if start <= last and end > first
    ]
    return "・".join(reversed(found))


def _numbered(year: int) -> str:
    return "元年" if year == 1 else f"{year}年"


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).upper().split())


def _in_month(text: str, year: int, month: int, start: date, end: date) -> Born:
    """Return a birth of which the day is not known; its era lasted on some day of the month."""
    first = date(year, month, 1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    if last < start or first > end:
        raise ValueError(text)
    return Born(year, month=month)


def _span(letter: str) -> tuple[date, date]:
    """Return the first day of an era, and the first of the next one: both eras claim that day."""
    start, name = _BY_LETTER[letter]
    names = [each for each, _start, _letter in ERAS]
    later = names.index(name) - 1
    return start, ERAS[later][1] if later >= 0 else date.max

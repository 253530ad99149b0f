"""Days and times as people type them: きのう 15時, R8.11.23, 11/23, 今朝, 30分前.

A date with a year is read as dates of birth are, eras included; without one it is the nearest day in
the direction that is asked for. A day without a time gets the one that its word stands for.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from enum import IntEnum

import jaconv

from carenet.residents.matching import read_birth


class Direction(IntEnum):
    """Where the day lies that is meant when no year is said."""

    PAST = -1
    AHEAD = 1


#: Words for a day: how many days from today, and the hour that is meant without any.
WORDS: dict[str, tuple[int, int | None]] = {
    "さきおととい": (-3, None), "おととい": (-2, None), "一昨日": (-2, None),
    "きのう": (-1, None), "昨日": (-1, None), "前日": (-1, None),
    "ゆうべ": (-1, 20), "昨夜": (-1, 20), "昨晩": (-1, 20),
    "きょう": (0, None), "今日": (0, None), "本日": (0, None),
    "けさ": (0, 9), "今朝": (0, 9), "今夜": (0, 20), "今晩": (0, 20),
    "あした": (1, None), "あす": (1, None), "明日": (1, None),
    "あさって": (2, None), "明後日": (2, None), "来週": (7, None),
}  # fmt: skip
NOW = frozenset({"いま", "今", "ただいま", "さっき", "先ほど", "先程", "now"})
NOON = 12
WEEK = 7
_WEEKDAYS = "月火水木金土日"
_BACK = re.compile(r"(?P<number>[0-9]{1,3})(?P<unit>分|時間|日|週間)(?P<way>前|後)")
_CLOCK = re.compile(
    r"(?<![0-9])(?P<half>午前|午後|(?<![今昨])[朝夜晩]|昼|夕方|am|pm)?"
    r"(?P<hour>[0-9]{1,2})(?:時(?:(?P<minute>[0-9]{1,2})分?|(?P<thirty>半))?|:(?P<past>[0-9]{2}))"
    r"(?:頃|ごろ)?$"
)
_MONTH_DAY = re.compile(r"(?:(?P<month>[0-9]{1,2})(?:月|/|-|\.))(?P<day>[0-9]{1,2})日?")
_DAY_ALONE = re.compile(r"(?P<day>[0-9]{1,2})日")
_WEEKDAY = re.compile(f"(?:(?P<last>先週)の?)?(?P<weekday>[{_WEEKDAYS}])曜日?")
_MINUTES = {"分": 1, "時間": 60, "日": 24 * 60, "週間": WEEK * 24 * 60}
_AFTERNOON = frozenset({"午後", "夕方", "夜", "晩", "pm"})
#: Until then it is still the night before: 昨夜1時 is early today.
NIGHT_ENDS, EVENING_BEGINS = 5, 18


def read_moment(text: str, now: datetime) -> datetime:
    """Return the moment that a text means, seen from `now`, whose time zone it is in.

    Raises `ValueError` for what says no moment. A word for today without a time that has not come yet
    is `now`; whatever else lies ahead is told as it was said, and never taken for `now`.
    """
    plain = _plain(text)
    if plain in NOW:
        return now
    ago = _BACK.fullmatch(plain)
    if ago and ago["unit"] in {"分", "時間"}:
        return now + _span(ago)
    clock = _CLOCK.search(plain)
    said = plain[: clock.start()] if clock else plain
    said = said.rstrip(" のt")
    day, hour = _day(said, now.date(), Direction.PAST) if said else (now.date(), None)
    if clock:
        return _at(day, _time(clock), now, evening=(hour or 0) >= EVENING_BEGINS)
    if day == now.date() and hour is None:
        return now
    usual = datetime.combine(day, time(NOON if hour is None else hour), now.tzinfo)
    early = day == now.date() and (usual.hour < EVENING_BEGINS or now.hour >= EVENING_BEGINS)
    return min(usual, now) if early else usual


def read_moment_ahead(text: str, now: datetime) -> datetime:
    """Return the moment that a text means, which may lie ahead: without a year the next such day.

    Raises `ValueError` for what says no moment, and for a day whose time is not said.
    """
    plain = _plain(text)
    if plain in NOW:
        return now
    span = _BACK.fullmatch(plain)
    if span and span["unit"] in {"分", "時間"}:
        return now + _span(span)
    clock = _CLOCK.search(plain)
    said = (plain[: clock.start()] if clock else plain).rstrip(" のt")
    day, hour = _day(said, now.date(), Direction.AHEAD) if said else (now.date(), None)
    if clock:
        return _at(day, _time(clock), now, evening=(hour or 0) >= EVENING_BEGINS)
    if hour is None:
        raise ValueError(text)
    return datetime.combine(day, time(hour), now.tzinfo)


def read_day(text: str, today: date, direction: Direction = Direction.PAST) -> date:
    """Return the day that a text means, seen from `today`; raises `ValueError` for no day."""
    plain = _plain(text)
    return today if plain in NOW else _day(plain, today, direction)[0]


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).lower()
    if not folded.strip():
        raise ValueError(text)
    return jaconv.kata2hira(" ".join(folded.split()))


def _day(said: str, today: date, direction: Direction) -> tuple[date, int | None]:
    said = said.replace(" ", "")
    if said in WORDS:
        days, hour = WORDS[said]
        return today + timedelta(days=days), hour
    if ago := _BACK.fullmatch(said):
        if ago["unit"] in {"分", "時間"}:
            raise ValueError(said)
        return today + _span(ago), None
    if weekday := _WEEKDAY.fullmatch(said):
        return _by_weekday(weekday, today, direction), None
    if written := _MONTH_DAY.fullmatch(said):
        return _nearest(int(written["month"]), int(written["day"]), today, direction), None
    if alone := _DAY_ALONE.fullmatch(said):
        return _in_month(int(alone["day"]), today, direction), None
    found = read_birth(said).day
    if found is None:
        raise ValueError(said)
    return found, None


def _span(found: re.Match[str]) -> timedelta:
    way = Direction.PAST if found["way"] == "前" else Direction.AHEAD
    return way * timedelta(minutes=int(found["number"]) * _MINUTES[found["unit"]])


def _at(day: date, clock: time, now: datetime, *, evening: bool) -> datetime:
    """Put a time on a day; after a word for an evening, nine is nine in the evening."""
    found = datetime.combine(day, clock, now.tzinfo)
    if evening and clock.hour < NIGHT_ENDS:
        return found + timedelta(days=1)
    if evening and clock.hour < NOON:
        return found + timedelta(hours=NOON)
    return found


def _time(clock: re.Match[str]) -> time:
    hour = int(clock["hour"])
    if clock["half"] in _AFTERNOON and hour < NOON:
        hour += NOON
    minute = 30 if clock["thirty"] else int(clock["minute"] or clock["past"] or 0)
    return time(hour, minute)


def _by_weekday(found: re.Match[str], today: date, direction: Direction) -> date:
    wanted = _WEEKDAYS.index(found["weekday"])
    if found["last"]:
        return today - timedelta(days=today.weekday() + WEEK - wanted)
    distance = (wanted - today.weekday()) * direction % WEEK
    return today + direction * timedelta(days=distance or WEEK)


def _nearest(month: int, day: int, today: date, direction: Direction) -> date:
    """Return the day nearest to today in a direction, today included; 29 February may be years off."""
    for years in range(9):
        try:
            found = date(today.year + years * direction, month, day)
        except ValueError:
            continue
        if (found - today).days * direction >= 0:
            return found
    raise ValueError(month, day)


def _in_month(day: int, today: date, direction: Direction) -> date:
    first = today.replace(day=1)
    for _month in range(3):
        try:
            found = first.replace(day=day)
        except ValueError:
            found = None
        if found and (found - today).days * direction >= 0:
            return found
        first = (first + direction * timedelta(days=31 if direction > 0 else 1)).replace(day=1)
    raise ValueError(day)

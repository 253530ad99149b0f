"""An address as people write it → a town, its chōme and its block. Pure text, no database."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_DASHES = re.compile("[-‐‑‒–—―−─ー](?=[0-9])")
_KANJI_CHOME = re.compile("([一二三四五六七八九十]+)(?=丁目)")
_DIGITS = {digit: number for number, digit in enumerate("一二三四五六七八九", start=1)}
_TEN = "十"
_NUMBERS = re.compile(r"(?:(?P<chome>[0-9]+)丁目)?-?(?P<rest>[0-9]+(?:-[0-9]+)*)?")
LONGEST_NUMBER = 6


@dataclass(frozen=True, slots=True)
class Place:
    """What an address says: `numbers` are those behind the town, up to the building's name.

    `chome` is set only where it is said in so many words (二丁目); "2-5" may mean it or a block.
    """

    town: str
    chome: int | None
    numbers: tuple[int, ...]

    def read(self, *, has_chome: bool) -> tuple[int | None, int | None]:
        """Return chōme and block, given whether the town is divided into chōme."""
        if self.chome is not None or not has_chome:
            return self.chome, self.numbers[0] if self.numbers else None
        chome, block, *_rest = (*self.numbers, None, None)
        return chome, block


def plain(text: str) -> str:
    """Return an address in half width, without white space, numbers of chōme in digits."""
    narrow = "".join(unicodedata.normalize("NFKC", text).split())
    digits = _KANJI_CHOME.sub(lambda found: str(_number(found[1])), narrow)
    return _DASHES.sub("-", digits)


def place_in(address: str, towns: Iterable[str]) -> Place | None:
    """Return where an address lies, given the towns there are; None when it names none of them.

    The town that comes first in the address counts, the longest where several begin there.
    """
    text = plain(address)
    found = [(text.find(town), -len(town), town) for town in towns if town and town in text]
    if not found:
        return None
    start, _length, town = min(found)
    numbers = _NUMBERS.match(re.sub("番地?の?", "-", text[start + len(town) :], count=1))
    if numbers is None:
        return Place(town, None, ())
    rest = [part for part in (numbers["rest"] or "").split("-") if part]
    chome = numbers["chome"]
    return Place(
        town,
        int(chome) if chome and len(chome) < LONGEST_NUMBER else None,
        tuple(int(part) for part in rest if len(part) < LONGEST_NUMBER),
    )


def _number(kanji: str) -> int:
    tens, ten, ones = kanji.rpartition(_TEN)
    if not ten:
        return sum(_DIGITS[each] for each in ones)
    return (_DIGITS.get(tens, 1)) * 10 + (_DIGITS.get(ones, 0))

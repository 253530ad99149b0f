"""An address as people write it → a town, its chōme and its block. Pure text, no database."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache

from carenet.spellings import fold_count, fold_town

_DASHES = re.compile("[-‐‑‒–—―−─ー](?=[0-9])")
_KANJI_CHOME = re.compile("([一二三四五六七八九十]+)(?=丁目)")
_DIGITS = {digit: number for number, digit in enumerate("一二三四五六七八九", start=1)}
_TEN = "十"
#: What stands behind a town: a chōme in so many words, then numbers.
_NUMBERS = re.compile(r"(?:(?P<chome>[0-9]+)丁目)?-?(?P<rest>[0-9]+(?:-[0-9]+)*)?")
#: A block in so many words: 1番地5 and 1番5号 are no chōme.
_BLOCK = re.compile("[0-9]+番")
#: The chōme of a line that means the part of a town which has none, where other parts have.
NO_CHOME = 0
LONGEST_NUMBER = 6


@dataclass(frozen=True, slots=True)
class Place:
    """What an address says: `numbers` are those behind the town, up to the building's name.

    `chome` is set only where it is said in so many words (二丁目); "2-5" may mean it or a block, unless
    `block_said` (2番地5).
    """

    town: str
    chome: int | None
    numbers: tuple[int, ...]
    block_said: bool = False

    def read(self, chomes: Collection[int]) -> tuple[int | None, int | None]:
        """Return chōme and block, given the chōme into which the town is divided, if it is.

        Where a part of the town has no chōme (`NO_CHOME`), a number that is no chōme is a block there.
        """
        first = self.numbers[0] if self.numbers else None
        second = self.numbers[1] if len(self.numbers) > 1 else None
        if self.chome is not None or not chomes:
            return self.chome, first
        no_chome = first is not None and (self.block_said or first not in chomes)
        if NO_CHOME in chomes and no_chome:
            return NO_CHOME, first
        return first, second


def plain(text: str) -> str:
    """Return an address in half width, without white space, numbers of chōme in digits."""
    narrow = "".join(unicodedata.normalize("NFKC", text).split())
    digits = _KANJI_CHOME.sub(lambda found: str(_number(found[1])), narrow)
    return _DASHES.sub("-", digits)


@lru_cache(maxsize=10_000)
def town_key(town: str) -> str:
    """Return under what a town is found, however it is written."""
    return fold_town(town)


def place_in(address: str, towns: Iterable[str]) -> Place | None:
    """Return where an address lies, given the towns there are; None when it names none of them.

    Both may be written otherwise: 大曾根台 is 大曽根台, 錦ヶ丘 is 錦が丘. The town that comes first
    in the address counts, the longest where several begin there.
    """
    text = fold_town(address)
    keys = [(town_key(town), town) for town in towns]
    found = [(text.find(key), -len(key), town) for key, town in keys if key and key in text]
    if not found:
        return None
    start, length, town = min(found)
    behind = text[start - length :]
    numbers = _NUMBERS.match(fold_count(behind))
    if numbers is None:
        return Place(town, None, ())
    rest = [part for part in (numbers["rest"] or "").split("-") if part]
    chome = numbers["chome"]
    return Place(
        town,
        int(chome) if chome and len(chome) < LONGEST_NUMBER else None,
        tuple(int(part) for part in rest if len(part) < LONGEST_NUMBER),
        block_said=bool(_BLOCK.match(behind)),
    )


def _number(kanji: str) -> int:
    tens, ten, ones = kanji.rpartition(_TEN)
    if not ten:
        return sum(_DIGITS[each] for each in ones)
    return (_DIGITS.get(tens, 1)) * 10 + (_DIGITS.get(ones, 0))

"""One cell as people typed it → one value. Raises `Unreadable` for what cannot be kept."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

_SPACES = re.compile(r"[\s\x00-\x1f\x7f]+")
_DASHES = re.compile("[-‐‑‒–—―−ー─]")
_OFFICE_NUMBER = re.compile(r"[0-9]{2}[0-9A-Z][0-9]{7}")
_CORPORATE_NUMBER = re.compile(r"[1-9][0-9]{12}")
_MUNICIPALITY = re.compile(r"[0-9]{6}")
_PHONE = re.compile(r"\+?[0-9]+(-[0-9]+)*")
#: An area code, or what follows it, in brackets: (0982)50-1007, 0982(50)1007.
_BRACKETS = re.compile(r"\(([0-9]+)\)")
_DEGREES = re.compile(r"[0-9]{1,3}(\.[0-9]{1,20})?")
_CAPACITY = re.compile(r"([0-9]{1,5})[人名]?")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_a_web_address = URLValidator(schemes=["http", "https"])

LINE_BREAK = "（改行）"  # how the Ministry's export writes a line break in a note
#: Weekdays, Monday = 0, by the words of 利用可能曜日; 祝日 is no weekday.
WEEKDAYS: dict[str, tuple[int, ...]] = {
    "平日": (0, 1, 2, 3, 4),
    "月曜日": (0,),
    "火曜日": (1,),
    "水曜日": (2,),
    "木曜日": (3,),
    "金曜日": (4,),
    "土曜日": (5,),
    "日曜日": (6,),
    "祝日": (),
}
HOLIDAY = "祝日"
#: Japan from Okinotorishima to Etorofu, from Yonaguni to Minamitorishima.
LATITUDES = (20, 46)
LONGITUDES = (122, 154)


class Unreadable(ValueError):
    """A cell that cannot be kept; `reason` names the column and what is wrong."""

    def __init__(self, reason: StrOrPromise) -> None:
        super().__init__(str(reason))
        self.reason = reason


@dataclass(frozen=True, slots=True)
class ClosingRule:
    """On which days an office is closed, as far as 利用可能曜日 tells."""

    weekdays: tuple[int, ...]
    on_holidays: bool


#: Where nothing is said (homes that never close have no such column), the desk keeps office days.
ORDINARY = ClosingRule(weekdays=(5, 6), on_holidays=True)


def text(cell: str, column: str, longest: int) -> str:
    """Return a text in its original glyphs, without stray white space."""
    found = _SPACES.sub(lambda run: "\u3000" if "\u3000" in run[0] else " ", cell.strip())
    if len(found) > longest:
        raise Unreadable(
            format_lazy(
                _("{column} is longer than {longest} characters."), column=column, longest=longest
            )
        )
    return found


def required(cell: str, column: str, longest: int) -> str:
    """Return a text that must not be empty."""
    found = text(cell, column, longest)
    if not found:
        raise Unreadable(format_lazy(_("{column} is empty."), column=column))
    return found


def office_number(cell: str, column: str) -> str:
    """Return 事業所番号: ten characters, the third may be a letter."""
    return _matching(_OFFICE_NUMBER, required(cell, column, 100), column).upper()


def municipality(cell: str, column: str) -> str:
    """Return a local government code of six digits, the last of which checks the others."""
    found = _matching(_MUNICIPALITY, required(cell, column, 100), column)
    total = sum(int(digit) * weight for digit, weight in zip(found, range(6, 1, -1), strict=False))
    if int(found[-1]) != (11 - total % 11) % 10:
        raise _unreadable(column, found)
    return found


def corporate_number(cell: str, column: str) -> str | None:
    """Return 法人番号, thirteen digits; None for those who have none."""
    return _matching(_CORPORATE_NUMBER, cell, column) if cell.strip() else None


def phone(cell: str, column: str) -> str:
    """Return a telephone number in plain digits and hyphens; brackets become hyphens."""
    if not cell.strip():
        return ""
    plain = _DASHES.sub("-", unicodedata.normalize("NFKC", "".join(cell.split())))
    apart = re.sub("-+", "-", _BRACKETS.sub(r"-\1-", plain)).strip("-")
    if not _PHONE.fullmatch(apart):
        raise _unreadable(column, cell)
    found = apart
    return text(found, column, 20)


def degrees(cell: str, column: str, span: tuple[int, int]) -> Decimal | None:
    """Return a coordinate to six places (a hand's breadth), None where none is given."""
    if not cell.strip():
        return None
    found = Decimal(_matching(_DEGREES, cell, column)).quantize(Decimal("0.000001"))
    if not span[0] <= found <= span[1]:
        raise _unreadable(column, cell)
    return found


def capacity(cell: str, column: str) -> int | None:
    """Return 定員; the form's 0 means, like an empty cell, that nothing was said."""
    if not cell.strip():
        return None
    found = _CAPACITY.fullmatch(_plain(cell))
    if found is None:
        raise _unreadable(column, cell)
    return int(found[1]) or None


def web_address(cell: str, column: str) -> str:
    """Return a URL of the web; people leave out its beginning."""
    found = _plain(cell)
    if found and not _SCHEME.match(found):
        found = f"http://{found}"
    try:
        if found:
            _a_web_address(found)
    except ValidationError:
        raise _unreadable(column, cell) from None
    return text(found, column, 500)


def weekdays(cell: str, column: str) -> str:
    """Return 利用可能曜日 with plain commas: "平日,土曜日"; raises `Unreadable` for words of its own."""
    words = [word for word in re.split("[,、]", _plain(cell)) if word]
    if not set(words) <= WEEKDAYS.keys():
        raise _unreadable(column, cell)
    return text(",".join(words), column, 100)


def note(cell: str, column: str) -> str:
    """Return a note, its line breaks made real ones."""
    lines = [text(line, column, 500) for line in cell.replace(LINE_BREAK, "\n").splitlines()]
    return "\n".join(line for line in lines if line)[:500]


def closing_rule(stated: Iterable[str]) -> ClosingRule:
    """Return when an office is closed, given the 利用可能曜日 of its services.

    It is open when any of them is. Where no service states a weekday, or one uses words of its own,
    ordinary office days are assumed.
    """
    words = {word for said in stated for word in said.split(",") if word}
    if not words <= WEEKDAYS.keys():
        return ORDINARY
    open_on = {day for word in words for day in WEEKDAYS[word]}
    if not open_on:
        return ORDINARY
    return ClosingRule(tuple(sorted(set(range(7)) - open_on)), HOLIDAY not in words)


def essence(cell: str) -> str:
    """Return what two spellings of one name, address or number have in common."""
    return _DASHES.sub("", _plain(cell)).casefold()


def _plain(cell: str) -> str:
    """Return a code in half-width characters, without any white space."""
    return "".join(unicodedata.normalize("NFKC", cell).split())


def _matching(pattern: re.Pattern[str], cell: str, column: str) -> str:
    found = _plain(cell).upper()
    if not pattern.fullmatch(found):
        raise _unreadable(column, cell)
    return found


def _unreadable(column: str, cell: str) -> Unreadable:
    shown = _SPACES.sub(" ", cell.strip())[:40]
    return Unreadable(
        format_lazy(_("{column} cannot be read: “{cell}”."), column=column, cell=shown)
    )

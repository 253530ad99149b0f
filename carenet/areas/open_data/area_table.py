"""From records to lines of the address table, or a reason why not."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from carenet.areas.models import AreaKind
from carenet.areas.open_data import cells
from carenet.areas.open_data.cells import Unreadable
from carenet.areas.open_data.offices import Refusal
from carenet.areas.open_data.records import Record, records
from carenet.areas.places import NO_CHOME, plain
from carenet.spellings import is_unknown, read_day

KIND = "区分"
NAME = "区域名"
MUNICIPALITY = "全国地方公共団体コード"
TOWN = "町名"
CHOME = "丁目"
BLOCK_FROM = "番地から"
BLOCK_TO = "番地まで"
SINCE = "適用開始日"
UNTIL = "適用終了日"
COLUMNS = (KIND, NAME, MUNICIPALITY, TOWN, CHOME, BLOCK_FROM, BLOCK_TO, SINCE, UNTIL)
#: How the file names the kinds.
KINDS = {
    "ケアプラザ": AreaKind.PLAZA_AREA,
    "連合町内会": AreaKind.FEDERATION,
    "民児協": AreaKind.COMMISSIONERS_COUNCIL,
    "区": AreaKind.WARD,
}
#: How a line says that it means the part of the town that has no chōme; empty is the whole town.
WITHOUT_CHOME = frozenset({"なし", "無し", "無", "丁目なし", "丁目無し"})
_NUMBER = re.compile("[0-9]{1,5}")
#: As a spreadsheet shows a number.
_IN_THOUSANDS = re.compile("[0-9]{1,3}(?:,[0-9]{3})+")


@dataclass(frozen=True, slots=True)
class AreaLine:
    """One line: this place lies in this area, from when to when. All but `until` identifies it."""

    line: int
    kind: AreaKind
    name: str
    municipality_code: str
    town: str
    chome: int | None
    block_from: int | None
    block_to: int | None
    since: date | None
    until: date | None

    @property
    def key(self) -> tuple[object, ...]:
        """What the line is known by, in every file."""
        return (
            self.municipality_code, self.kind, self.name, self.town, self.chome,
            self.block_from, self.block_to, self.since,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class AreaTable:
    """What a file says, and which of its lines nobody can read."""

    lines: tuple[AreaLine, ...]
    refusals: tuple[Refusal, ...]


def read_areas(content: bytes) -> AreaTable:
    """Return the lines of a file; raises `BrokenFile` when it cannot be read as a whole."""
    lines: dict[tuple[object, ...], AreaLine] = {}
    refusals = []
    for record in records(content, COLUMNS):
        try:
            found = _line(record)
        except Unreadable as error:
            refusals.append(Refusal(record.line, error.reason))
            continue
        if found.key in lines:
            why = format_lazy(_("The same stands on line {line}."), line=lines[found.key].line)
            refusals.append(Refusal(record.line, why))
        else:
            lines[found.key] = found
    return AreaTable(tuple(lines.values()), tuple(refusals))


def _line(record: Record) -> AreaLine:
    if record.cells is None:
        raise Unreadable(_("The line has more or fewer cells than the header."))
    said = record.cells
    kind = KINDS.get(said[KIND].strip())
    if kind is None:
        raise Unreadable(
            format_lazy(
                _("Give one of these as {column}: {known}."), column=KIND, known="、".join(KINDS)
            )
        )
    found = AreaLine(
        line=record.line,
        kind=kind,
        name=cells.required(said[NAME], NAME, 100),
        municipality_code=cells.municipality(said[MUNICIPALITY], MUNICIPALITY),
        town=plain(cells.required(said[TOWN], TOWN, 100)),
        chome=_chome(said[CHOME]),
        block_from=_number(said[BLOCK_FROM], BLOCK_FROM),
        block_to=_number(said[BLOCK_TO], BLOCK_TO),
        since=_day(said[SINCE], SINCE),
        until=_day(said[UNTIL], UNTIL),
    )
    blocks = [block for block in (found.block_from, found.block_to) if block is not None]
    if len(blocks) == 1:
        raise Unreadable(_("Give the first and the last block, or neither."))
    if blocks != sorted(blocks):
        raise Unreadable(_("The last block comes before the first."))
    if found.since and found.until and found.since > found.until:
        raise Unreadable(_("The last day comes before the first."))
    return found


def _chome(cell: str) -> int | None:
    """Return a chōme; `NO_CHOME` for the part of a town that has none (なし)."""
    return NO_CHOME if plain(cell) in WITHOUT_CHOME else _number(cell, CHOME)


def _number(cell: str, column: str) -> int | None:
    said = plain(cell).removesuffix("丁目").removesuffix("番地").removesuffix("番")
    if not said:
        return None
    if _IN_THOUSANDS.fullmatch(said):
        said = said.replace(",", "")
    if not _NUMBER.fullmatch(said):
        raise _unreadable(cell, column)
    return int(said)


def _day(cell: str, column: str) -> date | None:
    """Return a day as people write it: 2026-04-01, 2026/4/1, 令和8年4月1日; None where none is said."""
    if is_unknown(cell):
        return None
    try:
        # A table may say 9999-12-31 for "no end", which is no date of birth.
        return date.fromisoformat(plain(cell))
    except ValueError:
        pass
    try:
        return read_day(cell)
    except ValueError:
        raise _unreadable(cell, column) from None


def _unreadable(cell: str, column: str) -> Unreadable:
    return Unreadable(
        format_lazy(_("{column} cannot be read: “{cell}”."), column=column, cell=cell.strip()[:40])
    )

"""From bytes to records: which line each one starts on, and its cells by column."""

from __future__ import annotations

import codecs
import csv
import io
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from carenet.rest.text import canonical

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class BrokenFile(Exception):
    """The file as a whole cannot be read, so nothing of it counts; `detail` is for a person."""

    def __init__(self, detail: StrOrPromise) -> None:
        super().__init__(str(detail))
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Record:
    """One record: the line it starts on, as an editor counts, and its cells.

    `cells` is None when the record has more or fewer of them than the header.
    """

    line: int
    cells: Mapping[str, str] | None


def records(content: bytes, columns: Iterable[str]) -> list[Record]:
    """Return the records of a file that has at least these columns, empty ones left out.

    Raises `BrokenFile` when it is neither UTF-8 nor cp932, not CSV, lacks a column, or has no
    record.
    """
    rows = rows_of(decoded(content))
    header = next(rows, None)
    names = [column_name(name) for name in header[1]] if header else []
    _demand_columns(names, {column_name(name): name for name in columns})
    known = {column_name(name): name for name in columns}
    found = [_record(line, cells, names, known) for line, cells in rows]
    if not found:
        raise BrokenFile(_("The file has a header but no lines."))
    return found


def decoded(content: bytes) -> str:
    """Return the text of a file in UTF-8, cp932, or UTF-16 that says so ("Unicode text").

    Raises `BrokenFile` when it is none of them.
    """
    for encoding in _encodings(content):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        return canonical(text)
    raise BrokenFile(
        _(
            "The file is not a text in UTF-8 or Shift_JIS (cp932). In the spreadsheet choose “Save "
            "as”, “CSV UTF-8”."
        )
    )


def _encodings(content: bytes) -> tuple[str, ...]:
    """Return how a file may be encoded; one that says so is not tried as anything else."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ("utf-16",)
    return ("utf-8-sig",) if content.startswith(codecs.BOM_UTF8) else ("utf-8-sig", "cp932")


def rows_of(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of CSV that hold anything, each with the line it starts on.

    Raises `BrokenFile` where it is not CSV.
    """
    # newline="": line ends inside quotes stay, and every one of them is counted.
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=_delimiter(text))
    start = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield start, cells
            start = reader.line_num + 1
    except csv.Error as error:
        raise BrokenFile(
            format_lazy(
                _("The file is not CSV: it breaks in the record that starts on line {line}."),
                line=start,
            )
        ) from error


def _delimiter(text: str) -> str:
    """Return what stands between the cells: tabs where the header has them and no comma."""
    header = text.split("\n", maxsplit=1)[0]
    return "\t" if "\t" in header and "," not in header else ","


def _demand_columns(names: list[str], wanted: Mapping[str, str]) -> None:
    missing = [name for key, name in wanted.items() if key not in names]
    if len(missing) == len(wanted):
        raise BrokenFile(_("The first line does not name the columns that such a file has."))
    if missing:
        raise BrokenFile(
            format_lazy(_("These columns are missing: {columns}."), columns="、".join(missing))
        )
    twice = [name for key, name in wanted.items() if names.count(key) > 1]
    if twice:
        raise BrokenFile(
            format_lazy(_("These columns stand there twice: {columns}."), columns="、".join(twice))
        )


def _record(line: int, cells: list[str], names: list[str], known: Mapping[str, str]) -> Record:
    if len(cells) != len(names):
        return Record(line, None)
    by_name = dict(zip(names, cells, strict=True))
    return Record(line, {name: by_name[key] for key, name in known.items()})


def column_name(name: str) -> str:
    """Return a column's name without what typists vary: width of brackets, spaces."""
    return "".join(unicodedata.normalize("NFKC", name).split())

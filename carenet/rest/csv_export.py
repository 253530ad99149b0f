"""Tables for spreadsheets, in which no cell is ever taken for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from rest_framework.renderers import BaseRenderer, JSONRenderer

#: What a spreadsheet may read as the beginning of a formula, in either width.
_FORMULA = tuple("=+-@|%＝＋－＠｜％")
_MARK = "\ufeff"  # without it a spreadsheet takes the bytes for another encoding


def safe_cell(value: object) -> object:
    """Return a cell that stays text: what would begin a formula is led by an apostrophe.

    Numbers stay numbers. A tab or line break in front counts as well: it is dropped when pasted.
    """
    if not isinstance(value, str):
        return value
    begins = value.lstrip().startswith(_FORMULA) or value.startswith(("\t", "\r", "\n"))
    return f"'{value}" if begins else value


def sheet(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table as CSV (RFC 4180), every cell made safe."""
    return _MARK + more_rows([header, *rows])


def more_rows(rows: Iterable[Sequence[object]]) -> str:
    """Return further rows of a sheet, as they stand below those that it has."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    for row in rows:
        writer.writerow([safe_cell(cell) for cell in row])
    return out.getvalue()


def change_rows(text: str, change: Callable[[list[str]], Sequence[object]]) -> str:
    """Return a sheet, or further rows of one, with each row as `change` returns it."""
    mark = _MARK if text.startswith(_MARK) else ""
    rows = csv.reader(io.StringIO(text.removeprefix(_MARK), newline=""))
    return mark + more_rows(map(change, rows))


class Csv(BaseRenderer):
    """A table as it is; problems stay JSON documents."""

    media_type = "text/csv"
    format = "csv"
    charset = "utf-8"

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        if isinstance(data, str):
            return data.encode()
        rendered: bytes = JSONRenderer().render(data)
        return rendered

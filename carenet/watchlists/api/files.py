"""A list as the ward office sends it: CSV in UTF-8 or cp932, or JSON lines in UTF-8 as over the API."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _

from carenet.areas.open_data.records import BrokenFile, column_name, decoded, rows_of
from carenet.core.errors import Invalid
from carenet.rest.text import canonical_json
from carenet.watchlists.actions.list_import import Line, LineOutcome, LineResult
from carenet.watchlists.api.serializers import LineInput

#: The columns by field, each under the names that it has in such files; the first is ours.
COLUMNS: dict[str, tuple[str, ...]] = {
    "key": ("番号", "整理番号", "No.", "No", "key"),
    "name": ("氏名", "名前"),
    "family_name": ("姓", "氏", "family_name"),
    "given_name": ("名", "given_name"),
    "kana": ("氏名カナ", "カナ氏名", "フリガナ", "ふりがな", "カナ", "氏名(カナ)"),
    "family_kana": ("姓カナ", "セイ", "姓(カナ)", "family_kana"),
    "given_kana": ("名カナ", "メイ", "名(カナ)", "given_kana"),
    "birth": ("生年月日", "誕生日", "birth"),
    "address": ("住所", "現住所", "居所", "所在地", "address"),
    "phone": ("電話番号", "電話", "TEL", "連絡先", "phone"),
}
_FIELDS = {column_name(name): field for field, names in COLUMNS.items() for name in names}
#: What must never come in, by law.
_FORBIDDEN = {"個人番号", "マイナンバー"}
#: Whole names are taken apart at the first space.
#: What a spreadsheet's author adds to the name of a column: 生年月日(和暦), 電話番号(自宅).
_ADDED = re.compile(r"\(.*?\)|\[.*?\]|【.*?】|※.*$")
_APART = {"name": ("family_name", "given_name"), "kana": ("family_kana", "given_kana")}
_LONGEST_KEY = 50
#: As many lines as a file may have: every step reads it again up to where it goes on.
MOST_LINES = 20_000


@dataclass(frozen=True, slots=True)
class Given:
    """One line of a file: its number as an editor counts, and its fields; None where it is broken."""

    number: int
    fields: Mapping[str, Any] | None


def lines_in(content: bytes) -> list[Given]:
    """Return the lines of a file that are not empty.

    Raises `Invalid` for a file that is neither CSV nor JSON lines, has columns that it should not
    have, lacks one, or has no line or too many.
    """
    found = _read(content, 0, MOST_LINES + 1)
    if not found:
        raise Invalid({"file": _("The file has a header but no lines.")})
    if len(found) > MOST_LINES:
        raise Invalid(
            {
                "file": _(
                    "The file has more than %(most)s lines. Divide it, and take in one part after "
                    "the other under the same name and day."
                )
                % {"most": MOST_LINES}
            }
        )
    return found


def some_lines_in(content: bytes, behind: int, number: int) -> list[Given]:
    """Return so many lines behind the first ones, of a file that `lines_in` has taken."""
    return _read(content, behind, behind + number)


def _read(content: bytes, begin: int, end: int) -> list[Given]:
    try:
        text = decoded(content)
        if not text.lstrip().startswith("{"):
            return list(islice(_of_csv(text), begin, end))
        if not _is_utf_8(content):
            raise Invalid({"file": _("Send JSON lines in UTF-8. Only CSV may be in Shift_JIS.")})
        return list(islice(_of_json(text), begin, end))
    except BrokenFile as broken:
        raise Invalid({"file": broken.detail}) from None


def _is_utf_8(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


def line_of(given: Any) -> Line | LineOutcome:
    """Return a line that can be taken in, or what is wrong with it."""
    shape = LineInput(data=given)
    if shape.is_valid():
        return Line(**shape.validated_data)
    errors = {name: [str(each) for each in told] for name, told in shape.errors.items()}
    key = given.get("key", "") if isinstance(given, dict) else ""
    # Anything else could hold the whole line.
    is_key = isinstance(key, str | int) and not isinstance(key, bool)
    return LineOutcome(
        str(key)[:_LONGEST_KEY] if is_key else "", LineResult.UNUSABLE, errors=errors
    )


def _of_json(text: str) -> Iterator[Given]:
    # Not splitlines(): a string may hold a line separator of Unicode's.
    for number, line in enumerate(io.StringIO(text, newline="\n"), start=1):
        if line.strip():
            yield Given(number, _object(line))


def _object(line: str) -> dict[str, Any] | None:
    try:
        found = canonical_json(json.loads(line))
    except (ValueError, RecursionError, Invalid):
        return None
    return found if isinstance(found, dict) else None


def _of_csv(text: str) -> Iterator[Given]:
    rows = rows_of(text)
    header = next(rows, None)
    fields = _fields_of(_without_empty_end(header[1]) if header else [])
    for number, cells in rows:
        fitting = _fitting(cells, len(fields))
        yield Given(number, _taken_apart(fields, fitting) if fitting else None)


def _without_empty_end(cells: list[str]) -> list[str]:
    """Leave out the empty cells at the end of a row: a spreadsheet adds them."""
    filled = [number for number, cell in enumerate(cells, start=1) if cell.strip()]
    return cells[: filled[-1] if filled else 0]


def _fitting(cells: list[str], width: int) -> list[str] | None:
    """Return as many cells as the header has; None where the row does not fit it."""
    if len(cells) > width:
        cells = [*cells[:width], *_without_empty_end(cells[width:])]
    return cells if len(cells) == width else None


def _fields_of(header: list[str]) -> list[str]:
    """Return the field of each column, "" for one without a name, which must stay empty."""
    names = [column_name(name) for name in header]
    if forbidden := _FORBIDDEN.intersection(names):
        raise _wrong(_("Remove the column %(columns)s. It must not be kept here."), forbidden)
    fields = [_field_of(name) for name in names]
    if not any(fields):
        raise Invalid({"file": _("The first line does not name the columns of a list.")})
    _refuse_unknown([name for name, field in zip(names, fields, strict=True) if name and not field])
    twice = {
        name for name, field in zip(names, fields, strict=True) if field and fields.count(field) > 1
    }
    if twice:
        raise _wrong(_("These columns say the same: %(columns)s. Keep one."), sorted(twice))
    missing = [COLUMNS["key"][0]] if "key" not in fields else []
    if not {"name", "family_name"}.intersection(fields):
        missing.append(COLUMNS["name"][0])
    if missing:
        raise _wrong(_("These columns are missing: %(columns)s."), missing)
    return fields


def _field_of(name: str) -> str:
    """Return the field that a column names, whatever stands in brackets behind its usual name."""
    return _FIELDS.get(name) or _FIELDS.get(_ADDED.sub("", name)) or ""


def _refuse_unknown(names: list[str]) -> None:
    """Ask for another name where a column may be one that is needed, else for its removal."""
    meant = {name: usual for name in names if (usual := _usual_name_in(name))}
    if meant:
        pairs = [f"{name} → {usual}" for name, usual in meant.items()]
        raise _wrong(_("Give these columns their usual names: %(columns)s."), pairs)
    if names:
        raise _wrong(_("Remove the columns that are not needed: %(columns)s."), names)


def _usual_name_in(name: str) -> str:
    """Return the usual name of a field that stands in a column's name, the longest; "" for none."""
    found = [usual for usual in _FIELDS if len(usual) > 1 and usual in name]
    return COLUMNS[_FIELDS[max(found, key=len)]][0] if found else ""


def _taken_apart(names: list[str], cells: list[str]) -> dict[str, str] | None:
    """Return the fields of a row; None where something stands in a column without a name."""
    if any(cell.strip() for name, cell in zip(names, cells, strict=True) if not name):
        return None
    fields = {name: cell.strip() for name, cell in zip(names, cells, strict=True) if name}
    for whole, parts in _APART.items():
        words = fields.pop(whole, "").split(maxsplit=1)
        fields |= dict(zip(parts, words, strict=False))
    return fields


def _wrong(sentence: str, columns: Any) -> Invalid:
    shown = "、".join(str(name)[:40] for name in columns)[:400]
    return Invalid({"file": sentence % {"columns": shown}})

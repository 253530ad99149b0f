"""Rows that the actions have written, and as many like them as wanted, written by SQL.

An action runs once, and what it has written is read back from every table: a `Pattern`. Its copies
differ in their ids, in the values that stand for something else in each copy (`Markers`), and in
nothing else. That they are what the actions would have written is checked by running the action once
more with the values of one copy (`benchmarks.ward.check`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import pgtrigger
from django.db import connection, transaction

#: All but the last eight digits of an id stay in a copy; those eight are its number. What is made within
#: a millisecond differs before them (RFC 9562, 6.2).
PREFIX, DIGITS = 28, 8
AT_ONCE = 5_000
_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
#: A moment with a fraction of a second is when the action ran, and not what it was told.
_MOMENT = re.compile(
    r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+\+\d\d|\d{4}-\d\d-\d\dT[\d:]+\.\d+(\+[\d:]+|Z)"
)
_CODE = re.compile(r"\b[CR]-\d\d-\d{6,}\b")
_COLUMNS = """
    SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
           coalesce(pg_get_expr(d.adbin, d.adrelid) LIKE 'nextval%%' OR a.attidentity <> '', false)
    FROM pg_attribute a
    JOIN pg_class c ON c.oid = a.attrelid
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
      AND NOT c.relispartition AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
    ORDER BY c.relname, a.attnum
"""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; `counted` is one that the database counts up by itself."""

    name: str
    type: str
    counted: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table with its values as text, None for NULL."""

    table: str
    values: Mapping[str, str | None]


#: What stands in a pattern for something else in each copy: its text, and the SQL of the text that a
#: copy has, where `n` is the number of the copy.
Markers = dict[str, str]
#: SQL for columns that the database would count up: by table and column.
Numbers = Mapping[tuple[str, str], str]


@dataclass
class Pattern:
    """What an action has written, ready to be copied."""

    rows: Sequence[Row]
    ids: Sequence[str]
    markers: Markers
    numbers: Numbers = field(default_factory=dict)

    def copy(self, first: int, last: int, step: int = 1) -> None:
        """Write a copy for each number from `first` to `last`, some thousands in a transaction."""
        width = AT_ONCE * step
        for begin in range(first, last + 1, width):
            # A copy has the task of its next action, which its case would make once more.
            made = pgtrigger.ignore("cases.Case:next_action_becomes_a_task")
            with transaction.atomic(), made, connection.cursor() as cursor:
                # Rows of the trail are by whoever the copied ones are by.
                cursor.execute("SELECT set_config('carenet.acting', '', true)")
                for row in self.rows:
                    cursor.execute(self._insert(row), [begin, min(begin + width - 1, last), step])

    def copied(self, number: int) -> tuple[list[Row], list[str]]:
        """Return the rows of one copy as its statements write them, and the ids made for it."""
        rows = [self._evaluated(row, number) for row in self.rows]
        return rows, [f"{each[:PREFIX]}{number:0{DIGITS}x}" for each in self.ids]

    def values(self, number: int) -> dict[str, str]:
        """Return what stands in one copy where each marker stands in the pattern."""
        with connection.cursor() as cursor:
            cursor.execute(_select(self.markers.values()), [number, number, 1])
            return dict(zip(self.markers, cursor.fetchone(), strict=True))

    def _insert(self, row: Row) -> str:
        found = dict(self._expressions(row))
        names = ", ".join(f'"{name}"' for name in found)
        return f'INSERT INTO "{row.table}" ({names}) {_select(found.values())}'

    def _evaluated(self, row: Row, number: int) -> Row:
        found = dict(self._expressions(row))
        chosen = _select(f"({each})::text" for each in found.values())
        with connection.cursor() as cursor:
            cursor.execute(chosen, [number, number, 1])
            return Row(row.table, dict(zip(found, cursor.fetchone(), strict=True)))

    def _expressions(self, row: Row) -> Iterator[tuple[str, str]]:
        """Yield the columns that a copy fills in, each with its SQL."""
        instead = {**self.markers, **{each: copied_id(each) for each in self.ids}}
        for column in columns()[row.table]:
            number = self.numbers.get((row.table, column.name))
            if number:
                yield column.name, number
            elif not column.counted:
                yield column.name, _expression(row.values[column.name], column.type, instead)


_SOURCE = """
    FROM (
        SELECT n, lpad(to_hex(n), 8, '0') AS hex
        FROM generate_series(%s::bigint, %s::bigint, %s::bigint) AS n
    ) AS numbers
"""


def _select(expressions: Iterable[str]) -> str:
    """Return the statement that works the expressions out for each number."""
    chosen = ", ".join(expressions).replace("%", "%%")
    return f"SELECT {chosen}{_SOURCE}"


def copied_id(original: str) -> str:
    """Return the SQL of the id that stands for this one in a copy."""
    return f"'{original[:PREFIX]}' || hex"


def _expression(value: str | None, kind: str, instead: Mapping[str, str]) -> str:
    """Return the SQL of a column: its text cut at the markers, with theirs between."""
    if value is None:
        return f"NULL::{kind}"
    longest_first = sorted(instead, key=len, reverse=True)
    parts = re.split(f"({'|'.join(map(re.escape, longest_first))})", value)
    sql = [f"({instead[each]})" if each in instead else _literal(each) for each in parts if each]
    return f"({' || '.join(sql) or _literal('')})::{kind}"


def _literal(text: str) -> str:
    return "E'{}'".format(text.replace("\\", "\\\\").replace("'", "''"))


_columns: dict[str, list[Column]] = {}


def columns() -> Mapping[str, list[Column]]:
    """Return the columns of every table that an action may write to."""
    if not _columns:
        with connection.cursor() as cursor:
            cursor.execute(_COLUMNS)
            for table, *rest in cursor.fetchall():
                _columns.setdefault(table, []).append(Column(*rest))
    return _columns


def written_by(action: Callable[[], object], *, since: int, known: Sequence[Row] = ()) -> list[Row]:
    """Run an action and return the rows that it has added, those of `known` left out.

    Nobody else may write meanwhile. Rows that were there before and have changed are not added ones:
    they hold no id that was made since a moment, in milliseconds.
    """
    before = _identities(known)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
        [youngest] = cursor.fetchone()
    action()
    return [
        row
        for table in columns()
        for row in _younger(table, youngest)
        if _identity(row) not in before and ids_of([row], since)
    ]


def ids_of(rows: Sequence[Row], since: int) -> list[str]:
    """Return the ids in these rows that were made since a moment, in milliseconds, each once."""
    found = {
        each
        for row in rows
        for value in row.values.values()
        for each in _UUID.findall(value or "")
        if int(each[:8] + each[9:13], 16) >= since and each[14] == "7"
    }
    if len({each[:PREFIX] for each in found}) < len(found):
        raise RuntimeError("Two ids are not told apart by their first digits: run it again.")
    return sorted(found)


def _younger(table: str, since: int) -> list[Row]:
    names = [each.name for each in columns()[table]]
    chosen = ", ".join(f'"{name}"::text' for name in names)
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT {chosen} FROM "{table}" WHERE xmin::text::bigint >= %s',  # noqa: S608
            [since],
        )
        return [Row(table, dict(zip(names, values, strict=True))) for values in cursor.fetchall()]


def _identity(row: Row) -> tuple[str, str | None]:
    first = columns()[row.table][0].name
    return row.table, row.values[first]


def _identities(rows: Sequence[Row]) -> set[tuple[str, str | None]]:
    return {_identity(each) for each in rows}


def comparable(rows: Sequence[Row], made: Sequence[str]) -> list[str]:
    """Return rows as they look without the ids made for them and their own moments, in an order."""
    return sorted(_without_own(row, made) for row in rows)


def _without_own(row: Row, made: Sequence[str]) -> str:
    told = []
    for column in columns()[row.table]:
        value = row.values.get(column.name)
        if column.counted or value is None:
            continue
        for each in made:
            value = value.replace(each, "(own id)")
        told.append(f"{column.name}={_CODE.sub('(own code)', _MOMENT.sub('(own moment)', value))}")
    return f"{row.table}: {' | '.join(told)}"

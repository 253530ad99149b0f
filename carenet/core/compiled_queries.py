"""Queries whose SQL is put together once and given its values for each question.

Django puts the SQL of a query together anew each time, and PostgreSQL plans it. For what every request
asks (which session, who it is, for which agency) either takes longer than the answer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cache, cached_property, partial
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import (
    BooleanField,
    CharField,
    DateField,
    DateTimeField,
    DecimalField,
    Field,
    ForeignKey,
    IntegerField,
    JSONField,
    Lookup,
    Model,
    QuerySet,
    TextField,
    TimeField,
    UUIDField,
)
from django.db.models.fields.related_descriptors import ManyToManyDescriptor
from django.db.models.query import ModelIterable
from django.db.models.sql import Query
from django.db.models.sql.compiler import SQLCompiler

Row = TypeVar("Row")
Added = TypeVar("Added", bound=Model)


@CharField.register_lookup
@UUIDField.register_lookup
class AnyOf(Lookup):
    """`pk__any_of=[…]`: the value is one of a list that is a single parameter, however long it is."""

    lookup_name = "any_of"
    prepare_rhs = False

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Any:
        column, parameters = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s)", (*parameters, self.rhs)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value goes in a statement, by its name, and what PostgreSQL calls its type."""

    name: str
    type: str

    @classmethod
    def like(cls, name: str, example: Any) -> Place:
        """Return the place of a value of the same type as an example; raises `KeyError` for others."""
        if isinstance(example, list):
            return cls(name, f"{_TYPES[type(example[0])]}[]")
        return cls(name, _TYPES[type(example)])


_TYPES = {
    UUID: "uuid",
    datetime: "timestamptz",
    date: "date",
    int: "int4",
    str: "text",
    timedelta: "interval",
}
_PLACEHOLDER = re.compile("%[%s]")


class Text:
    """The text of a statement, cut where values go; PostgreSQL plans it once for each connection.

    Each value is sent once, however many places it has.
    """

    def __init__(self, *parts: str | Place) -> None:
        places = dict.fromkeys(each for each in parts if isinstance(each, Place))
        numbers = {place: f"${number}::{place.type}" for number, place in enumerate(places, 1)}
        self.parts = parts
        self.names = tuple(place.name for place in places)
        self.sql = "".join(each if isinstance(each, str) else numbers[each] for each in parts)

    @classmethod
    def of(cls, sql: str, parameters: Iterable[Any]) -> Text:
        """Return the text of SQL as Django puts it together; what is no place is part of the text."""
        given, end = iter(parameters), 0
        parts: list[str | Place] = []
        for found in _PLACEHOLDER.finditer(sql):
            parts.append(sql[end : found.start()])
            end = found.end()
            parts += ["%"] if found[0] == "%%" else _written(next(given))
        return cls(*parts, sql[end:])

    def asked(self, values: Mapping[str, Any]) -> Any:
        """Return a cursor that has been asked with these values; whoever takes it closes it."""
        cursor = connection.prepared_cursor()  # type: ignore[attr-defined]  # rest/postgres
        try:
            cursor.execute(self.sql, [values[name] for name in self.names])
        except Exception:
            cursor.close()
            raise
        return cursor

    def answer(self, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Return the rows for these values."""
        with self.asked(values) as cursor:
            rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def place_among(parameter: Any, examples: Mapping[str, Any]) -> Place | None:
    """Return the place of the value that a parameter is an example of, None where it is of none."""
    for name, example in examples.items():
        if type(parameter) is type(example) and parameter == example:
            return Place.like(name, example)
    return None


def _filled(parameter: Any, values: Mapping[str, Any]) -> Any:
    if isinstance(parameter, Place):
        return values[parameter.name]
    if isinstance(parameter, list):
        return [_filled(each, values) for each in parameter]
    return parameter


def _written(parameter: Any) -> list[str | Place]:
    """Return a parameter as parts of a text: a place, a constant, or an array of them."""
    if isinstance(parameter, Place):
        return [parameter]
    if isinstance(parameter, list) and any(isinstance(each, Place) for each in parameter):
        items = [[", ", *_written(each)] for each in parameter]
        return ["ARRAY[", *[part for item in items for part in item][1:], "]"]
    constant: str = connection.ops.compose_sql("%s", [parameter])  # type: ignore[attr-defined]
    return [constant]


class Statement(Generic[Row]):
    """A query put together: its text, with places for its values, and what makes rows of an answer.

    `place` returns for each parameter its place, or the parameter itself where it is a constant of the
    query. Raises `EmptyResultSet` for a query that can find nothing, and `ImproperlyConfigured` for
    one that fetches related rows by further queries.
    """

    def __init__(self, query: QuerySet[Any, Row], place: Callable[[Any], Any]) -> None:
        if query._prefetch_related_lookups:  # type: ignore[attr-defined]  # noqa: SLF001
            raise ImproperlyConfigured("A statement fetches nothing by further queries.")
        self.makes_objects = issubclass(query._iterable_class, ModelIterable)  # noqa: SLF001
        self.compiler = query.query.get_compiler(connection=connection)
        self.sql, parameters = self.compiler.as_sql(with_col_aliases=True)
        self.parameters = tuple(_placed(each, place) for each in parameters)
        self.text = Text.of(self.sql, self.parameters)
        self._first: dict[int, Text] = {}

    def first(self, most: int | None) -> Text:
        """Return the text that asks for so many rows."""
        if most is None:
            return self.text
        if most not in self._first:
            self._first[most] = Text(*self.text.parts, f" LIMIT {most:d}")
        return self._first[most]

    def filled(self, values: Mapping[str, Any]) -> tuple[str, tuple[Any, ...]]:
        """Return the SQL and its parameters for these values, to be part of another statement."""
        return self.sql, tuple(_filled(each, values) for each in self.parameters)

    def rows(self, values: Mapping[str, Any], most: int | None = None) -> list[Row]:
        """Return the rows for these values, the first of them with `most`: objects, or tuples."""
        return self._made(self.first(most).answer(values))

    def rows_of(self, answer: Iterable[Mapping[str, Any]]) -> list[Row]:
        """Return the rows that the database has told as JSON, under the names of their columns."""
        readers = self._readers
        return self._made(
            [
                tuple(
                    value if value is None or read is None else read(value)
                    for read, value in zip(readers, each.values(), strict=True)
                )
                for each in answer
            ],
            converted=True,
        )

    @cached_property
    def _readers(self) -> list[Callable[[Any], Any] | None]:
        return [_reader(each[0].output_field) for each in self.compiler.select]

    @cached_property
    def _converters(self) -> dict[int, Any]:
        """What Django does to a column besides, by its place."""
        found: dict[int, Any] = self.compiler.get_converters(
            [each[0] for each in self.compiler.select]
        )
        return found

    def _made(self, answer: list[tuple[Any, ...]], *, converted: bool = False) -> list[Row]:
        """Return what Django makes of an answer."""
        compiler = copy(self.compiler)
        compiler.connection = connection  # that of this thread
        rows: Any = answer
        if self._converters and not converted:
            rows = map(tuple, compiler.apply_converters(answer, self._converters))
        if not self.makes_objects:
            return list(rows)
        compiler.execute_sql = lambda *_args, **_kwargs: None
        compiler.results_iter = lambda *_args, **_kwargs: rows
        query = _KeptQuery(compiler)
        return list(ModelIterable(QuerySet(compiler.query.model, query=query)))


class CompiledQuery(Generic[Row]):
    """A query on rows of a model, with related ones by `select_related`.

    `build` takes the values by name and returns the query; `examples` has one value for each name,
    which stands for it while the query is put together and is no constant of the query. Raises
    `ImproperlyConfigured` at the first question when an example does not stand in the SQL once at least.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Row]], **examples: Any) -> None:
        self.build, self.examples = build, examples
        self._statement: Statement[Row] | None = None

    def rows(self, **values: Any) -> list[Row]:
        """Return the rows for these values: one statement."""
        if self._statement is None:
            self._statement = self._compile()
        return self._statement.rows(values)

    def row(self, **values: Any) -> Row | None:
        """Return the first row for these values, None without any."""
        return next(iter(self.rows(**values)), None)

    def _compile(self) -> Statement[Row]:
        statement: Statement[Row] = Statement(self.build(**self.examples), self._place)
        if missing := self.examples.keys() - set(statement.text.names):
            raise ImproperlyConfigured(f"A compiled query does not ask for {sorted(missing)}.")
        return statement

    def _place(self, parameter: Any) -> Any:
        return place_among(parameter, self.examples) or parameter


def hang_on(row: Model, name: str, related: Iterable[Any]) -> None:
    """Let a row know its related rows, as `prefetch_related` does: `row.goals.all()` asks nothing."""
    told, descriptor = list(related), getattr(type(row), name)
    rel, forward = descriptor.rel, isinstance(descriptor, ManyToManyDescriptor)
    model = rel.model if forward else rel.related_model
    found: Any = getattr(row, name).get_queryset() if told else _none_of(model)
    found._result_cache, found._prefetch_done = told, True  # noqa: SLF001
    key = rel.field.name if forward else rel.cache_name
    row.__dict__.setdefault("_prefetched_objects_cache", {})[key] = found


@cache
def _none_of(model: type[Model]) -> QuerySet[Model]:
    """Return a query that finds nothing, whatever else is asked of it: that of all who have nothing."""
    return QuerySet(model).none()


class CompiledInsert(Generic[Added]):
    """Adds rows of a model as they are: the SQL is the same but for their number; no signal is sent."""

    def __init__(self, model: type[Added]) -> None:
        self.model = model

    @cached_property
    def _fields(self) -> list[Any]:
        return [each for each in self.model._meta.local_concrete_fields if each.column]

    @cached_property
    def _texts(self) -> tuple[str, str]:
        """What the statement begins with, and the places of one row."""
        quote, compiler = (
            connection.ops.quote_name,
            Query(self.model).get_compiler(connection=connection),
        )
        names = ", ".join(quote(each.column) for each in self._fields)
        places = [
            each.get_placeholder(None, compiler, connection)
            if hasattr(each, "get_placeholder")
            else "%s"
            for each in self._fields
        ]
        begin = f"INSERT INTO {quote(self.model._meta.db_table)} ({names}) VALUES "  # noqa: S608 - names of a model
        return begin, f"({', '.join(places)})"

    def add(self, rows: Sequence[Added]) -> None:
        """Add the rows as they are: one statement, none without rows."""
        if not rows:
            return
        begin, places = self._texts
        values = [
            each.get_db_prep_save(each.value_from_object(row), connection)
            for row in rows
            for each in self._fields
        ]
        with connection.cursor() as cursor:
            cursor.execute(begin + ", ".join([places] * len(rows)), values)


class _KeptQuery(Query):
    """A query that is not put together again: what is left of it is its compiler."""

    def __init__(self, kept: SQLCompiler) -> None:
        super().__init__(kept.query.model)
        self.kept = kept

    def get_compiler(self, *_args: Any, **_kwargs: Any) -> SQLCompiler:
        return self.kept


#: How what JSON says of a column becomes what the database says of it; None: it is that already. The
#: first that a field belongs to counts.
_READERS: dict[type[Field[Any, Any]], Callable[[Any], Any] | None] = {
    DateTimeField: datetime.fromisoformat,
    DateField: date.fromisoformat,
    TimeField: time.fromisoformat,
    UUIDField: UUID,
    BooleanField: None,
    CharField: None,
    IntegerField: None,
    JSONField: None,
    TextField: None,
}


def _reader(field: Field[Any, Any]) -> Callable[[Any], Any] | None:
    """Return what reads a column from JSON; raises `ImproperlyConfigured` where it is not kept there."""
    if isinstance(field, ForeignKey):
        return _reader(field.target_field)
    if isinstance(field, ArrayField):
        read = _reader(field.base_field)
        return partial(_each, read) if read else None
    if isinstance(field, DecimalField):
        places = Decimal(1).scaleb(-field.decimal_places)
        return lambda value: Decimal(str(value)).quantize(places)
    for kind, read in _READERS.items():
        if isinstance(field, kind):
            return read
    raise ImproperlyConfigured(f"A {type(field).__name__} is not read from JSON.")


def _each(read: Callable[[Any], Any], values: Iterable[Any]) -> list[Any]:
    return [read(each) for each in values]


def _placed(parameter: Any, place: Callable[[Any], Any]) -> Any:
    """Return what stands for a parameter; of an array, what stands for each of its items."""
    found = place(parameter)
    if found is parameter and isinstance(parameter, list):
        return [_placed(each, place) for each in parameter]
    return found

"""Queries whose SQL is put together once and given its values for each question.

Django puts the SQL of a query together anew each time. For what every request asks (which session, who
it is, for which agency) that takes longer than PostgreSQL takes to answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet, ImproperlyConfigured
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Lookup, Model, QuerySet, UUIDField
from django.db.models.query import ModelIterable
from django.db.models.sql import Query
from django.db.models.sql.compiler import SQLCompiler

Row = TypeVar("Row", bound=Model)


@UUIDField.register_lookup
class AnyOf(Lookup):
    """`pk__any_of=[…]`: the key is one of a list that is a single parameter, however long it is."""

    lookup_name = "any_of"
    prepare_rhs = False

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Any:
        column, parameters = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s)", (*parameters, self.rhs)


@dataclass(frozen=True, slots=True)
class Compiled:
    """A query put together: its compiler, its SQL, and its parameters.

    A parameter is the name of a value, or a constant of the query itself.
    """

    compiler: SQLCompiler
    sql: str
    parameters: tuple[tuple[str, Any], ...]

    def parameters_of(self, values: Mapping[str, Any]) -> tuple[Any, ...]:
        """Return the parameters of the SQL for these values."""
        return tuple(values[name] if name else value for name, value in self.parameters)


class CompiledQuery(Generic[Row]):
    """A query on rows of a model, with related ones by `select_related`.

    `build` takes the values by name and returns the query; `examples` has one value for each name,
    which stands for it while the query is put together and is no constant of the query. Raises
    `ImproperlyConfigured` at the first question when an example does not stand in the SQL once at least;
    those of `besides` may be missing, and `build` is not given them.
    """

    def __init__(
        self,
        build: Callable[..., QuerySet[Row]],
        besides: Mapping[str, Any] | None = None,
        /,
        **examples: Any,
    ) -> None:
        self.build, self.examples, self.besides = build, examples, dict(besides or {})

    def rows(self, **values: Any) -> list[Row]:
        """Return the rows for these values: one statement."""
        kept = self.compiled
        if kept is None:
            return []
        query = _KeptQuery(kept, values)
        return list(ModelIterable(QuerySet(kept.compiler.query.model, query=query)))

    def row(self, **values: Any) -> Row | None:
        """Return the first row for these values, None without any."""
        return next(iter(self.rows(**values)), None)

    @cached_property
    def compiled(self) -> Compiled | None:
        """The query put together; None for one that can find nothing."""
        compiler = self.build(**self.examples).query.get_compiler(connection=connection)
        try:
            sql, parameters = compiler.as_sql()
        except EmptyResultSet:
            return None
        named = tuple(self._named(each) for each in parameters)
        if missing := self.examples.keys() - {name for name, _value in named}:
            raise ImproperlyConfigured(f"A compiled query does not ask for {sorted(missing)}.")
        return Compiled(compiler, sql, named)

    def _named(self, parameter: Any) -> tuple[str, Any]:
        """Return the name of the value that a parameter stands for; "" with what is a constant."""
        for name, example in (self.examples | self.besides).items():
            if type(parameter) is type(example) and parameter == example:
                return name, None
        return "", parameter


class CompiledInsert(Generic[Row]):
    """Adds rows of a model as they are: the SQL is the same but for their number; no signal is sent."""

    def __init__(self, model: type[Row]) -> None:
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

    def add(self, rows: Sequence[Row]) -> None:
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

    def __init__(self, kept: Compiled, values: Mapping[str, Any]) -> None:
        super().__init__(kept.compiler.query.model)
        self.kept, self.values = kept, values

    def get_compiler(self, *_args: Any, **_kwargs: Any) -> SQLCompiler:
        compiler = copy(self.kept.compiler)
        compiler.connection = connection  # that of this thread
        parameters = self.kept.parameters_of(self.values)
        compiler.as_sql = lambda *_args, **_kwargs: (self.kept.sql, parameters)  # type: ignore[method-assign]
        return compiler

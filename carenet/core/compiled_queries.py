"""Queries whose SQL is put together once and given its values for each question.

Django puts the SQL of a query together anew each time. For what every request asks (which session, who
it is, for which agency) that takes longer than PostgreSQL takes to answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.db.models import Model, QuerySet
from django.db.models.query import ModelIterable
from django.db.models.sql import Query
from django.db.models.sql.compiler import SQLCompiler

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class _Compiled:
    """A query put together: its compiler, its SQL, and its parameters.

    A parameter is the name of a value, or a constant of the query itself.
    """

    compiler: SQLCompiler
    sql: str
    parameters: tuple[tuple[str, Any], ...]


class CompiledQuery(Generic[Row]):
    """A query on rows of a model, with related ones by `select_related`.

    `build` takes the values by name and returns the query; `examples` has one value for each name,
    which stands for it while the query is put together and is no constant of the query. Raises
    `ImproperlyConfigured` at the first question when an example does not stand in the SQL once at least.
    """

    def __init__(self, build: Callable[..., QuerySet[Row]], **examples: Any) -> None:
        self.build, self.examples = build, examples
        self._compiled: _Compiled | None = None

    def rows(self, **values: Any) -> list[Row]:
        """Return the rows for these values: one statement."""
        kept = self._compiled
        if kept is None:
            kept = self._compiled = self._compile()
        query = _KeptQuery(kept, values)
        return list(ModelIterable(QuerySet(kept.compiler.query.model, query=query)))

    def row(self, **values: Any) -> Row | None:
        """Return the first row for these values, None without any."""
        return next(iter(self.rows(**values)), None)

    def _compile(self) -> _Compiled:
        compiler = self.build(**self.examples).query.get_compiler(connection=connection)
        sql, parameters = compiler.as_sql()
        named = tuple(self._named(each) for each in parameters)
        if missing := self.examples.keys() - {name for name, _value in named}:
            raise ImproperlyConfigured(f"A compiled query does not ask for {sorted(missing)}.")
        return _Compiled(compiler, sql, named)

    def _named(self, parameter: Any) -> tuple[str, Any]:
        """Return the name of the value that a parameter stands for; "" with what is a constant."""
        for name, example in self.examples.items():
            if type(parameter) is type(example) and parameter == example:
                return name, None
        return "", parameter


class _KeptQuery(Query):
    """A query that is not put together again: what is left of it is its compiler."""

    def __init__(self, kept: _Compiled, values: Mapping[str, Any]) -> None:
        super().__init__(kept.compiler.query.model)
        self.kept, self.values = kept, values

    def get_compiler(self, *_args: Any, **_kwargs: Any) -> SQLCompiler:
        compiler = copy(self.kept.compiler)
        compiler.connection = connection  # that of this thread
        parameters = tuple(
            self.values[name] if name else value for name, value in self.kept.parameters
        )
        compiler.as_sql = lambda *_args, **_kwargs: (self.kept.sql, parameters)  # type: ignore[method-assign]
        return compiler

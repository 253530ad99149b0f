"""Queries on what an actor sees, put together once for each kind of actor.

What `CompiledRule` does for a condition, `ActorQuery` does for a whole query that rests on such.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import partial
from typing import Any, Generic, TypeVar

from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.db.models import Model, QuerySet

from carenet.access.compiled_rules import (
    MARKS,
    PLACES,
    Marks,
    kind_of,
    refuse_statement,
    stand_in,
    values_of,
)
from carenet.agencies.actors import Actor
from carenet.core import clock
from carenet.core.compiled_queries import Compiled, CompiledQuery

Row = TypeVar("Row", bound=Model)


class ActorQuery(Generic[Row]):
    """A query on rows of a model that an actor sees.

    `build` takes an actor, and the values that `examples` names, and returns the query. Of the actor it
    may use what a compiled rule may. Raises `ImproperlyConfigured` for one that uses anything else.
    """

    def __init__(self, build: Callable[..., QuerySet[Row]], **examples: Any) -> None:
        self.build, self.examples = build, examples
        self._compiled: dict[Hashable, CompiledQuery[Row]] = {}

    def rows(self, actor: Actor, **values: Any) -> list[Row]:
        """Return the rows that the actor sees, for these values: one statement."""
        return self._query_of(actor).rows(**values_of(actor), **values)

    def sql(self, actor: Actor, **values: Any) -> tuple[str, tuple[Any, ...]] | None:
        """Return the SQL and its parameters; None where the actor can see nothing."""
        compiled = self._query_of(actor).compiled
        if compiled is None:
            return None
        return compiled.sql, compiled.parameters_of({**values_of(actor), **values})

    def _query_of(self, actor: Actor) -> CompiledQuery[Row]:
        kind = kind_of(actor)
        found = self._compiled.get(kind)
        if found is None:
            found, again = (self._compile(actor, marks) for marks in MARKS)
            if _text(found.compiled) != _text(again.compiled):
                raise ImproperlyConfigured("A compiled query rests on what no place stands for.")
            self._compiled[kind] = found
        return found

    def _compile(self, actor: Actor, marks: Marks) -> CompiledQuery[Row]:
        """Return the query put together for a stand-in of the actor."""
        build = partial(self.build, stand_in(actor, marks))
        places = {name: getattr(marks, name) for name in PLACES}
        query = CompiledQuery(build, places, **self.examples)
        with clock.at(marks.now), connection.execute_wrapper(refuse_statement):
            query.compiled  # noqa: B018 - put together now, while the marks stand for the actor
        return query


def _text(compiled: Compiled | None) -> Any:
    return compiled and (compiled.sql, compiled.parameters)

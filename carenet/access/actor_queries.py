"""Queries on what an actor sees, put together once for each kind of actor.

A page asks the same few questions for whoever opens it. `ActorQuery` puts each together for a
stand-in of the actor, rules included, and keeps the text: whoever asks, their agency, and the present
moment go to the places where the stand-in's stood. No answer is kept. What a page tells side by side is
asked in one statement (`ask_together`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Hashable, Iterator, Sequence
from functools import lru_cache
from typing import Any, Generic, TypeVar
from uuid import uuid5

from django.core.exceptions import EmptyResultSet, ImproperlyConfigured
from django.db import connection
from django.db.models import QuerySet

from carenet.access.stand_ins import (
    MARKS,
    Marks,
    kind_of,
    place_of,
    refuse,
    stand_in_for,
    values_of,
)
from carenet.agencies.actors import Actor
from carenet.core import clock
from carenet.core.compiled_queries import Place, Statement, Text, place_among
from carenet.core.decisions import Decision

Row = TypeVar("Row")
#: As many statements of several queries as a process keeps the texts of.
MOST_TOGETHER = 500


class ActorQuery(Generic[Row]):
    """A query on rows that an actor sees, with related ones by `select_related`; or on tuples.

    `build` takes an actor and values by name and returns the query; `ids` are the names of those that
    are an id, `examples` has a value for each other. It may use of the actor and of time what a
    `CompiledRule` may. Called with an actor and the values, the rows come out. Raises
    `ImproperlyConfigured`, or `AttributeError`, at the first question for a query that rests on anything
    else, or does not ask for a value. Only `optional` ones need not be asked for: those of a part of the
    query of which an actor may see nothing.
    """

    def __init__(
        self,
        build: Callable[..., QuerySet[Any, Row]],
        *ids: str,
        optional: Collection[str] = (),
        **examples: Any,
    ) -> None:
        self.build, self.ids, self.examples = build, ids, examples
        self.optional = frozenset(optional)
        self._kept: dict[Hashable, Statement[Row] | None] = {}

    def __call__(self, actor: Actor, **values: Any) -> Rows[Row]:
        return Rows(self, actor, values)

    def rows(self, actor: Actor, **values: Any) -> list[Row]:
        """Return the rows that the actor sees, for these values: one statement."""
        return list(self(actor, **values))

    def sql(self, actor: Actor, **values: Any) -> tuple[str, tuple[Any, ...]] | None:
        """Return the SQL and its parameters; None where the actor can see nothing."""
        statement = self.statement(actor)
        return statement.filled(values_of(actor) | values) if statement else None

    def statement(self, actor: Actor) -> Statement[Row] | None:
        """Return what is kept for this kind of actor; None: they see nothing."""
        kind = kind_of(actor)
        if kind not in self._kept:
            kept, again = (self._compile(actor, marks) for marks in MARKS)
            if _text(kept) != _text(again):
                raise ImproperlyConfigured("A query of an actor rests on what no place stands for.")
            self._kept[kind] = kept
        return self._kept[kind]

    def _compile(self, actor: Actor, marks: Marks) -> Statement[Row] | None:
        examples = {name: uuid5(marks.agency, name) for name in self.ids} | self.examples

        def place(value: Any) -> Any:
            return place_among(value, examples) or place_of(value, marks)

        with clock.at(marks.now), connection.execute_wrapper(refuse):
            query = self.build(stand_in_for(actor, marks), **examples)
            try:
                statement: Statement[Row] = Statement(query, place)
            except EmptyResultSet:
                return None
        if missing := examples.keys() - set(statement.text.names) - self.optional:
            raise ImproperlyConfigured(f"A query of an actor does not ask for {sorted(missing)}.")
        return statement


class Rows(Generic[Row]):
    """The rows of a query for one actor: asked for when they are wanted, and once."""

    def __init__(
        self,
        query: ActorQuery[Row],
        actor: Actor,
        given: dict[str, Any],
        *,
        most: int | None = None,
        denied: bool = False,
    ) -> None:
        self.query, self.actor, self.given = query, actor, given
        self.most, self.denied = most, denied
        self.found: list[Row] | None = [] if denied else None

    def __iter__(self) -> Iterator[Row]:
        if self.found is None:
            statement = self.query.statement(self.actor)
            self.found = statement.rows(self.values, self.most) if statement else []
        return iter(self.found)

    def up_to(self, most: int) -> Rows[Row]:
        """Return the first so many of them."""
        return Rows(self.query, self.actor, self.given, most=most, denied=self.denied)

    def only_if(self, decision: Decision) -> Rows[Row]:
        """Return them where a rule allows it, else none."""
        denied = self.denied or not decision
        return Rows(self.query, self.actor, self.given, most=self.most, denied=denied)

    def one(self) -> Row | None:
        """Return the first, None without any."""
        return next(iter(self.up_to(1)), None)

    def count(self) -> int:
        """Return how many there are in all: a statement that is put together anew."""
        return 0 if self.denied else self.query.build(self.actor, **self.given).count()

    @property
    def values(self) -> dict[str, Any]:
        """What goes to the places of the statement."""
        return values_of(self.actor) | self.given


def ask_together(*several: Rows[Any]) -> None:
    """Ask for the rows of several queries in one statement: each list comes as a column, in JSON."""
    asked: list[tuple[Rows[Any], Statement[Any]]] = []
    for rows in several:
        if rows.found is not None:
            continue
        statement = rows.query.statement(rows.actor)
        if statement is None:
            rows.found = []
        else:
            asked.append((rows, statement))
    if not asked:
        return
    texts = [statement.first(rows.most) for rows, statement in asked]
    [answers] = _side_by_side(*texts).answer(_common([rows for rows, _statement in asked]))
    for (rows, statement), answer in zip(asked, answers, strict=True):
        rows.found = statement.rows_of(json.loads(answer)) if answer else []


def _common(several: Sequence[Rows[Any]]) -> dict[str, Any]:
    """Return the values of all; raises `ValueError` where two of them mean another row by one name."""
    values = values_of(several[0].actor)
    for rows in several:
        for name, value in rows.given.items():
            if values.setdefault(name, value) != value:
                raise ValueError(name)
    return values


@lru_cache(MOST_TOGETHER)
def _side_by_side(*texts: Text) -> Text:
    parts: list[str | Place] = ["SELECT "]
    for text in texts:
        parts += ["(SELECT json_agg(told)::text FROM (", *text.parts, ") AS told)", ", "]
    return Text(*parts[:-1])


def _text(statement: Statement[Any] | None) -> tuple[Any, ...] | None:
    return statement.text.parts if statement else None

"""List rules whose SQL is built once for each kind of actor, and given its values for each question.

Django builds a condition anew each time: of a rule that asks several rooms that takes longer than the
database takes to answer. `CompiledRule` builds it for a stand-in of the actor, keeps the text, and puts
the actor's agency, group and user and the present moment at the places where the stand-in's stood.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.exceptions import EmptyResultSet, FullResultSet, ImproperlyConfigured
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, Expression, F, Model, Q, QuerySet
from django.db.models.sql.compiler import SQLCompiler

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
from carenet.core.compiled_queries import Place

#: An alias that Django gives to a table of an inner query: "U0".
_ALIAS = re.compile(r'(?<![\w"])([A-Z]{1,2}\d+)(?=[.\s)]|$)')
#: PostgreSQL cuts a longer name off.
_LONGEST_NAME = 63


@dataclass(frozen=True, slots=True)
class _Compiled:
    """A rule as SQL, cut where the outer table is named, and its parameters in order.

    `hides_all`: nobody of this kind sees anything.
    """

    parts: tuple[str, ...] = ()
    parameters: tuple[Any, ...] = ()
    hides_all: bool = False


class _Condition(Expression):
    """The condition as part of a query, which may know the table by another name."""

    conditional = True

    def __init__(self, parts: Sequence[str], parameters: Sequence[Any]) -> None:
        super().__init__(output_field=BooleanField())
        self.parts, self.parameters = parts, parameters
        self.row: Any = F("pk")

    @cached_property
    def identity(self) -> tuple[Any, ...]:
        return (self.__class__, tuple(self.parts), tuple(self.parameters), self.row)

    def get_source_expressions(self) -> list[Any]:
        return [self.row]

    def set_source_expressions(self, exprs: Sequence[Any]) -> None:
        [self.row] = exprs

    def as_sql(
        self,
        compiler: SQLCompiler,
        connection: BaseDatabaseWrapper,
    ) -> tuple[str, tuple[Any, ...]]:
        table = compiler.compile(self.row)[0].rpartition(".")[0]
        return f"({f'{table}.'.join(self.parts)})", tuple(self.parameters)


class CompiledRule:
    """A condition on the rows of a model that says which of them an actor sees.

    `rule` takes an actor and returns the condition as a `Q` on columns of the model's own table and on
    `Exists`. Of the actor it may use `may`, the roles, the ids of agency, group and user, kind and
    municipality of the agency; of time `clock.now()`. Called with an actor, the same comes out
    compiled. Raises `ImproperlyConfigured`, or `AttributeError`, for a rule that uses anything else.
    """

    def __init__(self, model: type[Model], rule: Callable[[Actor], Q]) -> None:
        self.model, self.rule = model, rule
        self._compiled: dict[Any, _Compiled] = {}

    def __call__(self, actor: Actor) -> Any:
        kind = kind_of(actor)
        compiled = self._compiled.get(kind)
        if compiled is None:
            compiled = self._compiled[kind] = self._compile(actor)
        if compiled.hides_all:
            return Q(pk__in=[])
        values = values_of(actor)
        parameters = [
            values[each.name] if isinstance(each, Place) else each for each in compiled.parameters
        ]
        return _Condition(compiled.parts, parameters)

    def _compile(self, actor: Actor) -> _Compiled:
        compiled, again = (self._build(stand_in_for(actor, marks), marks) for marks in MARKS)
        if compiled != again:
            raise ImproperlyConfigured("A compiled rule rests on what no place stands for.")
        return compiled

    def _build(self, stand_in: Actor, marks: Marks) -> _Compiled:
        with clock.at(marks.now), connection.execute_wrapper(refuse):
            query = QuerySet(self.model).filter(self.rule(stand_in)).query
            compiler = query.get_compiler(connection=connection)
            try:
                text, parameters = compiler.compile(query.where)
            except EmptyResultSet:
                return _Compiled(hides_all=True)
            except FullResultSet:
                raise ImproperlyConfigured("A rule of what is seen hides nothing.") from None
        table = self.model._meta.db_table
        joined = {alias for alias, used in query.alias_refcount.items() if used} - {table}
        if joined:
            raise ImproperlyConfigured(f"A compiled rule joins no table: {sorted(joined)}.")
        own = _rename(text, table)
        parts = own.split(f"{compiler.quote_name_unless_alias(table)}.")
        _demand_two_valued(self.model, parts[1:])
        return _Compiled(tuple(parts), tuple(place_of(each, marks) for each in parameters))


def _rename(text: str, table: str) -> str:
    """Return the text with aliases that neither an outer query nor a rule inside it has."""
    prefix, depth = table, 0
    while re.search(rf"\b{prefix}_[a-z]+\d", text):
        depth += 1
        prefix = f"{table}_{depth}"
    if len(prefix) + len("_xx99") > _LONGEST_NAME:
        raise ImproperlyConfigured(f"The name of {table} leaves no room for an alias.")
    return _ALIAS.sub(lambda alias: f"{prefix}_{alias[1].lower()}", text)


def _demand_two_valued(model: type[Model], after: Sequence[str]) -> None:
    """Refuse a column that may be NULL, but for asking just that: its denial would be NULL as well."""
    for field in model._meta.concrete_fields:
        named = f'"{field.column}"'
        for part in after if field.null else ():
            if part.startswith(named) and not re.match(rf"{named} IS (NOT )?NULL", part):
                raise ImproperlyConfigured(f"A compiled rule compares {field}, which may be NULL.")

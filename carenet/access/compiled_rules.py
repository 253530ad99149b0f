"""List rules whose SQL is built once for each kind of actor, and given its values for each question.

Django builds a condition anew each time: of a rule that asks several rooms that takes longer than the
database takes to answer. `CompiledRule` builds it for a stand-in of the actor, keeps the text, and puts
the actor's agency, group and user and the present moment at the places where the stand-in's stood.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet, FullResultSet, ImproperlyConfigured
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, Expression, F, Model, Q, QuerySet
from django.db.models.sql.compiler import SQLCompiler

from carenet.agencies.actors import Actor
from carenet.core import clock

#: An alias that Django gives to a table of an inner query: "U0".
_ALIAS = re.compile(r'(?<![\w"])([A-Z]{1,2}\d+)(?=[.\s)]|$)')
#: PostgreSQL cuts a longer name off.
_LONGEST_NAME = 63


@dataclass(frozen=True, slots=True)
class Marks:
    """What stands where the values of an actor will stand; no row has them."""

    agency: UUID
    user: UUID
    group: int
    now: datetime
    word: str


#: Two sets, with the present between their moments: what is not the same with both is of the actor.
MARKS = (
    Marks(
        agency=UUID("00000000-0000-4000-8000-a9e0c1000001"),
        user=UUID("00000000-0000-4000-8000-05e100000001"),
        group=2_147_480_011,
        now=datetime(1900, 1, 1, 3, 7, 11, 130717, tzinfo=UTC),
        word="one",
    ),
    Marks(
        agency=UUID("00000000-0000-4000-8000-a9e0c1000002"),
        user=UUID("00000000-0000-4000-8000-05e100000002"),
        group=2_147_480_012,
        now=datetime(2900, 2, 3, 4, 8, 12, 230718, tzinfo=UTC),
        word="other",
    ),
)


#: What of an actor and of time may stand in a rule.
PLACES = ("agency", "user", "group", "now")


@dataclass(frozen=True, slots=True)
class _AgencyMark:
    """All that a compiled rule may read of the actor's agency; anything else fails."""

    kind: str
    municipality_code: str
    pk: UUID
    group_id: int


@dataclass(frozen=True, slots=True)
class _UserMark:
    pk: UUID


@dataclass(frozen=True, slots=True)
class _ClientMark:
    """That a system acts; which one it is may not be read."""


@dataclass(frozen=True, slots=True)
class _Value:
    """A place for a value of the actor: one of `PLACES`."""

    name: str


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
            values[each.name] if isinstance(each, _Value) else each for each in compiled.parameters
        ]
        return _Condition(compiled.parts, parameters)

    def _compile(self, actor: Actor) -> _Compiled:
        compiled, again = (self._build(stand_in(actor, marks), marks) for marks in MARKS)
        if compiled != again:
            raise ImproperlyConfigured("A compiled rule rests on what no place stands for.")
        return compiled

    def _build(self, stand_in: Actor, marks: Marks) -> _Compiled:
        with clock.at(marks.now), connection.execute_wrapper(refuse_statement):
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
        return _Compiled(tuple(parts), tuple(_place(each, marks) for each in parameters))


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


def kind_of(actor: Actor) -> Hashable:
    """Return what is the same for all actors of whom a rule makes the same SQL."""
    agency = actor.agency
    return (
        agency.kind, agency.municipality_code,
        actor.roles, actor.user is None, actor.client is None, actor.scopes,
    )  # fmt: skip


def values_of(actor: Actor) -> dict[str, Any]:
    """Return what stands in the SQL for this actor and the present, by the names of the marks."""
    return {
        "agency": actor.agency_id,
        "group": actor.group_id,
        "user": actor.user_id,
        "now": clock.now(),
    }


def stand_in(actor: Actor, marks: Marks) -> Actor:
    """Return an actor of the same kind of whom nothing but the marks can be read."""
    agency = _AgencyMark(
        actor.agency.kind, actor.agency.municipality_code, marks.agency, marks.group
    )
    return Actor(
        agency=agency,  # type: ignore[arg-type]
        roles=actor.roles,
        user=_UserMark(marks.user) if actor.user else None,  # type: ignore[arg-type]
        client=_ClientMark() if actor.client else None,  # type: ignore[arg-type]
        scopes=actor.scopes,
        claimed_person=marks.word,
    )


def _place(value: Any, marks: Marks) -> Any:
    """Return where a value of the actor goes, or the constant that the rule itself names."""
    places = {getattr(marks, name): name for name in PLACES}
    if isinstance(value, UUID | int | datetime) and value in places:
        return _Value(places[value])
    if isinstance(value, UUID | date):
        raise ImproperlyConfigured(f"A compiled rule rests on {value!r}, which is of no actor.")
    return value


def refuse_statement(*_statement: Any) -> Any:
    raise ImproperlyConfigured("A compiled rule asks the database nothing while it is built.")

"""The stand-in of an actor for whom SQL is put together, and the values that go where its own stood.

Nothing can be read of it but what kind of actor it is; whatever belongs to one actor or one moment is a
mark that no row has.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ImproperlyConfigured

from carenet.agencies.actors import Actor
from carenet.core import clock
from carenet.core.compiled_queries import Place


@dataclass(frozen=True, slots=True)
class Marks:
    """What stands where the values of an actor will stand; no row has them."""

    agency: UUID
    user: UUID
    group: int
    now: datetime
    word: str

    @property
    def today(self) -> date:
        """The day of the moment, as `clock.today` has it."""
        return self.now.astimezone(clock.ZONE).date()


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


@dataclass(frozen=True, slots=True)
class _AgencyMark:
    """All that may be read of the actor's agency; anything else fails."""

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


def kind_of(actor: Actor) -> Hashable:
    """Return all that SQL may rest on besides the values: one text is kept for each."""
    agency = actor.agency
    return (
        agency.kind, agency.municipality_code,
        actor.roles, actor.user is None, actor.client is None, actor.scopes,
    )  # fmt: skip


def stand_in_for(actor: Actor, marks: Marks) -> Actor:
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


def place_of(value: Any, marks: Marks) -> Any:
    """Return where a value of the actor goes, or the constant that the query itself names.

    Raises `ImproperlyConfigured` for an id or a moment that is neither.
    """
    places = {
        marks.agency: "agency", marks.user: "user", marks.group: "group",
        marks.now: "now", marks.today: "today",
    }  # fmt: skip
    if isinstance(value, UUID | int | date) and value in places:
        return Place.like(places[value], value)
    if isinstance(value, UUID | date):
        raise ImproperlyConfigured(f"What is kept rests on {value!r}, which is of no actor.")
    return value


def values_of(actor: Actor) -> dict[str, Any]:
    """Return what goes to the places: of the actor, and of the present."""
    return {
        "agency": actor.agency_id,
        "group": actor.group_id,
        "user": actor.user_id,
        "now": clock.now(),
        "today": clock.today(),
    }


def refuse(*_statement: Any) -> Any:
    """Let no statement through while SQL is put together (`execute_wrapper`)."""
    raise ImproperlyConfigured("What is put together once asks the database nothing meanwhile.")

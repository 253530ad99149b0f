"""The models that explicit shares can be given on; each room registers its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from django.db.models import Model

from carenet.access.models import Share
from carenet.agencies.actors import Actor
from carenet.core.decisions import Decision


@dataclass(frozen=True, slots=True)
class Guarded:
    """What `access` must know of a guarded model.

    `shares` is its guardian table (None: it is never shared by itself);
    `decide(actor, codename, obj)` answers `has_perm`; `reindex(id)` brings the list index up to
    date when a share begins or ends.
    """

    kind: str
    model: type[Model]
    shares: type[Share] | None
    decide: Callable[[Actor, str, Any], Decision]
    reindex: Callable[[UUID], None]


_by_kind: dict[str, Guarded] = {}
_by_model: dict[type[Model], Guarded] = {}


def guard(guarded: Guarded) -> None:
    """Register a guarded model; called from a room's `hooks.register()`."""
    _by_kind[guarded.kind] = guarded
    _by_model[guarded.model] = guarded


def guarded_kind(kind: str) -> Guarded:
    """Return what was registered under `kind`; raises `KeyError` for an unguarded one."""
    return _by_kind[kind]


def shares_of(kind: str) -> type[Share]:
    """Return the guardian table of a kind; raises `LookupError` for one that is never shared."""
    shares = _by_kind[kind].shares
    if shares is None:
        raise LookupError(kind)
    return shares


def guarded_model(model: type[Model]) -> Guarded | None:
    """Return what was registered for a model class, None if nothing guards it."""
    return _by_model.get(model)


class FindObject(Protocol):
    """Finds what a basis rests on: that the actor holds it for a person, and until when it lasts.

    `case_id` narrows it to one case. None: there is none, or it is not the actor's to use.
    """

    def __call__(
        self, *, actor: Actor, resident_id: UUID, case_id: UUID | None
    ) -> BasisObject | None: ...


@dataclass(frozen=True, slots=True)
class BasisObject:
    """What a disclosure rests on besides words: an abuse report, an agenda item, a declared disaster.

    `until` is when it ends; None while that is not known: then it ends what rests on it itself.
    """

    kind: str
    id: UUID
    until: datetime | None = None


_objects: dict[str, FindObject] = {}


def add_object_of_basis(basis: str, find: FindObject) -> None:
    """Register how a room finds what a basis rests on; called from its `hooks.register()`."""
    _objects[basis] = find


def object_of(basis: str) -> FindObject | None:
    """Return what was registered for a basis, None as long as no room keeps such objects."""
    return _objects.get(basis)


@dataclass(frozen=True, slots=True)
class Standing:
    """A case by which an agency may give WITHIN_PURPOSE: it leads it, or has taken on a referral of it.

    `ended_at` is when the case ended; None: it is open.
    """

    resident_id: UUID
    case_id: UUID
    ended_at: datetime | None


class FindStandings(Protocol):
    """Finds by which cases of these people the actor's agency has such a standing."""

    def __call__(self, *, actor: Actor, resident_ids: Iterable[UUID]) -> Iterable[Standing]: ...


_standings: list[FindStandings] = []


def add_standings(find: FindStandings) -> None:
    """Register how a room finds standings; called from its `hooks.register()`."""
    _standings.append(find)


def standings_of(actor: Actor, resident_ids: Iterable[UUID]) -> list[Standing]:
    """Return every standing of the actor's agency, one query for each room."""
    ids = list(resident_ids)
    return [each for find in _standings for each in find(actor=actor, resident_ids=ids)]

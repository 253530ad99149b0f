"""What upper rooms hang onto a person: ways in, who is in charge, what ends with record or consent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from uuid import UUID

    from django.db.models import Q

    from carenet.agencies.actors import Actor
    from carenet.agencies.models import Agency, User
    from carenet.residents.models import Consent, Resident


@dataclass(frozen=True, slots=True)
class WayToResident:
    """A room's conditions on `Resident`: an `Exists` correlated on the resident's `pk`.

    `sees(actor)` for reading, `edits(actor)` for correcting the record (None: this way never does).
    """

    sees: Callable[[Actor], Q]
    edits: Callable[[Actor], Q] | None = None


_ways: list[WayToResident] = []


def add_way_to_see_a_resident(way: WayToResident) -> None:
    """Register a way in; called from a room's `hooks.register()`."""
    _ways.append(way)


def ways_to_see_a_resident() -> tuple[WayToResident, ...]:
    """Return all ways that were registered."""
    return tuple(_ways)


@dataclass(frozen=True, slots=True)
class InCharge:
    """An agency that works with a person now, and who of it has that in hand, if anybody has."""

    agency: Agency
    person: User | None


class OnResidentEnding(Protocol):
    """Settles what an upper room has open on a person who died or moved away, all in one go."""

    def __call__(self, *, actor: Actor, resident: Resident) -> None: ...


class OnConsentWithdrawn(Protocol):
    """Ends what an upper room rests on a consent that is withdrawn, in the same transaction."""

    def __call__(self, *, actor: Actor, consent: Consent) -> None: ...


_in_charge: list[Callable[[UUID], Iterable[InCharge]]] = []
_on_resident_ending: list[OnResidentEnding] = []
_on_consent_withdrawn: list[OnConsentWithdrawn] = []


def add_those_in_charge(find: Callable[[UUID], Iterable[InCharge]]) -> None:
    """Register how a room finds who works with a person; called from its `hooks.register()`."""
    _in_charge.append(find)


def those_in_charge(resident_id: UUID) -> list[InCharge]:
    """Return everybody who works with a person now, as the rooms know it."""
    return [each for find in _in_charge for each in find(resident_id)]


def on_resident_ending(settle: OnResidentEnding) -> None:
    """Register a room's settling; called from its `hooks.register()`."""
    _on_resident_ending.append(settle)


def settle_resident(*, actor: Actor, resident: Resident) -> None:
    """Let every room settle what it has open; whatever one of them raises stops the ending."""
    for settle in _on_resident_ending:
        settle(actor=actor, resident=resident)


def on_consent_withdrawn(end: OnConsentWithdrawn) -> None:
    """Register a room's ending; called from its `hooks.register()`."""
    _on_consent_withdrawn.append(end)


def end_what_rests_on(*, actor: Actor, consent: Consent) -> None:
    """Let every room end what rests on a withdrawn consent; whatever one raises stops it all."""
    for end in _on_consent_withdrawn:
        end(actor=actor, consent=consent)

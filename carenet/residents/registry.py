"""How upper rooms make a resident visible: each registers its way in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import Q

    from carenet.agencies.actors import Actor


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

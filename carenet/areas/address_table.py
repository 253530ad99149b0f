"""The address table of a municipality as a whole: for many addresses at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from carenet.areas.models import AddressArea, Area
from carenet.areas.places import place_in, town_key


def chomes_of(rows: Iterable[AddressArea]) -> set[int]:
    """Return the chōme that lines of a town name; `NO_CHOME` for the part that has none."""
    return {row.chome for row in rows if row.chome is not None}


def lies_in(row: AddressArea, chome: int | None, block: int | None) -> bool:
    """Whether a line of the table holds a chome and block of its town."""
    if row.chome is not None and row.chome != chome:
        return False
    if row.block_from is None or row.block_to is None:
        return True
    return block is not None and row.block_from <= block <= row.block_to


@dataclass(frozen=True, slots=True)
class Located:
    """Where an address lies: town, chōme, the areas that hold it, and those of any part of its town."""

    town: str
    chome: int | None
    areas: set[Area]
    around: set[Area]


@dataclass(frozen=True)
class AddressTable:
    """What `selectors.areas_at` asks for one address, held for many: one query, however many.

    `lines` by the key of their town: however a line writes it, it is the same one.
    """

    lines: dict[str, list[AddressArea]]

    @classmethod
    def on(cls, day: date, municipality_code: str) -> AddressTable:
        """Read the table of a municipality as it is on a day."""
        rows = AddressArea.objects.on(day).filter(area__municipality_code=municipality_code)
        lines: dict[str, list[AddressArea]] = defaultdict(list)
        for row in rows.select_related("area"):
            lines[town_key(row.town)].append(row)
        return cls(dict(lines))

    def areas_of(self, address: str) -> set[Area]:
        """Return the areas in which an address lies; none where it is not known."""
        return self.read(address)[1]

    def read(self, address: str) -> tuple[str, set[Area]]:
        """Return the town of an address as the table writes it, and the areas in which it lies."""
        found = self.locate(address)
        return (found.town, found.areas) if found else ("", set())

    def locate(self, address: str) -> Located | None:
        """Return where an address lies; None where it is not known."""
        place = place_in(address, self.lines) if address else None
        if place is None:
            return None
        rows = self.lines[place.town]
        chome, block = place.read(chomes_of(rows))
        return Located(
            town=rows[0].town,
            chome=chome,
            areas={row.area for row in rows if lies_in(row, chome, block)},
            around={row.area for row in rows},
        )

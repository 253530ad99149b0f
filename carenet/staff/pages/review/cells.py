"""A plane divided among places: to each what lies nearer to it than to any other. Pure numbers.

A cell is what is left of a circle around its place once every other place has taken its half of the
plane (the cells of Voronoi, cut off where nobody is near). For the towns of a ward that is quick; a
library for it would be a hundred megabytes of others.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import cos, hypot, pi, sin

Point = tuple[float, float]

#: How many corners the circle has from which a cell is cut.
CORNERS = 24
#: How far a cell may reach, as a multiple of the longest way from a place to its nearest neighbour.
REACH = 0.75


@dataclass(frozen=True, slots=True)
class Edge:
    """A side of a cell; `beyond` is the place on its other side, None where nobody is near."""

    start: Point
    end: Point
    beyond: int | None


@lru_cache(maxsize=32)
def cells(places: tuple[Point, ...]) -> tuple[tuple[Edge, ...], ...]:
    """Return the sides of each place's cell, in the order of the places, which all differ."""
    reach = REACH * max((_nearest(here, places) for here in range(len(places))), default=0.0)
    return tuple(_cell(here, places, reach or 1.0) for here in range(len(places)))


def _nearest(here: int, places: tuple[Point, ...]) -> float:
    x, y = places[here]
    ways = (hypot(x - a, y - b) for place, (a, b) in enumerate(places) if place != here)
    return min(ways, default=0.0)


def _cell(here: int, places: tuple[Point, ...], reach: float) -> tuple[Edge, ...]:
    x, y = places[here]
    angles = [2 * pi * corner / CORNERS for corner in range(CORNERS + 1)]
    ring = [(x + reach * cos(angle), y + reach * sin(angle)) for angle in angles]
    sides = [Edge(start, end, None) for start, end in pairwise(ring)]
    for other, (a, b) in enumerate(places):
        if other != here and hypot(a - x, b - y) < 2 * reach:
            sides = _cut(sides, (x, y), (a, b), other)
    return tuple(sides)


def _cut(sides: list[Edge], here: Point, there: Point, other: int) -> list[Edge]:
    """Return what is left of a cell once the half that is nearer to another place is taken away."""
    normal = (there[0] - here[0], there[1] - here[1])
    middle = ((there[0] + here[0]) / 2, (there[1] + here[1]) / 2)

    def beyond(point: Point) -> float:
        return (point[0] - middle[0]) * normal[0] + (point[1] - middle[1]) * normal[1]

    kept: list[Edge] = []
    crossings: list[Point] = []
    for side in sides:
        first, last = beyond(side.start), beyond(side.end)
        if first > 0 and last > 0:
            continue
        start, end = side.start, side.end
        if first > 0 or last > 0:
            part = first / (first - last)
            at = (start[0] + part * (end[0] - start[0]), start[1] + part * (end[1] - start[1]))
            crossings.append(at)
            start, end = (at, end) if first > 0 else (start, at)
        kept.append(Edge(start, end, side.beyond))
    return _closed(kept, other) if crossings else kept


def _closed(sides: list[Edge], other: int) -> list[Edge]:
    """Close a ring of sides from which one stretch was taken away."""
    closed: list[Edge] = []
    for place, side in enumerate(sides):
        closed.append(side)
        following = sides[(place + 1) % len(sides)].start
        if hypot(side.end[0] - following[0], side.end[1] - following[1]) > 0:
            closed.append(Edge(side.end, following, other))
    return closed

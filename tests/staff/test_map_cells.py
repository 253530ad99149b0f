"""The cells of the map: to each place what lies nearer to it than to any other."""

from __future__ import annotations

from math import hypot
from random import Random

import pytest

from carenet.staff.pages.review.cells import Edge, Point, cells

SEEDS = range(5)


def some_places(seed: int) -> tuple[Point, ...]:
    draw = Random(seed)  # noqa: S311 -- no secret
    return tuple((draw.uniform(0, 400), draw.uniform(0, 300)) for _each in range(25))


def holds(cell: tuple[Edge, ...], point: Point) -> bool:
    """Whether a point lies in a cell: on the same side of all its edges."""
    turns = [
        (e.end[0] - e.start[0]) * (point[1] - e.start[1])
        - (e.end[1] - e.start[1]) * (point[0] - e.start[0])
        for e in cell
    ]
    return all(turn >= 0 for turn in turns)


@pytest.mark.parametrize("seed", SEEDS)
def test_whatever_lies_in_a_cell_is_nearest_to_its_place(seed: int) -> None:
    places, draw = some_places(seed), Random(seed + 100)  # noqa: S311
    divided = cells(places)
    found = 0
    for _each in range(300):
        point = (draw.uniform(0, 400), draw.uniform(0, 300))
        inside = [place for place, cell in enumerate(divided) if holds(cell, point)]
        nearest = min(
            range(25), key=lambda p: hypot(places[p][0] - point[0], places[p][1] - point[1])
        )
        assert inside in ([], [nearest])
        found += len(inside)
    assert found > 200


@pytest.mark.parametrize("seed", SEEDS)
def test_the_sides_of_a_cell_close(seed: int) -> None:
    for place, cell in enumerate(cells(some_places(seed))):
        assert place not in {side.beyond for side in cell}
        for side, following in zip(cell, [*cell[1:], cell[0]], strict=True):
            assert side.end == pytest.approx(following.start)


def test_one_place_alone_has_a_circle() -> None:
    [cell] = cells(((1.0, 1.0),))
    assert {side.beyond for side in cell} == {None}

"""Which heads of figures are left out for readers who may not see persons.

Figures of areas can be subtracted from each other: the rows of one kind of area from those of another,
what lies in an area of one kind from the larger area of another kind around it, a part from its whole.
So a head is shown in all rows or in none, and what such a subtraction would leave is looked at as well.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.conf import settings

#: What is counted where: the areas of an address, none of them for what lies in none.
Places = Mapping[frozenset[Any], Counter[Any]]


def by_area(places: Places) -> dict[Any, Counter[Any]]:
    """Return what is counted in each area, and under None what lies in no area at all."""
    rows: dict[Any, Counter[Any]] = {}
    for areas, counts in places.items():
        for area in areas or [None]:
            rows.setdefault(area, Counter()).update(counts)
    return rows


def too_small(heads: Iterable[Any], places: Places) -> set[Any]:
    """Return the heads that are to be left out in every row.

    In a row that counts somebody zero is small, too: it says of each of them that they are not meant.
    """
    rows, least = by_area(places).values(), settings.WATCH_REVIEW_SMALL_COUNT
    found = {head for head in heads if any(row[head] < least for row in rows)}
    return found | few_somewhere(heads, places)


def few_somewhere(heads: Iterable[Any], places: Places) -> set[Any]:
    """Return the heads under which some place counts few, though perhaps no area does."""
    least = settings.WATCH_REVIEW_SMALL_COUNT
    return {head for head in heads if any(0 < each[head] < least for each in places.values())}


def with_rests(
    places: Places, rests: Mapping[str, tuple[str, Collection[str]]]
) -> dict[frozenset[Any], Counter[Any]]:
    """Return the same with what is left of a whole without some parts, under names of their own."""
    return {
        areas: counts
        + Counter(
            {name: counts[whole] - _sum(counts, parts) for name, (whole, parts) in rests.items()}
        )
        for areas, counts in places.items()
    }


def _sum(counts: Counter[Any], heads: Iterable[str]) -> int:
    return sum(counts[head] for head in heads)

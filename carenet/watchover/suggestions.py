"""Who might look in on whom: computed from nearness, load and term, each with its reasons; no database.

It only proposes: nothing is written here, and a person decides. Whoever is protected is left out of
everything: nobody is suggested for them, and nothing is worked out from where they live.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db import models
from django.utils.translation import gettext_lazy as _
from scipy.optimize import linear_sum_assignment


class Nearness(models.IntegerChoices):
    """How near a watcher is to a person, by where they look in already; the nearest first."""

    VISITED = 0, _("has made the first visit")
    SAME_CHOME = 1, _("looks in on somebody in the same chōme")
    SAME_TOWN = 2, _("looks in on somebody in the same town")
    NEXT_TOWN = 3, _("looks in on somebody in a neighbouring town")
    SAME_AREA = 4, _("works in the same area")


@dataclass(frozen=True, slots=True)
class Spot:
    """Where an address lies: its town, its chōme, and the areas that hold it.

    `near` are the narrowest areas of the address table that hold the town: towns that share one are
    neighbours. `areas` are all that hold the address.
    """

    town: str
    chome: int | None = None
    near: frozenset[Hashable] = frozenset()
    areas: frozenset[Hashable] = frozenset()


@dataclass(frozen=True, slots=True)
class Wish:
    """Somebody who wants to be watched over; `spot` is None where the address says no place."""

    key: Hashable
    spot: Spot | None = None
    protected: bool = False
    visitor: Hashable | None = None
    watched_by: frozenset[Hashable] = frozenset()


@dataclass(frozen=True, slots=True)
class WatcherLoad:
    """Somebody who may look in: where they do already, on how many, and how many they may at most.

    `spots` are places of people who are not protected; `areas` those that their agency works in.
    """

    key: Hashable
    load: int = 0
    most: int = 0
    term_ends: bool = False
    spots: tuple[Spot, ...] = ()
    areas: frozenset[Hashable] = frozenset()

    @property
    def free(self) -> int:
        """How many more they may look in on."""
        return max(0, self.most - self.load)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Who might look in on somebody, and why: how near, with how many already, whether the term ends."""

    wish: Hashable
    watcher: Hashable
    nearness: Nearness
    load: int
    most: int
    term_ends: bool = False


@dataclass(frozen=True, slots=True)
class Suggestions:
    """What was found, and for whom nobody was: no place, nobody near, or nobody with room left."""

    found: Sequence[Suggestion] = ()
    nobody: Sequence[Hashable] = field(default_factory=tuple)


#: What one step farther away, one watch more, a term that ends soon weigh against each other.
FARTHER, BUSIER, ENDING = 10, 3, 15
#: More than any suggestion costs: nobody is better only than what may not be.
NOBODY, NEVER = 10_000, 1_000_000


def nearness(wish: Wish, watcher: WatcherLoad) -> Nearness | None:
    """Return how near a watcher is to a person; None where they are not near, or may not look in."""
    if wish.protected or watcher.key in wish.watched_by:
        return None
    if wish.visitor is not None and wish.visitor == watcher.key:
        return Nearness.VISITED
    return _by_place(wish.spot, watcher) if wish.spot else None


def _by_place(here: Spot, watcher: WatcherLoad) -> Nearness | None:
    towns = [each for each in watcher.spots if each.town == here.town]
    if here.chome is not None and any(each.chome == here.chome for each in towns):
        return Nearness.SAME_CHOME
    if towns:
        return Nearness.SAME_TOWN
    if any(each.near & here.near for each in watcher.spots):
        return Nearness.NEXT_TOWN
    return Nearness.SAME_AREA if watcher.areas & here.areas else None


def suggest(wishes: Iterable[Wish], watchers: Iterable[WatcherLoad]) -> Suggestions:
    """Return the watchers for all these people together that cost the least, by nearness, load and term.

    Nobody gets more than they have room for; a person without anybody near stays without.
    """
    wanted = [each for each in wishes if not each.protected]
    able = [each for each in watchers if each.free]
    near = {
        (row, each.key): how
        for row, wish in enumerate(wanted)
        for each in able
        if (how := nearness(wish, each)) is not None
    }
    places = [(each, number) for each in able for number in range(min(each.free, len(wanted)))]
    if not wanted:
        return Suggestions()
    costs = _costs(len(wanted), places, near)
    rows, columns = linear_sum_assignment(costs)
    found, nobody = [], []
    for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
        wish = wanted[row]
        if column >= len(places) or costs[row][column] >= NOBODY:
            nobody.append(wish.key)
            continue
        who, _number = places[column]
        found.append(
            Suggestion(
                wish.key, who.key, near[row, who.key], who.load, who.most, term_ends=who.term_ends
            )
        )
    return Suggestions(tuple(found), tuple(nobody))


def _costs(
    number: int,
    places: Sequence[tuple[WatcherLoad, int]],
    near: Mapping[tuple[int, Hashable], Nearness],
) -> list[list[int]]:
    """Return what each place of a watcher costs for each person; behind them a place of nobody each."""
    costs = [[NEVER] * (len(places) + number) for _row in range(number)]
    for column, (who, taken) in enumerate(places):
        own = (who.load + taken) * BUSIER + ENDING * who.term_ends
        for row in range(number):
            found = near.get((row, who.key))
            if found is not None:
                costs[row][column] = found * FARTHER + own
    for row in range(number):
        costs[row][len(places) + row] = NOBODY
    return costs

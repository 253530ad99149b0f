"""(a) A sweep costs by what is due, not by how many are watched."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median
from time import perf_counter

from benchmarks.figures import Figure
from benchmarks.neighbourhood import Neighbourhood, a_neighbourhood, analyze, fill_ahead
from carenet.core import clock
from carenet.watchover.actions.missed_visits import mark_missed

ROUNDS, DAYS, MOST_GROWTH = 3, 100, 2.0


def measure(due: int, residents: int) -> Iterator[Figure]:
    """Yield what flipping `due` costs among 100 times `residents`, / among as many."""
    who = a_neighbourhood()
    rounds = 2 * ROUNDS + 1
    who.watch_over(max(residents, rounds * due + due))
    analyze()
    _flip(who, due)  # connections and plans are warm from here on
    few = median(_flip(who, due) for _ in range(ROUNDS))
    fill_ahead(DAYS)
    many = median(_flip(who, due) for _ in range(ROUNDS))
    live = max(residents, rounds * due + due) * DAYS
    base = f"{due:,} due; {many:.3f} s among {live:,}, {few:.3f} s among few"
    yield Figure(
        "a sweep of the watch-over: among many / among few", many / few, MOST_GROWTH, base=base
    )


def _flip(who: Neighbourhood, due: int) -> float:
    who.fall_due([clock.now()] * due)
    flipped, start = 0, perf_counter()
    while done := mark_missed(now=clock.now()):
        flipped += done
    if flipped != due:
        raise RuntimeError(f"{flipped} instead of {due} were flipped.")
    return perf_counter() - start

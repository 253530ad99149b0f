"""(a) A sweep costs by what is due, not by how many are watched."""

from __future__ import annotations

from statistics import median
from time import perf_counter
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from benchmarks.neighbourhood import Neighbourhood, a_neighbourhood, analyze, fill_ahead
from carenet.core import clock
from carenet.watchover.actions.missed_visits import mark_missed

ROUNDS, DAYS = 3, 100


def measure(due: int, residents: int) -> dict[str, Any]:
    """Return what flipping `due` costs among as many, and among 100 times `residents`."""
    who = a_neighbourhood()
    rounds = 2 * ROUNDS + 1
    who.watch_over(max(residents, rounds * due + due))
    analyze()
    _flip(who, due)  # connections and plans are warm from here on
    few = median(_flip(who, due) for _ in range(ROUNDS))
    fill_ahead(DAYS)
    many = median(_flip(who, due) for _ in range(ROUNDS))
    return {
        "due": due,
        "live": max(residents, rounds * due + due) * DAYS,
        "seconds_among_few": round(few, 3),
        "seconds_among_many": round(many, 3),
        "ratio": round(many / few, 2),
        "target": "ratio <= 2",
        "met": many / few <= 2,  # noqa: PLR2004 - the target
        "plan": _plan(who, due),
    }


def _flip(who: Neighbourhood, due: int) -> float:
    who.fall_due([clock.now()] * due)
    flipped, start = 0, perf_counter()
    while done := mark_missed(now=clock.now()):
        flipped += done
    if flipped != due:
        raise RuntimeError(f"{flipped} instead of {due} were flipped.")
    return perf_counter() - start


def _plan(who: Neighbourhood, due: int) -> list[str]:
    """Return how PostgreSQL goes about the very query that claims."""
    who.fall_due([clock.now()] * due)
    with CaptureQueriesContext(connection) as captured:
        mark_missed(now=clock.now())
    claiming = next(each["sql"] for each in captured if "SKIP LOCKED" in each["sql"])
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {claiming}")
        plan = [row[0] for row in cursor.fetchall()]
    while mark_missed(now=clock.now()):
        pass
    return plan

"""Runs the measurements and shows a table with the goal beside each figure; `JSON=path` keeps it."""

import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import django

django.setup()

from benchmarks import (  # noqa: E402
    alerts,
    day,
    days,
    desk,
    firefox,
    list_day,
    lists,
    pages,
    reminders,
    rules,
    screens,
    search,
    sweep,
)
from benchmarks.database import database_copy  # noqa: E402
from benchmarks.day import Length  # noqa: E402
from benchmarks.figures import Figure, line  # noqa: E402
from benchmarks.house import in_chromium  # noqa: E402
from benchmarks.ward import a_ward, check, fill  # noqa: E402

#: How many cases, and how often each is asked; `SHORT=1` takes five minutes.
SIZES, SHORT_SIZES = (10_000, 100_000), (2_000, 10_000)
ROUNDS, SHORT_ROUNDS = 15, 5
#: What the measurements of watch-over, of pages and of rules do; a twentieth of it when it is short.
DUE, RESIDENTS, ALERTS, KILLS = 1000, 10_000, 2000, 10
LOOKS, QUESTIONS = 100, 300
MISSED_SHARE, WITHIN_SECONDS = 0.05, 60.0
SHORTER = 20
#: How many reminders fall due at once; a batch of the service is a hundred.
REMINDERS, SHORT_REMINDERS = 1000, 300
#: Copies of which kinds are compared with what the actions write: open, referred, ended.
CHECKED = (31, 45, 58)
#: The parts that need a ward of a size; the day is in the largest alone, and last: it writes.
OF_A_WARD = ("lists", "search", "desk", "day")
#: For the day by itself.
DAY_SIZE = 10_000
DAY, SHORT_DAY = Length(), Length(people=60, turns=1, seconds=15, step_seconds=5, highest=60)


def figures(sizes: list[int], only: str, *, short: bool) -> Iterator[tuple[str, Figure]]:
    """Yield the figures of all parts, or of the one that is named, each with where it belongs."""
    rounds = SHORT_ROUNDS if short else ROUNDS
    yield from _of_wards(sizes, only, rounds, SHORT_DAY if short else DAY)
    for name, part in _others(SHORTER if short else 1).items():
        if only in {"", name}:
            yield from ((name, each) for each in part())


def _of_wards(
    sizes: list[int], only: str, rounds: int, length: Length
) -> Iterator[tuple[str, Figure]]:
    searches, growing = [], []
    for size in sizes if only in {"", *OF_A_WARD} else ():
        with database_copy(f"ward_{size}"):
            ward = a_ward()
            fill(ward, size)
            check(ward, CHECKED)
            if only in {"", "lists"}:
                yield from ((f"{size:,} cases", each) for each in lists.measure(ward, rounds))
                growing.append(lists.measure_growing(ward, rounds))
                if growing[1:]:
                    grown = lists.growth_figures(growing[-1], growing[0])
                    yield from ((f"{size:,} cases", each) for each in grown)
            if only in {"", "search"}:
                searches.append(search.measure(ward, rounds))
                found = search.figures(searches[-1], searches[0] if searches[1:] else None)
                yield from ((f"{size:,} cases", each) for each in found)
            if only in {"", "desk"}:
                yield from ((f"{size:,} cases", each) for each in desk.measure(ward, rounds))
            if only in {"", "day"} and size == sizes[-1]:
                yield from ((f"{size:,} cases", each) for each in day.measure(ward, length))


def _others(shorter: int) -> dict[str, Callable[[], Iterator[Figure]]]:
    due, residents, number = DUE // shorter, RESIDENTS // shorter, ALERTS // shorter
    within = max(WITHIN_SECONDS / shorter, 2.0)
    return {
        "rules": lambda: rules.measure(QUESTIONS // shorter),
        "pages": lambda: pages.measure(max(LOOKS // shorter, 3)),
        "screens": lambda: in_chromium((*screens.TASKS, *days.DAYS, list_day.the_list)),
        "firefox": firefox.measure,
        "reminders": lambda: _reminders(REMINDERS if shorter == 1 else SHORT_REMINDERS),
        "throughput": lambda: alerts.throughput(number),
        "kills": lambda: alerts.kills(number, KILLS),
        "latency": lambda: alerts.latency(residents, MISSED_SHARE, within),
        # It fills the database: it comes last.
        "sweep": lambda: sweep.measure(due, residents),
    }


def _reminders(number: int) -> Iterator[Figure]:
    with database_copy("reminders"):
        yield from reminders.measure(number)


def _sizes(only: str, *, short: bool) -> list[int]:
    """Return the sizes of the wards, the largest last; those that a part does not need are left out."""
    given = os.environ.get("SCALE")
    if given:
        sizes = [int(each) for each in given.split(",")]
        return sizes[-1:] if only == "day" else sizes
    if only == "day":
        return [DAY_SIZE]
    return list(SHORT_SIZES if short else SIZES)


def main() -> None:
    short = bool(os.environ.get("SHORT"))
    only = os.environ.get("ONLY", "")
    kept = []
    for part, figure in figures(_sizes(only, short=short), only, short=short):
        sys.stdout.write(f"{part:<16}{line(figure)}\n")
        sys.stdout.flush()
        kept.append({"part": part, **figure.as_json()})
    if path := os.environ.get("JSON"):
        Path(path).write_text(
            json.dumps(kept, indent=2, ensure_ascii=False) + "\n", encoding="utf-8"
        )


if __name__ == "__main__":
    main()

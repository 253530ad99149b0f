"""A mixed day over HTTP: the real web server, and people who ask from a process of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from statistics import mean, median, quantiles
from typing import Any

from django.conf import settings

from benchmarks.cost import user_of
from benchmarks.database import address
from benchmarks.day_people import SHARES, browser_of, people_of
from benchmarks.figures import Figure
from benchmarks.ward import Ward
from benchmarks.web_service import WebService, web_service

MOST_P95_MS, MOST_P99_MS, MOST_BESIDE, LEAST_RATE = 100, 250, 2, 90
AGAIN, SLOWEST = "again", "/review/referrals/funnel/"
#: A rate is held while one in twenty waits for less than that, and nearly all are answered in time.
LONGEST_P95_MS, NEARLY_ALL, STEP = 1000, 0.95, 10


@dataclass(frozen=True, slots=True)
class Length:
    """How many people, how often and how long they are watched, and up to which rate they are driven."""

    people: int = 300
    turns: int = 2
    seconds: float = 60
    step_seconds: float = 15
    think: float = 8.0
    highest: int = 200


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some seconds of the day: what the people got, and the processor time of all that took part."""

    seconds: float
    asked: int
    answers: list[tuple[str, float, float]]
    web: float
    database: float
    load: float
    machine: float

    @property
    def beside(self) -> float:
        """How many processors worked for anything else on this machine: what it did to the waits."""
        ours = self.web + self.database + self.load
        return max(self.machine - ours, 0) / 1000 / self.seconds

    @property
    def others(self) -> list[float]:
        """What everybody but the one caller waited, in milliseconds."""
        return [took * 1000 for kind, _due, took in self.answers if kind != AGAIN]

    @property
    def in_time(self) -> int:
        """How many had their answer at the end, or as soon after it as is held."""
        end = self.seconds + LONGEST_P95_MS / 1000
        return sum(due + took <= end for _kind, due, took in self.answers)


@dataclass(frozen=True, slots=True)
class Day:
    """What the stretches of one day have in common."""

    web: WebService
    length: Length
    people: list[dict[str, Any]]
    caller: dict[str, Any]

    def stretch(
        self, seconds: float, seed: int, *, rate: float = 0, again: bool = False
    ) -> Stretch:
        """Let the people ask for so long.

        Raises `RuntimeError` with what was answered, unless all was well.
        """
        plan = {
            "port": self.web.port,
            "people": self.people,
            "shares": SHARES,
            "think": self.length.think,
            "seconds": seconds,
            "seed": seed,
            "rate": rate,
            "again": self.caller if again else None,
        }
        before = self.web.spent()
        found = _load(plan)
        web, database, machine = self.web.spent().since(before)
        return Stretch(
            seconds=seconds,
            asked=found["asked"],
            answers=found["answers"],
            web=web,
            database=database,
            load=found["processor_ms"],
            machine=machine,
        )


def measure(
    ward: Ward, length: Length, environment: Mapping[str, str] | None = None
) -> Iterator[Figure]:
    """Yield what a day costs, which rate is held, and what one caller does to the others."""
    people = people_of(ward, length.people)
    asks = {AGAIN: {AGAIN: [{"method": "GET", "address": SLOWEST}]}}
    caller = {**browser_of(user_of(ward.office)), "asks": asks}
    with web_service({**(environment or os.environ), "DATABASE_URL": address()}) as web:
        day = Day(web, length, people, caller)
        _warm_up(day)
        memory = web.memory()
        alone, beside = _in_turn(day)
        yield from _of_a_day(alone, length)
        yield from _beside_one(alone, beside)
        yield _held(day)
        base = "PSS of the largest web process, warm"
        yield Figure("web process: MB at the start of the day", memory, base=base)
        yield Figure("web process: MB at its end", web.memory(), base=base)


def _warm_up(day: Day) -> None:
    """Let each process meet each kind of request: caches and plans are those of a service that runs."""
    day.stretch(len(day.people) / 20, seed=0, rate=STEP, again=True)


def _in_turn(day: Day) -> tuple[list[Stretch], list[Stretch]]:
    alone, beside, length = [], [], day.length
    for turn in range(1, length.turns + 1):
        alone.append(day.stretch(length.seconds, turn))
        beside.append(day.stretch(length.seconds, turn, again=True))
    return alone, beside


def _of_a_day(stretches: list[Stretch], length: Length) -> Iterator[Figure]:
    took = [each for stretch in stretches for each in stretch.others]
    people = f"{length.people} people, {length.think:g} s of thought"
    rate = len(took) / sum(each.seconds for each in stretches)
    other = mean(each.beside for each in stretches)
    base = f"{people}: {len(took):,} requests, {rate:.1f} a second; other work {other:.1f} cores"
    yield Figure(
        "a mixed day: p95 ms",
        _percentile(took, 95),
        MOST_P95_MS,
        base=f"{base}; {_slowest_kinds(stretches)}",
    )
    yield Figure("a mixed day: p99 ms", _percentile(took, 99), MOST_P99_MS, base=base)
    yield Figure("a mixed day: median ms", median(took), base=base)
    for name in ("web", "database", "load"):
        cost = sum(getattr(each, name) for each in stretches) / len(took)
        yield Figure(f"a mixed day: {name} processor ms a request", cost, base=people)


def _beside_one(alone: list[Stretch], beside: list[Stretch]) -> Iterator[Figure]:
    without, with_one = (
        _percentile([each for stretch in stretches for each in stretch.others], 95)
        for stretches in (alone, beside)
    )
    asked = sum(kind == AGAIN for stretch in beside for kind, *_rest in stretch.answers)
    base = f"{with_one:.0f} / {without:.0f} ms; {SLOWEST} {asked} times"
    yield Figure(
        "the others' p95 beside one caller / without", with_one / without, MOST_BESIDE, base=base
    )


def _held(day: Day) -> Figure:
    """Return the highest rate at which requests may come, each whether or not others are answered."""
    held, told = 0, ""
    for rate in range(STEP, day.length.highest + 1, STEP):
        found = day.stretch(day.length.step_seconds, rate, rate=rate)
        p95 = _percentile(found.others, 95)
        answered = found.in_time / found.asked
        told += f"; {rate}: p95 {p95:.0f} ms, {answered:.0%} in time"
        told += f", other work {found.beside:.1f} cores"
        if p95 > LONGEST_P95_MS or answered < NEARLY_ALL:
            break
        held = rate
    return Figure("requests a second that are held", held, LEAST_RATE, least=True, base=told[2:])


def _load(plan: dict[str, Any]) -> dict[str, Any]:
    ended = subprocess.run(
        (sys.executable, "-m", "benchmarks.load"),
        cwd=settings.BASE_DIR,
        input=json.dumps(plan),
        stdout=subprocess.PIPE,
        check=True,
        encoding="utf-8",
    )
    found: dict[str, Any] = json.loads(ended.stdout)
    if found["refused"]:
        raise RuntimeError(found["refused"])
    return found


def _percentile(values: list[float], percent: int) -> float:
    return quantiles(values, n=100, method="inclusive")[percent - 1]


def _slowest_kinds(stretches: list[Stretch]) -> str:
    """Return the three kinds of request with the slowest medians."""
    kinds: dict[str, list[float]] = defaultdict(list)
    for stretch in stretches:
        for kind, _due, took in stretch.answers:
            kinds[kind].append(took * 1000)
    slowest = sorted(kinds, key=lambda kind: -median(kinds[kind]))[:3]
    return "median of " + ", ".join(f"{kind} {median(kinds[kind]):.0f}" for kind in slowest)

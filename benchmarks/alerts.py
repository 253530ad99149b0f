"""(b) Alerts per second from flip to inbox, also over kills; (c) how long after its grace one waits."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from statistics import quantiles
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet

from benchmarks.neighbourhood import Neighbourhood, a_neighbourhood, analyze, fill_ahead
from benchmarks.worker_processes import a_crew, wait_for
from carenet.core import clock
from carenet.reminders.models import InboxEntry, Pulse
from carenet.watchover.models import Alert, Expectation

WARM_UP = 20
TARGET_PER_SECOND, TARGET_SECONDS = 300, 30
DAYS = 14


def throughput(alerts: int, environment: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Return how many alerts per second reach their watcher's inbox, beside bare commits."""
    who = a_neighbourhood()
    who.watch_over(alerts + WARM_UP)
    analyze()
    bare = _bare_commits()
    with a_crew(environment):
        _tell(who, WARM_UP)
        start = time.monotonic()
        _tell(who, alerts)
        rate = alerts / (time.monotonic() - start)
    return {
        "alerts": alerts,
        "per_second": round(rate, 1),
        "bare_commits_per_second": round(bare, 1),
        "ratio": round(rate / bare, 4),
        "target": f">= {TARGET_PER_SECOND} per second",
        "met": rate >= TARGET_PER_SECOND,
    }


def kills(alerts: int, times: int, environment: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Return what was lost and doubled when a worker is killed so many times on the way."""
    who = a_neighbourhood()
    who.watch_over(alerts)
    with a_crew(environment) as crew:
        ours = who.fall_due([clock.now()] * alerts)
        for number in range(times):
            share = alerts * (number + 1) // (times + 1)
            wait_for(lambda share=share: _arrived(ours).count() >= share)  # type: ignore[misc]
            crew.kill_one()
        wait_for(lambda: _arrived(ours).values("reminder__subject_id").distinct().count() == alerts)
    told = Counter(_arrived(ours).values_list("reminder__subject_id", "user"))
    missed = Expectation.objects.filter(assignment__in=ours, state="missed").count()
    lost, doubled = alerts - len(told), told.total() - len(told)
    return {
        "alerts": alerts,
        "kills": times,
        "lost": lost,
        "doubled": doubled,
        "flipped": missed,
        "target": "none lost, none doubled",
        "met": (lost, doubled, missed) == (0, 0, alerts),
    }


def latency(
    residents: int, share: float, within: float, environment: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Return how long a share of the watched wait whose graces end within so many seconds."""
    few = max(residents // 100, 2)
    small, _live = _waits(few, max(int(few * share), 2), within, environment)
    large, live = _waits(residents, max(int(residents * share), 2), within, environment)
    p99, baseline = _p99(large), _p99(small)
    return {
        "residents": residents,
        "live": live,
        "missed": len(large),
        "within_seconds": within,
        "p50_seconds": round(sorted(large)[len(large) // 2], 2),
        "p99_seconds": round(p99, 2),
        "p99_seconds_of_a_hundredth": round(baseline, 2),
        "ratio": round(p99 / baseline, 2),
        "target": f"p99 <= {TARGET_SECONDS} s",
        "met": p99 <= TARGET_SECONDS,
    }


def _waits(
    residents: int, missed: int, within: float, environment: Mapping[str, str] | None
) -> tuple[list[float], int]:
    who = a_neighbourhood()
    who.watch_over(residents)
    fill_ahead(DAYS)
    begin = clock.now() + timedelta(seconds=5)
    graces = [begin + timedelta(seconds=within * n / missed) for n in range(missed)]
    Pulse.objects.filter(name="watchover").delete()  # what was between is no outage
    with a_crew(environment):
        ours = who.fall_due(graces)
        wait_for(lambda: _arrived(ours).count() >= missed)
    ended = dict(
        Expectation.objects.filter(assignment__in=ours, state="missed").values_list(
            "alert", "grace_until"
        )
    )
    arrived = _arrived(ours).values_list("reminder__subject_id", "arrived_at")
    live = Expectation.objects.filter(state="expected").count()
    return [(at - ended[alert]).total_seconds() for alert, at in arrived], live


def _tell(who: Neighbourhood, alerts: int) -> None:
    """Wait by a question that costs next to nothing: it is asked on the cores of the workers."""
    start = clock.now()
    who.fall_due([start] * alerts)
    since = InboxEntry.objects.filter(arrived_at__gte=start, user__isnull=False)
    wait_for(lambda: since.count() >= alerts)


def _arrived(watches: set[UUID]) -> QuerySet[InboxEntry]:
    """Return the first steps that have reached a person."""
    alerts = Alert.objects.filter(assignment__in=watches).values("pk")
    return InboxEntry.objects.filter(
        reminder__subject_id__in=alerts, user__isnull=False, delivery__step=0
    )


def _p99(seconds: list[float]) -> float:
    return quantiles(seconds, n=100, method="inclusive")[-1]


def _bare_commits(rows: int = 500) -> float:
    """Return how many transactions of one row a single connection commits in a second here."""
    start = time.perf_counter()
    for number in range(rows):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO reminders_pulse (name, at) VALUES (%s, now())", [f"bare {number}"]
            )
    rate = rows / (time.perf_counter() - start)
    Pulse.objects.filter(name__startswith="bare ").delete()
    return rate

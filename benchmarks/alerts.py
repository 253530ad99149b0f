"""(b) Alerts per second from flip to inbox, also over kills; (c) how long after its grace one waits."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import timedelta
from statistics import quantiles
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet

from benchmarks.figures import Figure
from benchmarks.neighbourhood import Neighbourhood, a_neighbourhood, analyze, fill_ahead
from benchmarks.worker_processes import WORKERS, a_crew, wait_for
from carenet.core import clock
from carenet.reminders.models import InboxEntry, Pulse
from carenet.watchover.models import Alert, Expectation

WARM_UP = 20
TARGET_PER_SECOND, TARGET_SECONDS = 400, 30
DAYS = 14


def throughput(alerts: int, environment: Mapping[str, str] | None = None) -> Iterator[Figure]:
    """Yield how many alerts a second reach their watcher's inbox, and how many bare commits that is."""
    who = a_neighbourhood()
    who.watch_over(alerts + WARM_UP)
    analyze()
    bare = _bare_commits()
    with a_crew(environment):
        _tell(who, WARM_UP)
        start = time.monotonic()
        _tell(who, alerts)
        rate = alerts / (time.monotonic() - start)
    base = f"{alerts:,} alerts, {WORKERS} workers; {bare:,.0f} bare commits a second"
    yield Figure("alerts to inboxes a second", rate, TARGET_PER_SECOND, least=True, base=base)
    yield Figure("alerts a second / bare commits a second", rate / bare, base=base)


def kills(
    alerts: int, times: int, environment: Mapping[str, str] | None = None
) -> Iterator[Figure]:
    """Yield what is lost and doubled when a worker is killed so many times on the way."""
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
    base = f"{alerts:,} alerts, {times} kills"
    yield Figure("alerts lost to kills", alerts - len(told), 0, base=base)
    yield Figure("alerts doubled by kills", told.total() - len(told), 0, base=base)
    yield Figure("missed visits that are not marked", alerts - missed, 0, base=base)


def latency(
    residents: int, share: float, within: float, environment: Mapping[str, str] | None = None
) -> Iterator[Figure]:
    """Yield how long a share of the watched wait whose graces end within so many seconds."""
    few = max(residents // 100, 2)
    small, _live = _waits(few, max(int(few * share), 2), within, environment)
    large, live = _waits(residents, max(int(residents * share), 2), within, environment)
    p99, baseline = _p99(large), _p99(small)
    base = f"{len(large):,} of {residents:,} missed within {within:g} s among {live:,} expected"
    yield Figure(
        "seconds from the end of a grace to the inbox, p99", p99, TARGET_SECONDS, base=base
    )
    yield Figure("the same / among a hundredth", p99 / baseline, base=f"there {baseline:.2f} s")


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

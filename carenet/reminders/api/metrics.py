"""What Prometheus is told of rows, queues and connections: at a scrape, never at a request of people.

A few statements, each by an index, in one transaction that may not take long. Where the database or
Redis is away the scrape succeeds all the same: `carenet_database_up` or `carenet_redis_up` is 0, and
what only they know is left out.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from math import inf
from time import monotonic
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from carenet.core import clock
from carenet.reminders.actions.health import brief_redis
from carenet.reminders.channels import CHANNELS
from carenet.reminders.registry import health_figures
from carenet.reminders.selectors import is_paused, oldest_waiting, outcomes_since, sweep_ages
from carenet.reminders.states import FINAL

logger = logging.getLogger(__name__)
#: The figures of `/healthz` look at all that is open: worth a look as often as somebody sees to it.
HEALTH_KEPT_SECONDS = 300.0
#: Prometheus waits ten seconds for all of it.
TRANSACTION_SECONDS = 3
LATELY = timedelta(hours=1)
#: How PostgreSQL calls what a connection does, and how the metrics do.
_STATES = {
    "active": "active",
    "idle": "idle",
    "idle in transaction": "in_transaction",
    "idle in transaction (aborted)": "in_transaction",
}
_CONNECTIONS = """
    SELECT state, count(*), current_setting('max_connections')::int
    FROM pg_stat_activity WHERE datname = current_database() GROUP BY state
"""


class Figures(Collector):
    """The collector of this room: one thread at a time asks it."""

    def __init__(self) -> None:
        self._found: list[Metric] = []
        self._until = 0.0
        self._health: list[Metric] = []
        self._health_until = 0.0

    def collect(self) -> Iterator[Metric]:
        if monotonic() >= self._until:
            self._found = [*self._of_database(), *_of_redis()]
            self._until = monotonic() + settings.METRICS_KEPT_SECONDS
        yield from self._found

    def _of_database(self) -> Iterator[Metric]:
        found = _within_time(_rows)
        yield _gauge("database_up", "Whether the database has answered", found is not None)
        if found is None:
            return
        yield from found
        if monotonic() >= self._health_until:
            self._health = _within_time(_health) or []
            self._health_until = monotonic() + HEALTH_KEPT_SECONDS
        yield from self._health


def _within_time(ask: Callable[[], list[Metric]]) -> list[Metric] | None:
    """Return what is found in a transaction that may not take long; None when there was no answer."""
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                limit = f"{TRANSACTION_SECONDS}s"
                cursor.execute("SELECT set_config('transaction_timeout', %s, true)", [limit])
            return ask()
    except Exception:
        logger.exception("metrics: the database")
        connection.close()
        return None


def _rows() -> list[Metric]:
    clock.compare()
    now = clock.now()
    ages = {name: inf if age is None else age for name, age in sweep_ages(now).items()}
    counted = outcomes_since(now - LATELY)
    outcomes = {
        (channel, outcome): counted.get((channel, outcome), 0)
        for channel in CHANNELS
        for outcome in sorted(FINAL)
    }
    return [
        _gauge(
            "overdue_seconds",
            "Age of the oldest row that waits for a worker, 0 when none does",
            oldest_waiting(now),
            "kind",
        ),
        _gauge("sweep_age_seconds", "Time since a sweep last ran", ages, "sweep"),
        _gauge(
            "sending_paused", "Whether reminders wait until a person lets them out", is_paused()
        ),
        _gauge(
            "deliveries_last_hour",
            "Messages that came to an end in the last hour",
            outcomes,
            "channel",
            "outcome",
        ),
        *_connections(),
    ]


def _connections() -> Iterator[Metric]:
    """Tell what this database's connections do, and how many the server takes."""
    states = dict.fromkeys([*_STATES.values(), "other"], 0)
    with connection.cursor() as cursor:
        cursor.execute(_CONNECTIONS)
        found = cursor.fetchall()
    for state, number, _most in found:
        states[_STATES.get(state, "other")] += number
    yield _gauge("database_connections", "Connections to the database", states, "state")
    yield _gauge("database_connections_max", "Connections that the server takes", found[0][2])


def _health() -> list[Metric]:
    found = {name: figure() for name, figure in health_figures.items()}
    return [_gauge("health_figure", "The numbers of /healthz: all are to be 0", found, "figure")]


def _of_redis() -> Iterator[Metric]:
    names = [queue.name for queue in settings.CELERY_TASK_QUEUES]
    try:
        with brief_redis() as client, client.pipeline(transaction=False) as asked:
            for name in names:
                asked.llen(name)
            lengths = dict(zip(names, asked.execute(), strict=True))
    except Exception:
        logger.exception("metrics: redis")
        yield _gauge("redis_up", "Whether Redis has answered", False)
        return
    yield _gauge("redis_up", "Whether Redis has answered", True)
    yield _gauge("queue_length", "Wake-ups that no worker has taken", lengths, "queue")


def _gauge(name: str, told: str, value: float | Mapping[Any, float], *labels: str) -> Metric:
    """Make a gauge of one value, or of one for each value of its label, or tuple of them."""
    gauge = GaugeMetricFamily(f"carenet_{name}", told, labels=labels)
    values = value if isinstance(value, Mapping) else {(): value}
    for key, number in values.items():
        gauge.add_metric([key] if isinstance(key, str) else list(key), float(number))
    return gauge

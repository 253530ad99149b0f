"""Whether every part of the service works: tried in the order in which they need each other.

A living process proves nothing. The first part that does not work is named: what comes after it cannot
be judged. Times and names only.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import redis
from celery import current_app
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from redis.backoff import NoBackoff
from redis.retry import Retry

from carenet.audit.selectors import only_grows
from carenet.core import clock
from carenet.reminders.registry import health_figures, health_parts
from carenet.reminders.selectors import clocks_off, heartbeats, is_paused, oldest_overdue

logger = logging.getLogger(__name__)
REDIS_SECONDS = 1.0
WORKER_SECONDS = 1.0


def try_parts() -> dict[str, Any]:
    """Try all parts; return what works, the figures, and under `part` the first that does not work."""
    works: dict[str, str] = {}
    parts = {**PARTS, **health_parts, **LAST_PARTS}
    failed = next((name for name in parts if not _works(name, parts[name], works)), None)
    ready = works.get("migrations") == "ok"
    body = {
        "status": "unavailable" if failed else "ok",
        "oldest_overdue_seconds": _overdue() if ready else None,
        "clocks_off_seconds": _clocks_off() if ready else None,
        **{
            name: _figure(figure, name) if ready else None
            for name, figure in health_figures.items()
        },
        "parts": works,
    }
    return body | {"part": failed} if failed else body


def _works(name: str, part: Callable[[], bool], works: dict[str, str]) -> bool:
    """Try one part and note the outcome; whatever goes wrong in it is that part's failure."""
    try:
        works[name] = "ok" if part() else "failed"
    except Exception:
        logger.exception("healthz: %s", name)
        works[name] = "failed"
    return works[name] == "ok"


def _overdue() -> float | None:
    """Tell the age of the oldest overdue row, None when it cannot be known."""
    try:
        return round(oldest_overdue(clock.now()), 1)
    except DatabaseError:
        logger.exception("healthz: oldest overdue reminder")
        return None


def _clocks_off() -> dict[str, float] | None:
    """Tell whose clock is off, and by how many seconds it is early; None when it cannot be known."""
    own = {"web": -clock.offset().total_seconds()} if clock.is_off() else {}
    try:
        off = own | clocks_off(clock.now())
    except DatabaseError:
        logger.exception("healthz: clocks")
        return None
    return {name: round(seconds, 1) for name, seconds in off.items()}


def _figure(figure: Callable[[], int], name: str) -> int | None:
    """Tell a number of a room above, None when it cannot be known."""
    try:
        return figure()
    except DatabaseError:
        logger.exception("healthz: %s", name)
        return None


def _database() -> bool:
    clock.compare(at_once=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return True


def _migrations() -> bool:
    return _migrations_on_disk() <= set(MigrationRecorder(connection).applied_migrations())


@cache
def _migrations_on_disk() -> frozenset[tuple[str, str]]:
    """Name those that this release needs; they do not change while it runs."""
    return frozenset(MigrationLoader(None).graph.nodes)


@contextmanager
def brief_redis() -> Iterator[redis.Redis]:
    """Give a client that waits for the broker no longer than `REDIS_SECONDS`."""
    with redis.from_url(
        settings.REDIS_URL,
        socket_timeout=REDIS_SECONDS,
        socket_connect_timeout=REDIS_SECONDS,
        retry=Retry(NoBackoff(), 0),
    ) as client:
        yield client


def _redis() -> bool:
    with brief_redis() as client:
        return bool(client.ping())


def _worker() -> bool:
    """Ask for one answer: with a worker alive, this takes a few milliseconds."""
    return bool(current_app.control.ping(timeout=WORKER_SECONDS, limit=1))


def _beat() -> bool:
    """Tell whether a sweep that beat started has lately got through to the database."""
    return heartbeats("sweep", clock.now())


def _reminders() -> bool:
    return oldest_overdue(clock.now()) <= float(settings.REMINDER_OVERDUE_SECONDS)


def _clocks() -> bool:
    return _clocks_off() == {}


def _sending() -> bool:
    """Tell whether messages go out: after a restore a person has to let them."""
    return not is_paused()


PARTS: dict[str, Callable[[], bool]] = {
    "database": _database,
    "migrations": _migrations,
    "audit": only_grows,
    "redis": _redis,
    "worker": _worker,
    "beat": _beat,
    "sending": _sending,
    "reminders": _reminders,
}
#: Judged after the parts of the rooms above: all goes by the database's clock meanwhile.
LAST_PARTS: dict[str, Callable[[], bool]] = {"clocks": _clocks}

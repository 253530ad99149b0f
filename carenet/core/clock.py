"""The one clock: the time of the database, as this process knows it.

Every rule that depends on the time asks here, for several processes compare what they wrote. The
clock of a process may be early or late: `compare` asks the database every so often and `follow` notes
by how much. A query takes the moment as an argument and never asks PostgreSQL itself, so that one
request has one time.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from time import monotonic

from django.conf import settings
from django.db import connection
from django.utils import timezone

logger = logging.getLogger(__name__)
#: The zone in which days begin and end: `TIME_ZONE` of the settings.
ZONE = timezone.get_default_timezone()
#: A process whose clock is off by more says so: whatever does not ask here goes wrong by as much.
OFF_FROM = timedelta(seconds=2)
#: An answer that took longer says too little about a clock that seems to be right.
SLOW = timedelta(seconds=1)
#: One that took less is not asked for a second time.
QUICK = timedelta(milliseconds=100)
TRIES = 3
_NONE = timedelta(0)


class _Offset:
    """How much later the database's clock is than that of this process, and when it was asked."""

    value = _NONE
    asked_at: float | None = None
    said = False


#: The moment that stands for the present, in this thread or task; None: that of the clock.
_fixed: ContextVar[datetime | None] = ContextVar("fixed", default=None)


def now() -> datetime:
    """Return the present moment, in UTC."""
    return _fixed.get() or datetime.now(UTC) + _Offset.value  # noqa: TID251 - here alone


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let `now` return this moment meanwhile, in this thread or task alone."""
    before = _fixed.set(moment)
    try:
        yield
    finally:
        _fixed.reset(before)


def today() -> date:
    """Return the present day in `ZONE`."""
    return now().astimezone(ZONE).date()


def local_now() -> datetime:
    """Return the present moment in `ZONE`."""
    return now().astimezone(ZONE)


def midnight(day: date) -> datetime:
    """Return the first moment of a day in `ZONE`."""
    return datetime.combine(day, time.min, ZONE)


def offset() -> timedelta:
    """Return how much later the database's clock is than that of this process; negative: earlier."""
    return _Offset.value


def is_off() -> bool:
    """Whether the clock of this process itself is too early or too late to be left alone."""
    return abs(_Offset.value) > OFF_FROM


def follow(told: datetime, asked: datetime, answered: datetime) -> bool:
    """Go by the database's clock, which told a moment between two readings of this process's own.

    Neither reading comes from `now`; their distance is the uncertainty. An offset that is smaller
    than the uncertainty is none; False where the answer was too slow to say even that.
    """
    took = answered - asked
    found = told - (asked + took / 2)
    if abs(found) <= took:
        if took > SLOW:
            return False
        found = _NONE
    _Offset.value = found
    return True


def compare(*, at_once: bool = False) -> None:
    """Ask the database for the time, unless that was done in the last `CLOCK_COMPARE_SECONDS`.

    0 of them: this process goes by its own clock. Costs one statement; raises `DatabaseError` when
    the database is away. Says once in the log that the clock of this process is off.
    """
    pause = float(settings.CLOCK_COMPARE_SECONDS)
    last = _Offset.asked_at
    if not pause or (last is not None and not at_once and monotonic() - last < pause):
        return
    connection.ensure_connection()  # what that takes is not to count as doubt
    if follow(*_best_reading()):
        _Offset.asked_at = monotonic()
    _say_whether_off()


def _best_reading() -> tuple[datetime, datetime, datetime]:
    """Return a quick answer of the database, or the quickest of a few."""
    readings = []
    for _try in range(TRIES):
        told, asked, answered = _reading()
        readings.append((told, asked, answered))
        if answered - asked < QUICK:
            break
    return min(readings, key=lambda each: each[2] - each[1])


def _reading() -> tuple[datetime, datetime, datetime]:
    asked = datetime.now(UTC)  # noqa: TID251 - here alone
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (told,) = cursor.fetchone()
    return told, asked, datetime.now(UTC)  # noqa: TID251 - here alone


def _say_whether_off() -> None:
    if is_off() and not _Offset.said:
        seconds = -_Offset.value.total_seconds()
        logger.warning(
            "The clock of this process is %.1f seconds %s by the database's, which it goes by. "
            "Set the clock of its host right.",
            abs(seconds),
            "early" if seconds > 0 else "late",
        )
    _Offset.said = is_off()

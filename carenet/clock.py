"""The one clock: the time of the database, as this process knows it.

Every rule that depends on the time asks here, for several processes compare what they wrote. The
clock of a process may be early or late; `follow` notes by how much. A query takes the moment as an
argument and never asks PostgreSQL itself, so that one request has one time.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from django.utils import timezone

#: The zone in which days begin and end: `TIME_ZONE` of the settings.
ZONE = timezone.get_default_timezone()
_NONE = timedelta(0)


class _Offset:
    """How much later the database's clock is than that of this process."""

    value = _NONE


def now() -> datetime:
    """Return the present moment, in UTC."""
    return datetime.now(UTC) + _Offset.value  # noqa: TID251 - here alone


def today() -> date:
    """Return the present day in `ZONE`."""
    return now().astimezone(ZONE).date()


def local_now() -> datetime:
    """Return the present moment in `ZONE`."""
    return now().astimezone(ZONE)


def offset() -> timedelta:
    """Return how much later the database's clock is than that of this process; negative: earlier."""
    return _Offset.value


def follow(told: datetime, asked: datetime, answered: datetime) -> None:
    """Go by the database's clock, which told a moment between two readings of this process's own.

    Neither reading comes from `now`; their distance is the uncertainty. An offset that is smaller
    than the uncertainty is none.
    """
    found = told - (asked + (answered - asked) / 2)
    _Offset.value = found if abs(found) > answered - asked else _NONE

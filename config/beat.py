"""Celery's clock: wakes the workers, and never lets wake-ups pile up.

What is due stands in the database, so that one wake-up of a kind that still waits is as good as many.
That is asked of the broker instead of letting them expire, for an expiry is judged by the clock of
the worker's machine: one that is early would throw every wake-up away.
"""

from __future__ import annotations

import logging
from typing import Any

from celery.beat import PersistentScheduler, ScheduleEntry
from django.db import DatabaseError, connection
from kombu import Queue

from carenet.core import clock
from carenet.reminders.actions import record_heartbeat
from carenet.reminders.selectors import BEAT

logger = logging.getLogger(__name__)


class OneWaits(PersistentScheduler):
    """A scheduler that sends nothing into a queue in which something waits."""

    def apply_entry(self, entry: ScheduleEntry, producer: Any = None) -> None:
        _compare_clocks()
        if not self._waits(entry):
            super().apply_entry(entry, producer=producer)

    def _waits(self, entry: ScheduleEntry) -> bool:
        """Whether a wake-up of this kind still waits; where nobody can be asked, none does."""
        try:
            with self.app.connection_for_read() as broker:
                asked: Any = Queue(_queue_of(entry)).bind(broker.default_channel).queue_declare()
            return bool(asked.message_count)
        except Exception:
            logger.exception("beat: the queue of %s cannot be asked", entry.name)
            return False


def _queue_of(entry: ScheduleEntry) -> str:
    return str((entry.options or {})["queue"])


def _compare_clocks() -> None:
    """Say so if beat's own clock is off; without the database, it wakes all the same."""
    try:
        clock.compare()
        if clock.is_off():
            record_heartbeat(name=BEAT, at=clock.now())
    except DatabaseError:
        logger.exception("beat: the database cannot be asked for the time")
    finally:
        connection.close()

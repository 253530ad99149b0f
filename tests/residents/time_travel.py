"""Letting days pass: what is due by then has been said."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import time_machine
from django.db import connection

from carenet.reminders.actions import work_once
from carenet.reminders.models import InboxEntry

# A Tuesday morning in Yokohama.
TUESDAY = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def sweep(at: datetime) -> None:
    """Let a worker do all that is due at a moment."""
    with time_machine.travel(at, tick=False):
        while work_once(now=at):
            pass
    connection.close()


def notified(kind: str) -> set[object]:
    """Who has an open entry of this kind in their inbox; an agency's systems apart."""
    entries = InboxEntry.objects.filter(
        reminder__kind=kind, reminder__settled_at=None, user__isnull=False
    )
    return set(entries.values_list("user", flat=True))

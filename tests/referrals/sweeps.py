"""Time that passes with workers at work, and who has learned of what meanwhile."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import time_machine
from django.db import connection

from carenet.referrals.models import Referral
from carenet.reminders.actions import work_once
from carenet.reminders.models import InboxEntry, Reminder

# A Tuesday morning in Yokohama; the Monday before was a holiday.
TUESDAY = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def sweep(at: datetime) -> None:
    """Let a worker do all that is due at a moment."""
    with time_machine.travel(at, tick=False):
        while work_once(now=at):
            pass
    connection.close()


def sweep_days(days: Iterable[int]) -> None:
    """Let a worker do what is due on each of these days after the Tuesday."""
    for each in days:
        sweep(TUESDAY + each * DAY)


def open_chases(referral: Referral) -> set[str]:
    """The kinds of chase that are open on it."""
    waiting = Reminder.objects.filter(subject_id=referral.pk, settled_at=None)
    return set(waiting.values_list("kind", flat=True))


def notified(referral: Referral, kind: str = "referral.unanswered") -> list[object]:
    """Who has it in their inbox, in the order in which it arrived; an agency's systems apart."""
    entries = InboxEntry.objects.filter(
        reminder__subject_id=referral.pk, reminder__kind=kind, user__isnull=False
    )
    return list(entries.order_by("arrived_at", "id").values_list("user", flat=True))

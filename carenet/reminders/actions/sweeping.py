"""What a wake-up does, as often as there is something to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carenet.reminders.actions.delivering import deliver_next, deliver_together
from carenet.reminders.actions.falling_due import fall_due_together
from carenet.reminders.models import Pulse

if TYPE_CHECKING:
    from datetime import datetime


def work_once(*, now: datetime) -> bool:
    """Let some reminders fall due and send some messages; False when there were neither.

    The inbox takes many at once; whatever takes longer to send goes out one by one.
    """
    fell = fall_due_together(now=now)
    arrived = deliver_together(now=now)
    sent = deliver_next(now=now)
    return fell or arrived or sent


def beat(*, name: str, at: datetime) -> None:
    """Note that a job is running, for whoever watches from outside."""
    Pulse.objects.bulk_create(
        [Pulse(name=name, at=at)],
        update_conflicts=True,
        unique_fields=["name"],
        update_fields=["at"],
    )

"""One run of the worker, repeated as long as something is due."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from carenet.core import clock
from carenet.reminders.actions.delivery import deliver_next, deliver_together
from carenet.reminders.actions.due import fall_due_together
from carenet.reminders.actions.member_left import release_absent
from carenet.reminders.models import Pulse
from carenet.reminders.selectors import OFF_KEPT


def work_once(*, now: datetime) -> bool:
    """Let some reminders fall due and send some messages; False when there were neither.

    The inbox takes many at once; whatever takes longer to send goes out one by one.
    """
    put_down = release_absent(now=now)
    fell = fall_due_together(now=now)
    arrived = deliver_together(now=now)
    sent = deliver_next(now=now)
    return put_down or fell or arrived or sent


def record_heartbeat(*, name: str, at: datetime) -> None:
    """Note that a job is running, for whoever watches from outside.

    A process whose own clock is off notes by how much, unless another one lately was worse.
    """
    Pulse.objects.bulk_create(
        [Pulse(name=name, at=at)],
        update_conflicts=True,
        unique_fields=["name"],
        update_fields=["at"],
    )
    if clock.is_off():
        off = -clock.offset().total_seconds()
        better = Q(off_at=None) | Q(off_at__lt=at - OFF_KEPT)
        better |= Q(off_seconds__range=(-abs(off), abs(off)))
        Pulse.objects.filter(better, pk=name).update(off_seconds=off, off_at=at)

"""One run of the worker, repeated as long as something is due."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from time import monotonic

from django.db.models import Q

from carenet.core import clock
from carenet.reminders.actions.delivery import deliver_next, deliver_together
from carenet.reminders.actions.due import fall_due_together
from carenet.reminders.actions.member_left import release_absent
from carenet.reminders.models import Pulse
from carenet.reminders.selectors import OFF_KEPT

#: The others wait meanwhile: what falls due, and the inbox.
ONE_BY_ONE_SECONDS = 0.5


def work_once(*, now: datetime) -> bool:
    """Let some reminders fall due and send some messages; False when there were neither.

    Inbox and console take many at once; what takes longer to send goes out one by one, for a while.
    """
    begin = monotonic()

    def present() -> datetime:
        """Return `now` as it goes on: a lease begins when it is taken."""
        return now + timedelta(seconds=monotonic() - begin)

    put_down = release_absent(now=now)
    fell = fall_due_together(now=now)
    arrived = deliver_together(now=present())
    sent = _deliver_one_by_one(present)
    return put_down or fell or arrived or sent


def _deliver_one_by_one(present: Callable[[], datetime]) -> bool:
    until = monotonic() + ONE_BY_ONE_SECONDS
    sent = deliver_next(now=present(), together_too=False)
    while sent and monotonic() < until and deliver_next(now=present(), together_too=False):
        pass
    return sent


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

"""What `/healthz` asks this room."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings

from carenet.core import clock
from carenet.reminders.selectors import heartbeats
from carenet.watchover.actions.worker import PULSE
from carenet.watchover.models import Expectation
from carenet.watchover.selectors.idle_watches import silent


def silent_watches() -> int:
    """Return how many active watches expect nobody, while nobody has been told of that."""
    return silent(clock.now()).count()


def watches_are_swept() -> bool:
    """Whether the sweep has run lately, and no time that nobody met waits to be flipped."""
    now = clock.now()
    longest = timedelta(seconds=float(settings.REMINDER_OVERDUE_SECONDS))
    return heartbeats(PULSE, now) and not Expectation.objects.overdue(now - longest).exists()

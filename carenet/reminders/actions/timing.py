"""When something may be tried: after an error, and on an agency's open days."""

from __future__ import annotations

from datetime import timedelta
from random import SystemRandom
from typing import TYPE_CHECKING

from carenet.agencies.selectors import calendar_of
from carenet.errors import Conflict

if TYPE_CHECKING:
    from datetime import datetime

    from carenet.agencies.models import Agency
    from carenet.reminders.channels import Channel

FIRST_PAUSE = 5.0
LONGEST_PAUSE = 600.0
_DOUBLINGS = 10
_random = SystemRandom()


def backoff(tries: int) -> timedelta:
    """Return the pause after `tries` failures: it doubles, with half of it left to chance.

    Without the chance all that failed together would come back together.
    """
    full = min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** min(tries - 1, _DOUBLINGS))
    return timedelta(seconds=full * _random.uniform(0.5, 1.0))


def allowed_from(channel: Channel, agency: Agency, moment: datetime, *, always: bool) -> datetime:
    """Return the earliest time, from `moment` on, at which the channel may reach the agency."""
    if always or not channel.rings:
        return moment
    try:
        return calendar_of(agency).next_open(moment)
    except Conflict:
        # A calendar without any open day is a mistake in it: rather at once than never.
        return moment

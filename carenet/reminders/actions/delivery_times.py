"""When something may be tried: after an error, and when an agency may be told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import SystemRandom

from carenet.agencies.models import Agency
from carenet.agencies.selectors import Roster
from carenet.core.clock import ZONE
from carenet.core.errors import Conflict
from carenet.reminders.channels import CHANNELS, INBOX, Channel
from carenet.reminders.registry import Recipient

FIRST_PAUSE = 5.0
LONGEST_PAUSE = 600.0
_DOUBLINGS = 10
#: Closed days and quiet hours in turn, before a calendar counts as one that never rings.
LONGEST_SEARCH = 30
_random = SystemRandom()


def backoff(tries: int) -> timedelta:
    """Return the pause after `tries` failures: it doubles, with half of it left to chance.

    Without the chance all that failed together would come back together.
    """
    full = min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** min(tries - 1, _DOUBLINGS))
    return timedelta(seconds=full * _random.uniform(0.5, 1.0))


def allowed_from(
    channel: Channel,
    agency: Agency,
    moment: datetime,
    *,
    always: bool,
    roster: Roster | None = None,
) -> datetime:
    """Return the earliest time, from `moment` on, at which the channel may reach the agency."""
    if always or not channel.rings:
        return moment
    calendar, found = (roster or Roster()).calendar(agency), moment
    try:
        for _try in range(LONGEST_SEARCH):
            later = after_quiet(agency, calendar.next_open(found))
            if later == found:
                return found
            found = later
    except Conflict:
        pass
    # A calendar without any hour to ring in is a mistake in it: rather at once than never.
    return moment


def channels_to(
    recipient: Recipient, moment: datetime, roster: Roster | None = None
) -> Iterator[tuple[Channel, datetime]]:
    """Return each channel through which a recipient is told, and from when on it may reach them."""
    for channel in CHANNELS.values():
        wanted = channel.name == INBOX or recipient.channel in {"", channel.name}
        at_once = recipient.always
        if not (wanted and channel.is_on()):
            continue
        if channel.reaches(recipient.user, recipient.agency, at_once=at_once):
            yield (
                channel,
                allowed_from(channel, recipient.agency, moment, always=at_once, roster=roster),
            )


def after_quiet(agency: Agency, moment: datetime) -> datetime:
    """Return when the agency's quiet hours that contain this moment end, else the moment itself."""
    begin, end = agency.quiet_from, agency.quiet_until
    if begin is None or end is None:
        return moment
    local = moment.astimezone(ZONE)
    clock = local.time()
    over_night = end < begin
    if over_night and clock >= begin:
        return datetime.combine(local.date() + timedelta(days=1), end, ZONE)
    if (over_night and clock < end) or begin <= clock < end:
        return datetime.combine(local.date(), end, ZONE)
    return moment

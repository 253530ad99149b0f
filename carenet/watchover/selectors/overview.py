"""The review at one look: how many watches call for somebody, and what has happened to them lately.

Numbers of the watches that the reader keeps, and the list that each leads to is as long.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count

from carenet.agencies.actors import Actor
from carenet.core import clock
from carenet.watchover import policy
from carenet.watchover.models import WatchAssignment, WatchEvent
from carenet.watchover.selectors import review

#: An id begins with the milliseconds at which it was made; the clocks of processes differ by less.
_APART = timedelta(minutes=10)
_RANDOM_BITS = 80


@dataclass(frozen=True, slots=True)
class Calls:
    """How many watches rest on one person alone, and how many end or stand still before long."""

    alone: int
    ending: int


def calls(actor: Actor) -> Calls:
    """Return how many kept watches call for somebody, as the lists of the review have them."""
    kept = WatchAssignment.objects.filter(policy.watches_of(actor))
    found = kept.aggregate(
        alone=Count("pk", filter=review.ALONE),
        ending=Count("pk", filter=review.ending_before_long()),
    )
    return Calls(found["alone"], found["ending"])


def happened(actor: Actor, since: datetime) -> dict[str, int]:
    """Return how often each verb was done to kept watches and their alerts since a moment."""
    recent = WatchEvent.objects.filter(pk__gte=_first_id(since - _APART), at__gte=since)
    kept = recent.filter(assignment__in=WatchAssignment.objects.filter(policy.watches_of(actor)))
    return dict(kept.order_by().values_list("verb").annotate(number=Count("pk")))


def _first_id(moment: datetime) -> UUID:
    """Return what no id that was made from a moment on is less than: they sort by time."""
    return UUID(int=int(moment.timestamp() * 1000) << _RANDOM_BITS)


def since_yesterday() -> datetime:
    """Return the moment a day ago."""
    return clock.now() - timedelta(days=1)

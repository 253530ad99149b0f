"""Who looks in on whom in one area: what the picture of its network is drawn from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from carenet.agencies.actors import Actor
from carenet.areas.address_table import AddressTable
from carenet.areas.models import Area
from carenet.core import clock
from carenet.watchover.models import WatchAssignment
from carenet.watchover.rules import ReviewRule
from carenet.watchover.selectors import review
from carenet.watchover.states import WatchStatus

#: As many watches as a picture, and its table, may hold.
MOST_DRAWN = 60


@dataclass(frozen=True, slots=True)
class Network:
    """The watches of an area with what rests on one person there; `number` counts all of them."""

    watches: list[WatchAssignment]
    number: int
    complete: bool
    rules: dict[UUID, list[ReviewRule]] = field(default_factory=dict)


def areas(actor: Actor) -> QuerySet[Area]:
    """Return the areas of the reader's municipality."""
    code = actor.agency.municipality_code
    return Area.objects.filter(municipality_code=code).order_by("kind", "name")


def network(actor: Actor, area: Area | None) -> Network:
    """Return who looks in on whom in an area; without one where the address lies in none.

    Those that rest on one person come first. An address that may not be shown lies in no area here.
    """
    kept = review.watches(actor).filter(status=WatchStatus.ACTIVE)
    rows: Any = kept  # "shows_address" is annotated, which the types do not know
    rows = rows.values_list("id", "watcher", "backup", "shows_address", "resident__address")
    read = list(rows[: settings.WATCH_REVIEW_MOST_READ + 1])
    table = AddressTable.on(clock.today(), actor.agency.municipality_code)
    many = review.overloaded(actor)
    rules: dict[UUID, list[ReviewRule]] = {}
    for pk, watcher, backup, shown, address in read[: settings.WATCH_REVIEW_MOST_READ]:
        lies_in = table.areas_of(address if shown else "")
        if area in lies_in or (area is None and not lies_in):
            rules[pk] = [ReviewRule.NO_BACKUP] if backup is None else []
            rules[pk] += [ReviewRule.OVERLOADED] if watcher in many else []
    drawn = sorted(rules, key=lambda pk: -len(rules[pk]))[:MOST_DRAWN]
    watches = list(review.watches(actor).filter(pk__in=drawn))
    complete = len(read) <= settings.WATCH_REVIEW_MOST_READ and len(drawn) == len(rules)
    return Network(watches, len(rules), complete, {pk: rules[pk] for pk in drawn})

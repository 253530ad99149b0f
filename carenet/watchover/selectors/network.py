"""Who looks in on whom in one area: what the picture of its network is drawn from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from carenet.agencies.actors import Actor
from carenet.agencies.models import User
from carenet.areas.address_table import AddressTable
from carenet.areas.models import Area
from carenet.core import clock
from carenet.watchover.models import WatchAssignment
from carenet.watchover.rules import ReviewRule
from carenet.watchover.selectors import review
from carenet.watchover.states import WatchStatus

#: As many watches as a picture, and its table, may hold.
MOST_DRAWN = 60
#: As many watches as the eye takes in at once; of more one watcher is shown at a time.
AT_ONCE = 12


@dataclass(frozen=True, slots=True)
class Choice:
    """A watcher, or a town, of an area: how many watches, and for how many of them nobody stands by."""

    key: Any
    name: str
    number: int
    alone: int


@dataclass(frozen=True, slots=True)
class Network:
    """The watches of a part of an area with what rests on one person there.

    `number` counts those of the whole area. `watcher` and `town` say which part; None and "": all.
    """

    watches: list[WatchAssignment]
    number: int
    complete: bool
    rules: dict[UUID, list[ReviewRule]] = field(default_factory=dict)
    watcher: UUID | None = None
    town: str = ""
    watchers: list[Choice] = field(default_factory=list)
    towns: list[Choice] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Row:
    pk: UUID
    watcher: UUID | None
    backup: UUID | None
    town: str


def areas(actor: Actor) -> QuerySet[Area]:
    """Return the areas of the reader's municipality."""
    code = actor.agency.municipality_code
    return Area.objects.filter(municipality_code=code).order_by("kind", "name")


def network(
    actor: Actor, area: Area | None, watcher: UUID | None = None, town: str = ""
) -> Network:
    """Return who looks in on whom in an area; without one where the address lies in none.

    Of one watcher (or whoever stands by), of one town, or of all. Where that is more than the eye takes
    in at once, of the watcher on whom most people rest alone. Those come first. An address that may not
    be shown lies in no area here.
    """
    rows, complete = _in_area(actor, area)
    many = review.overloaded(actor)
    watchers = _choices((each.watcher, each) for each in rows if each.watcher)
    towns = _choices((each.town, each) for each in rows if each.town)
    if watcher is None and not town and len(rows) > AT_ONCE and watchers:
        watcher = max(watchers, key=lambda each: (each.alone, each.number)).key
    shown = [
        each
        for each in rows
        if (watcher is None or watcher in {each.watcher, each.backup})
        and (not town or town == each.town)
    ]
    rules = {
        each.pk: [ReviewRule.NO_BACKUP] * (each.backup is None)
        + [ReviewRule.OVERLOADED] * (each.watcher in many)
        for each in shown
    }
    drawn = sorted(rules, key=lambda pk: -len(rules[pk]))[:MOST_DRAWN]
    watches = list(review.watches(actor).filter(pk__in=drawn))
    names = User.objects.in_bulk([each.key for each in watchers])
    return Network(
        watches,
        len(rows),
        complete and len(drawn) == len(shown),
        {pk: rules[pk] for pk in drawn},
        watcher,
        town,
        sorted((replace(each, name=names[each.key].name) for each in watchers), key=_most_alone),
        sorted((replace(each, name=each.key) for each in towns), key=lambda each: each.name),
    )


def _in_area(actor: Actor, area: Area | None) -> tuple[list[_Row], bool]:
    """Return the watches whose address lies in an area, and whether those are all."""
    kept = review.watches(actor).filter(status=WatchStatus.ACTIVE)
    rows: Any = kept  # "shows_address" is annotated, which the types do not know
    rows = rows.values_list("id", "watcher", "backup", "shows_address", "resident__address")
    read = list(rows[: settings.WATCH_REVIEW_MOST_READ + 1])
    table = AddressTable.on(clock.today(), actor.agency.municipality_code)
    found = []
    for pk, watcher, backup, shown, address in read[: settings.WATCH_REVIEW_MOST_READ]:
        town, lies_in = table.read(address if shown else "")
        if area in lies_in or (area is None and not lies_in):
            found.append(_Row(pk, watcher, backup, town))
    return found, len(read) <= settings.WATCH_REVIEW_MOST_READ


def _choices(rows: Iterable[tuple[Any, _Row]]) -> list[Choice]:
    number: Counter[Any] = Counter()
    alone: Counter[Any] = Counter()
    for key, row in rows:
        number[key] += 1
        alone[key] += row.backup is None
    return [Choice(key, "", number[key], alone[key]) for key in number]


def _most_alone(each: Choice) -> tuple[int, int, str]:
    return -each.alone, -each.number, each.name

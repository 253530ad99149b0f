"""Who might look in on those of a list who want it: what the suggestion is computed from."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings

from carenet.agencies.actors import Actor
from carenet.areas.address_table import AddressTable
from carenet.areas.models import AgencyArea, Area, AreaKind, AreaPart
from carenet.core import clock
from carenet.watchlists.models import ListEntry
from carenet.watchlists.selectors.steps import ListStep, at_step
from carenet.watchover import policy as watches
from carenet.watchover.models import WatchAssignment
from carenet.watchover.selectors.eligible_watchers import (
    Candidate,
    candidates_around,
    place_named,
)
from carenet.watchover.states import OPEN
from carenet.watchover.suggestions import Spot, Suggestions, WatcherLoad, Wish, suggest

#: As many people as one suggestion is about.
MOST_SUGGESTED = 200


@dataclass(frozen=True, slots=True)
class SuggestedWatches:
    """The lines that were looked at, who may look in by what a form sends, and what is suggested.

    `left_out` is how many were left out because they are protected; `more` how many were not looked at.
    """

    entries: dict[UUID, ListEntry]
    people: dict[str, Candidate]
    loads: dict[str, WatcherLoad]
    suggestions: Suggestions
    left_out: int
    more: int


def suggested_watches(actor: Actor, watch_list: UUID | None = None) -> SuggestedWatches:
    """Return who might look in on the people of a list, or of all, who want it and have nobody.

    Of watches it counts those that the actor keeps. Protected people are left out, as somebody to be
    watched over and as a place where somebody looks in.
    """
    rows: Any = at_step(actor, ListStep.TO_ASSIGN, watch_list)  # "kept" is annotated
    read = list(rows.filter(kept=True)[: MOST_SUGGESTED + 1])
    found = read[:MOST_SUGGESTED]
    open_to = [each for each in found if each.resident and not _hidden(each)]
    agencies = {each.watch_list.agency_id: each.watch_list.agency for each in open_to}
    people = {each.key: each for each in candidates_around(actor, agencies.values())}
    table = AddressTable.on(clock.today(), actor.agency.municipality_code)
    loads, pairs = _loads(actor, people, table)
    wishes = [
        Wish(
            key=each.pk,
            spot=_spot(table, each.resident.address) if each.resident else None,
            visitor=place_named(each.visitor_id, each.visitor_agency_id) or None,
            watched_by=frozenset(pairs[each.resident_id]),
        )
        for each in open_to
    ]
    return SuggestedWatches(
        entries={each.pk: each for each in open_to},
        people=people,
        loads=loads,
        suggestions=suggest(wishes, loads.values()),
        left_out=len(found) - len(open_to),
        more=len(read) - len(found),
    )


def _hidden(entry: ListEntry) -> bool:
    protected: bool = entry.resident is not None and entry.resident.address_protected
    return protected or not entry.shows_address  # type: ignore[attr-defined]


def _loads(
    actor: Actor, people: dict[str, Candidate], table: AddressTable
) -> tuple[dict[str, WatcherLoad], dict[UUID | None, set[str]]]:
    """Return how much each person has taken on, and who looks in on whom already."""
    kept = WatchAssignment.objects.filter(watches.watches_of(actor), status__in=sorted(OPEN))
    rows = kept.filter(watcher__in={each.user.pk for each in people.values()}).values_list(
        "watcher", "watcher_agency", "resident", "resident__address", "resident__address_protected"
    )
    numbers: Counter[str] = Counter()
    spots: dict[str, set[Spot]] = defaultdict(set)
    pairs: dict[UUID | None, set[str]] = defaultdict(set)
    for watcher, agency, resident, address, protected in rows:
        key = place_named(watcher, agency)
        numbers[key] += 1
        pairs[resident].add(key)
        spot = None if protected else _spot(table, address)
        if spot:
            spots[key].add(spot)
    soon = clock.now() + timedelta(days=settings.WATCH_REVIEW_TERM_DAYS)
    areas = _areas_of([each.agency.pk for each in people.values()])
    return {
        key: WatcherLoad(
            key=key,
            load=numbers[key],
            most=settings.WATCH_REVIEW_MOST_WATCHES,
            term_ends=who.until is not None and who.until <= soon,
            spots=tuple(spots[key]),
            areas=frozenset(areas[who.agency.pk]),
        )
        for key, who in people.items()
    }, pairs


def _areas_of(agencies: Sequence[UUID]) -> dict[UUID, set[UUID]]:
    """Return the areas that agencies serve, the ward as a whole left out: all of it is not near."""
    rows = AgencyArea.objects.on(clock.today()).filter(agency__in=agencies, part=AreaPart.SERVES)
    found: dict[UUID, set[UUID]] = defaultdict(set)
    for agency, area in rows.exclude(area__kind=AreaKind.WARD).values_list("agency", "area"):
        found[agency].add(area)
    return found


def _spot(table: AddressTable, address: str) -> Spot | None:
    """Return where an address lies; None where the address table does not know it."""
    place = table.locate(address)
    if place is None:
        return None
    return Spot(
        town=place.town,
        chome=place.chome,
        near=frozenset(each.pk for each in _narrowest(place.around)),
        areas=frozenset(each.pk for each in place.areas if each.kind != AreaKind.WARD),
    )


def _narrowest(areas: set[Area]) -> set[Area]:
    """Return the areas of the narrowest kind among these, the ward as a whole left out."""
    for kind in AreaKind:
        found = {each for each in areas if each.kind == kind}
        if found and kind != AreaKind.WARD:
            return found
    return set()

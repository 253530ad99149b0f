"""The funnel of the lists: how far their people have been come to, and whom nobody looks in on."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import BooleanField as Boolean
from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Value, When
from django.utils import timezone

from carenet.agencies.actors import Actor
from carenet.areas.address_table import AddressTable
from carenet.areas.models import Area
from carenet.core import clock
from carenet.watchlists import policy
from carenet.watchlists.models import ListEntry, ListEvent, WatchList
from carenet.watchlists.states import UNDECIDED, ListState, ScreenReason
from carenet.watchover import policy as watches
from carenet.watchover.models import WatchAssignment
from carenet.watchover.selectors.ending_watches import days_ahead
from carenet.watchover.selectors.small_counts import (
    Places,
    by_area,
    few_somewhere,
    too_small,
    with_rests,
)
from carenet.watchover.states import OPEN, WatchStatus

_STILL = sorted([*UNDECIDED, ListState.WANTS])


def watch_lists(actor: Actor) -> QuerySet[WatchList]:
    """Return the visible lists with what their representation shows."""
    return policy.lists_visible_to(actor).select_related("agency", "area", "by_agency")


def entries(actor: Actor) -> QuerySet[ListEntry]:
    """Return the visible entries with what their representation shows.

    Each says whether the actor keeps it (`kept`) and whether the address may be shown.
    """
    kept = Case(
        When(policy.entries_of(actor), then=Value(value=True)),
        default=Value(value=False),
        output_field=Boolean(),
    )
    return (
        policy.entries_visible_to(actor)
        .select_related("watch_list__agency", "resident", "visitor", "visitor_agency", "visited_by")
        .annotate(kept=kept, shows_address=watches.shows_address(actor))
    )


def in_area(rows: QuerySet[Any], area: Area) -> QuerySet[Any]:
    """Narrow entries down to those whose address lies in an area, as far as it may be shown."""
    table = AddressTable.on(clock.today(), area.municipality_code)
    found = rows.filter(shows_address=True).order_by("-id").values_list("id", "resident__address")
    read = found[: settings.WATCH_REVIEW_MOST_READ]
    inside = [pk for pk, address in read if area in table.areas_of(address)]
    return rows.filter(pk__in=inside)


class Stage(StrEnum):
    """How far somebody on a list has been come to; each is among the one before, but for `WATCHED`.

    Whoever is watched over may have been so before anybody asked.
    """

    LISTED = "listed"
    VISITED = "visited"
    ASKED = "asked"
    WANTS = "wants"
    WATCHED = "watched"


_ASKED = [ListState.REFUSED, ListState.WANTS]


def come_to(row: dict[str, Any], stage: Stage) -> int | None:
    """Return how many of a row of the funnel have come so far; None where that is not shown."""
    if stage is not Stage.ASKED:
        number: int | None = row[stage]
        return number
    return None if row["hidden"] else row["wants"] + row["refused"]


def at_stage(
    actor: Actor, watch_list: UUID, stage: Stage, area: Area | None
) -> QuerySet[ListEntry]:
    """Return the kept entries of a list that a figure counts, in its order.

    Without an area those whose address lies in none at all, as far as it may be shown.
    """
    conditions = {
        Stage.LISTED: Q(),
        Stage.VISITED: Q(visited_at__isnull=False),
        Stage.ASKED: Q(state__in=_ASKED),
        Stage.WANTS: Q(state=ListState.WANTS),
        Stage.WATCHED: Q(Exists(_watched())),
    }
    rows: Any = entries(actor)  # "kept" is annotated, which the types do not know
    rows = rows.filter(conditions[stage], kept=True, watch_list=watch_list)
    found = in_area(rows, area) if area else _in_none(rows, actor)
    ordered: QuerySet[ListEntry] = found.order_by("-pk")
    return ordered


def _in_none(rows: QuerySet[Any], actor: Actor) -> QuerySet[Any]:
    table = AddressTable.on(clock.today(), actor.agency.municipality_code)
    read = rows.order_by("-id").values_list("id", "shows_address", "resident__address")
    inside = [
        pk
        for pk, shown, address in read[: settings.WATCH_REVIEW_MOST_READ]
        if not (shown and address and table.areas_of(address))
    ]
    return rows.filter(pk__in=inside)


def to_visit(actor: Actor) -> QuerySet[ListEntry]:
    """Return the kept entries of people who wait for their first visit, the longest wait first."""
    rows: Any = entries(actor)  # "kept" is annotated, which the types do not know
    found: QuerySet[ListEntry] = rows.filter(_TO_VISIT, kept=True).order_by("pk")
    return found


def first_visits(actor: Actor, since: datetime) -> tuple[int, int]:
    """Return how many people wait for their first visit, and how many were visited since a moment."""
    found = policy.entries_counted(actor).aggregate(
        waiting=Count("pk", filter=_TO_VISIT), visited=Count("pk", filter=Q(visited_at__gte=since))
    )
    return found["waiting"], found["visited"]


_TO_VISIT = Q(state=ListState.LISTED, resident__isnull=False)


def _watched() -> QuerySet[WatchAssignment]:
    """Return the watches that go on over the person of an entry."""
    return WatchAssignment.objects.filter(
        resident=OuterRef("resident"), status=WatchStatus.ACTIVE, watcher__isnull=False
    )


def events(entry: ListEntry) -> QuerySet[ListEvent]:
    """Return the story of an entry that the actor keeps."""
    return entry.events.select_related("by_agency", "by_user")


def unwatched(actor: Actor) -> QuerySet[ListEntry]:
    """Return the entries of people on a list over whom nobody watches, nor is to begin to."""
    watched = WatchAssignment.objects.filter(resident=OuterRef("resident"), status__in=sorted(OPEN))
    rows = policy.entries_counted(actor).filter(state__in=_STILL, resident__isnull=False)
    return rows.filter(~Exists(watched))


def refused(actor: Actor) -> QuerySet[ListEntry]:
    """Return the entries of people who have refused."""
    return policy.entries_counted(actor).filter(state=ListState.REFUSED)


def funnel(
    actor: Actor, lists: Iterable[UUID] | None = None, table: AddressTable | None = None
) -> tuple[list[dict[str, Any]], bool]:
    """Return for each list and area how far its people have been come to, and if that is all.

    An address that may not be shown lies in no area here. Small counts are left out for readers who
    may not see persons, in every row of the list, and with them every sum from which they could be
    worked out. `table`: that of the reader's municipality, where it was read already.
    """
    rows = policy.entries_counted(actor)
    if lists is not None:
        rows = rows.filter(watch_list__in=lists)
    rows = rows.annotate(shows_address=watches.shows_address(actor), watched=Exists(_watched()))
    found = rows.order_by("-watch_list", "-id").values_list(
        "watch_list", "state", "screened_because", "visited_at", "resident", "watched",
        "shows_address", "resident__address",
    )[: settings.WATCH_REVIEW_MOST_READ + 1]  # fmt: skip
    read: list[Any] = list(found)
    most = settings.WATCH_REVIEW_MOST_READ
    table = table or AddressTable.on(clock.today(), actor.agency.municipality_code)
    counts: dict[UUID, dict[frozenset[Any], Counter[str]]]
    counts = defaultdict(lambda: defaultdict(Counter))
    for pk, *facts, shown, address in read[:most]:
        areas = frozenset(table.areas_of(address) if shown and address else ())
        counts[pk][areas].update(_signs(*facts))
    named = WatchList.objects.select_related("agency", "area", "by_agency").in_bulk(list(counts))
    hides = not actor.may("watch.review")
    return [
        {
            "watch_list": named[pk],
            "areas": _rows(places, hidden_in(places) if hides else set()),
        }
        for pk, places in counts.items()
    ], len(read) <= most


def total(lists: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the figures of several lists of `funnel` together, by area: whoever sees persons.

    Of each agency the newest list of a name counts. A row says of which `lists` it is.
    """
    newest: dict[tuple[UUID, str], dict[str, Any]] = {}
    for each in lists:
        of = each["watch_list"]
        known = newest.setdefault((of.agency_id, of.name), each)
        if of.delivered_on > known["watch_list"].delivered_on:
            newest[of.agency_id, of.name] = each
    found: dict[Area | None, dict[str, Any]] = {}
    for each in newest.values():
        for row in each["areas"]:
            empty = {"area": row["area"], "hidden": False, "lists": [], **dict.fromkeys(_HEADS, 0)}
            summed = found.setdefault(row["area"], empty)
            summed["lists"].append(each["watch_list"])
            for head in _HEADS:
                summed[head] += row[head]
    return [found[area] for area in sorted(found, key=_place)]


def visited_of_listed(
    actor: Actor,
    table: AddressTable,
) -> tuple[dict[Area | None, tuple[int | None, int | None]], bool]:
    """Return for each area how many are listed and visited, of the newest lists, and if that is all.

    Readers who may not see persons get the figures of no more than one list for an area.
    """
    lists, complete = funnel(actor, table=table)
    if actor.may("watch.review"):
        return {row["area"]: (row["listed"], row["visited"]) for row in total(lists)}, complete
    found: dict[Area | None, tuple[int | None, int | None]] = {}
    for each in lists:
        for row in each["areas"]:
            twice = row["area"] in found
            found[row["area"]] = (None, None) if twice else (row["listed"], row["visited"])
    return found, complete


def _signs(state: str, because: str, visited_at: Any, resident: Any, watched: bool) -> list[str]:
    """Return under which heads one entry counts."""
    heads = ["listed"]
    if state == ListState.SCREENED:
        heads.append(f"screened {because}")
    elif resident is None:
        heads.append("unclear")
    elif state == ListState.LISTED:
        heads.append("to_visit")
    else:
        heads.append({ListState.VISITED: "undecided"}.get(ListState(state), state))
    return [*heads, *(["visited"] if visited_at else []), *(["watched"] if watched else [])]


#: Parts that add up to the sums.
_PARTS = ("unclear", "to_visit", "undecided", "wants", "refused", "watched")
_SUMS = ("listed", "visited")
_HEADS = (*_SUMS, *_PARTS)


_SCREENED = {reason.value: f"screened {reason.value}" for reason in ScreenReason}
#: What could be worked out from a whole and its parts. Whoever was screened may have been visited.
_RESTS = {
    "not watched": ("listed", ["watched"]),
    "not visited": ("listed", ["visited"]),
    "screened after a visit": ("visited", ["undecided", "wants", "refused"]),
}


def hidden_in(places: Places) -> set[str]:
    """Return the heads of a list that no row may show to readers who may not see persons."""
    told = with_rests(places, _RESTS)
    hidden = too_small([*_PARTS, *_SCREENED.values()], told)
    if too_small(["not watched"], told):
        hidden.add("watched")
    apart = too_small([*_SUMS, "not visited"], told) | few_somewhere(_RESTS, told)
    return hidden | ({*_SUMS} if hidden or apart else set())


def _rows(places: Places, hidden: set[str]) -> list[dict[str, Any]]:
    rows = by_area(places)
    return [_row(area, rows[area], hidden) for area in sorted(rows, key=_place)]


def _row(area: Area | None, counts: Counter[str], hidden: set[str]) -> dict[str, Any]:
    return {
        "area": area,
        **{name: _shown(name, counts, hidden) for name in _HEADS},
        "screened": [
            {"reason": reason, "number": _shown(head, counts, hidden)}
            for reason, head in _SCREENED.items()
            if counts[head] or hidden
        ],
        "hidden": bool(hidden),
    }


def _shown(name: str, counts: Counter[str], hidden: set[str]) -> int | None:
    return None if name in hidden else counts[name]


def _place(area: Area | None) -> tuple[bool, str, str]:
    return area is None, area.kind if area else "", area.name if area else ""


def lists_ending(now: datetime) -> QuerySet[WatchList]:
    """Return the lists whose basis ends within `WATCH_ENDING_DAYS` while somebody on them waits."""
    return _waited_on().filter(basis_until__range=days_ahead(now))


def lists_over(now: datetime) -> QuerySet[WatchList]:
    """Return the lists whose basis has ended while somebody on them waits."""
    return _waited_on().filter(basis_until__lt=timezone.localdate(now))


def _waited_on() -> QuerySet[WatchList]:
    to_do = Q(state__in=sorted(UNDECIDED)) | Q(state=ListState.WANTS, assignment=None)
    waiting = ListEntry.objects.filter(to_do, watch_list=OuterRef("pk"))
    return WatchList.objects.filter(Exists(waiting)).select_related("agency", "area")

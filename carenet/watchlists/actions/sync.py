"""What entries of a list follow: a record that ends, two that become one, somebody who leaves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from carenet.agencies.actions.locks import who_of
from carenet.agencies.actors import Actor
from carenet.agencies.models import Membership
from carenet.agencies.selectors import actor_of
from carenet.audit.actions import log_write
from carenet.residents.models import EndedBecause, Resident
from carenet.residents.registry import PointsAtResident
from carenet.watchlists.actions.transitions import ENDED, KIND, locked, save_version, screen_out
from carenet.watchlists.models import ListEntry, ListEvent
from carenet.watchlists.states import UNDECIDED, ListState, ListVerb, ScreenReason

#: Of two entries of one person on one list, the one that has come further goes on.
_FURTHER = {
    ListState.SCREENED: 0,
    ListState.LISTED: 1,
    ListState.VISITED: 2,
    ListState.REFUSED: 3,
    ListState.WANTS: 4,
}
_UNDECIDED = sorted(UNDECIDED)


def screen_out_ended(*, actor: Actor | None, resident: Resident) -> None:
    """Screen out every open entry of a person whose record ends: registered with `residents`."""
    because = ENDED[EndedBecause(resident.ended_because)]
    still = Q(state__in=_UNDECIDED) | Q(state=ListState.WANTS, assignment=None)
    for entry in locked(ListEntry.objects.filter(still, resident=resident)):
        screen_out(entry, because)
        save_version(entry)
        _log_event(actor, ListVerb.SCREEN, entry, because=str(because))


@transaction.atomic
def release_list_entries(*, actor: Actor | None, membership: Membership) -> None:
    """Take first visits out of a leaver's hands: registered with `agencies`.

    Whoever keeps the list sees them without a visitor again.
    """
    user, agency = membership.user, membership.agency
    still = actor_of(user, agency)
    if still and still.may("lists.work"):
        return
    for entry in locked(visits_held(membership)):
        release_entry(actor, entry)


def visits_held(membership: Membership) -> QuerySet[ListEntry]:
    """Return the entries of lists to whom a member was sent for the agency."""
    return ListEntry.objects.filter(visitor=membership.user_id, visitor_agency=membership.agency_id)


def release_entry(actor: Actor | None, entry: ListEntry) -> None:
    """Take a locked entry out of the hands of whoever was to make the first visit."""
    entry.visitor = entry.visitor_agency = None
    save_version(entry)
    _log_event(actor, ListVerb.SEND, entry, visitor="None")


class EntriesOfResident(PointsAtResident):
    """Entries follow a merge; of two on one list one goes on, the other is on the list twice."""

    def move(self, source: UUID, target: UUID, only: Iterable[str] | None = None) -> Sequence[str]:
        rows = ListEntry.objects.exclude(screened_because=ScreenReason.TWICE)
        both = locked(rows.filter(resident__in=[source, target]))
        by_list: dict[UUID, list[ListEntry]] = {}
        for entry in both:
            by_list.setdefault(entry.watch_list_id, []).append(entry)
        for entries in by_list.values():
            for entry in sorted(entries, key=lambda each: _rank(each, target))[:-1]:
                screen_out(entry, ScreenReason.TWICE)
                save_version(entry)
                _log_event(None, ListVerb.SCREEN, entry, because=ScreenReason.TWICE.value)
        return super().move(source, target, only)


def _rank(entry: ListEntry, target: UUID) -> tuple[int, bool]:
    return _FURTHER[ListState(entry.state)], entry.resident_id == target


def _log_event(actor: Actor | None, verb: ListVerb, entry: ListEntry, **data: str) -> None:
    ListEvent.objects.create(
        entry=entry,
        verb=verb,
        came_to=entry.state,
        by_agency=actor.agency if actor else entry.watch_list.agency,
        by_user=actor.user if actor else None,
        data=data,
    )
    log_write(who_of(actor), f"list.{verb}", KIND, entry.pk, **data)

"""Transitions of the entries of a list: lock, transition, next version, log."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from carenet.agencies.actors import Actor
from carenet.agencies.models import User
from carenet.audit.actions import log_write
from carenet.core import clock
from carenet.core.decisions import Decision, demand
from carenet.core.errors import Conflict, Invalid
from carenet.core.models import check_version, get_visible
from carenet.residents.models import EndedBecause, Resident
from carenet.watchlists import policy
from carenet.watchlists.models import ListEntry, ListEvent, WatchList
from carenet.watchlists.states import LIST_MOVES, ListState, ListVerb, ScreenReason
from carenet.watchover.actions.check_ins import OLDEST, SKEW

Rule = Callable[[Actor, ListEntry], Decision]


#: What the trail calls it.
KIND = "listentry"
#: What the end of a record says about somebody on a list.
ENDED = {
    EndedBecause.DIED: ScreenReason.DIED,
    EndedBecause.MOVED_AWAY: ScreenReason.MOVED,
}


def rule_of(verb: ListVerb) -> Rule:
    """Return the rule that says who may lead an entry on by a verb."""
    return policy.can_manage_entry if verb == ListVerb.SCREEN else policy.can_visit


def lock_entry(actor: Actor, entry_id: UUID, rule: Rule, version: int | None = None) -> ListEntry:
    """Lock an entry that the actor may act on.

    Raises `NotFound` out of reach, `Forbidden` where the rule denies, `PreconditionFailed` when
    `version` is stale.
    """
    entry = get_visible(locked(policy.entries_visible_to(actor).filter(pk=entry_id)))
    demand(rule(actor, entry))
    check_version(entry, version)
    return entry


def transition_entry(
    entry: ListEntry,
    verb: ListVerb,
    *,
    because: ScreenReason | str = "",
    at: datetime | None = None,
    by: User | None = None,
    now: datetime | None = None,
) -> None:
    """Lead a locked entry on: one, or many at once.

    Raises `Conflict` where the verb does not lead on, `Invalid` for a time that cannot be.
    """
    target = LIST_MOVES.demand(verb, entry.state)
    if verb == ListVerb.SCREEN:
        screen_out(entry, ScreenReason(because), now)
        return
    demand_clear(entry)
    now = now or clock.now()
    entry.state = target
    if verb != ListVerb.VISIT:
        entry.decided_at = now
        return
    if at and not now - OLDEST <= at <= now + SKEW:
        raise Invalid({"at": _("Give a time in the past three months.")})
    entry.visited_at, entry.visited_by = at or now, by


def save_version(entry: ListEntry) -> None:
    """Save a locked entry; raises `Conflict` when the person stands on the list under another line."""
    entry.version += 1
    try:
        with transaction.atomic():
            entry.save()
    except IntegrityError as error:
        if "person_once_on_a_list" not in str(error):
            raise
        raise listed_twice() from error


def log_event(actor: Actor, verb: ListVerb, entry: ListEntry, note: str = "", **data: Any) -> None:
    """Write what was done into the story of the entry, and into the trail without the note."""
    ListEvent.objects.create(
        entry=entry,
        verb=verb,
        came_to=entry.state,
        by_agency=actor.agency,
        by_user=actor.user,
        note=note,
        data=data,
    )
    log_write(actor.who, f"list.{verb}", KIND, entry.pk, **data)


def refused_since(watch_list: WatchList) -> set[UUID]:
    """Return who has refused on a list no older than this one: they are asked with the next."""
    rows = ListEntry.objects.filter(
        state=ListState.REFUSED, watch_list__delivered_on__gte=watch_list.delivered_on
    )
    return set(rows.values_list("resident", flat=True))


def screen_at_once(entry: ListEntry, person: Resident, *, refused: bool) -> None:
    """Screen an unsaved or locked entry out where the register itself says that nobody need call."""
    if person.ended_because:
        screen_out(entry, ENDED[EndedBecause(person.ended_because)])
    elif refused:
        screen_out(entry, ScreenReason.REFUSED_BEFORE)


def screen_out(entry: ListEntry, because: ScreenReason, now: datetime | None = None) -> None:
    """Put a locked entry aside, whatever it had come to."""
    entry.state, entry.decided_at, entry.assignment = ListState.SCREENED, None, None
    entry.screened_because, entry.screened_at = because, now or clock.now()


def locked(entries: QuerySet[ListEntry]) -> QuerySet[ListEntry]:
    """Return entries locked, in the order in which everybody locks."""
    held = entries.select_for_update(of=("self",), no_key=True)
    return held.select_related("watch_list__agency", "resident", "assignment").order_by("pk")


def demand_clear(entry: ListEntry) -> None:
    """Raise `Conflict` while it is not clear whom a line means."""
    if entry.resident_id is None:
        raise Conflict(
            _("It is not clear whom this line means. Find the person on the register first."),
            code="wrong_status",
        )


def demand_wish(entry: ListEntry) -> None:
    """Raise `Conflict` unless the person wants a watch and has none by this entry."""
    if entry.state != ListState.WANTS or entry.assignment_id:
        raise Conflict(
            _("A watch is proposed once, for somebody who wants it. Look at the entry again."),
            code="wrong_status",
        )


def listed_twice() -> Conflict:
    """Return the error for somebody who stands on the list under another line."""
    return Conflict(
        _("This person stands on the list under another line. Go on with that one."),
        code="listed_twice",
    )

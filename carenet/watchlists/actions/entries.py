"""What becomes of somebody on the list: screened out, visited, wants to be watched over or not."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency, User
from carenet.core.decisions import demand
from carenet.core.errors import Conflict, Invalid, NotFound
from carenet.core.models import check_version, get_visible
from carenet.residents.actions import demand_unmerged, register_many
from carenet.residents.models import Resident
from carenet.residents.policy import can_view as can_view_resident
from carenet.watchlists import policy
from carenet.watchlists.actions.bases import demand_visits
from carenet.watchlists.actions.transitions import (
    demand_clear,
    demand_wish,
    listed_twice,
    lock_entry,
    locked,
    log_event,
    refused_since,
    rule_of,
    save_version,
    screen_at_once,
    transition_entry,
)
from carenet.watchlists.models import ListEntry
from carenet.watchlists.states import ListState, ListVerb, ScreenReason
from carenet.watchover.actions.assignments import propose
from carenet.watchover.actions.watchers import lock_place
from carenet.watchover.states import WatchStatus


@transaction.atomic
def match(
    *,
    actor: Actor,
    entry_id: UUID,
    resident: Resident | None = None,
    new_because: str = "",
    version: int | None = None,
    note: str = "",
) -> ListEntry:
    """Say whom of the register the list means: a visible resident, or somebody new, and why.

    Raises `Invalid` unless one of the two is given, `Conflict` when it is clear already, when the
    person stands on this list under another line, or when the record was merged meanwhile.
    """
    if (resident is None) == (not new_because):
        raise Invalid(
            {"resident": _("Name the person, or say in “new_because” why it is another.")}
        )
    if resident is not None:
        demand(can_view_resident(actor, resident))
        Resident.objects.select_for_update(of=("self",), no_key=True).get(pk=resident.pk)
    entry = lock_entry(actor, entry_id, policy.can_manage_entry, version)
    if entry.resident_id or entry.words is None:
        raise Conflict(_("It is clear already whom this line means."), code="wrong_status")
    person = resident or _register(actor, entry, new_because)
    entry.resident, entry.words = person, None
    if entry.state == ListState.LISTED:
        screen_at_once(entry, person, refused=person.pk in refused_since(entry.watch_list))
    save_version(entry)
    demand_unmerged(person.pk)
    log_event(actor, ListVerb.MATCH, entry, note, new=resident is None)
    return entry


def screen(
    *,
    actor: Actor,
    entry_id: UUID,
    because: ScreenReason | str,
    version: int | None = None,
    note: str = "",
) -> ListEntry:
    """Note that nobody needs to call on this person, and why.

    Raises `Conflict` once the person has decided.
    """
    return _transition(actor, entry_id, ListVerb.SCREEN, version, note, because=str(because))


@transaction.atomic
def send(
    *,
    actor: Actor,
    entry_ids: Iterable[UUID],
    visitor: User | None,
    agency: Agency | None = None,
    version: int | None = None,
) -> list[ListEntry]:
    """Give first visits to somebody, or take them out of their hands: all of them or none.

    Without an agency they go for the one that the list was delivered to. `version` is of the one entry
    that somebody looked at. Raises `Invalid` for who may not look in there, what `demand_basis` does
    where the basis of the list opens the person to no other agency, `Conflict` for whom nobody needs to
    call on.
    """
    ids = set(entry_ids)
    seen = policy.entries_visible_to(actor).filter(pk__in=ids)
    agencies = {each.watch_list.agency for each in seen.select_related("watch_list__agency")}
    for each in sorted({agency} if agency else agencies, key=lambda found: found.pk):
        lock_place("visitor", visitor, each)
    held = {each.pk: each for each in locked(seen)}
    if held.keys() != ids:
        raise NotFound
    if visitor:
        demand_visits(actor, list(held.values()), agency)
    for entry in held.values():
        demand(policy.can_manage_entry(actor, entry))
        check_version(entry, version)
        if entry.resident_id is None or entry.state != ListState.LISTED:
            raise Conflict(_("Nobody is to be sent to some of these people."), code="wrong_status")
        entry.visitor = visitor
        entry.visitor_agency = (agency or entry.watch_list.agency) if visitor else None
        save_version(entry)
        log_event(actor, ListVerb.SEND, entry, visitor=str(entry.visitor_id))
    return list(held.values())


def visit(
    *,
    actor: Actor,
    entry_id: UUID,
    at: datetime | None = None,
    by_visitor: bool = False,
    version: int | None = None,
    note: str = "",
) -> ListEntry:
    """Record the first visit: the actor's own, or for whom it was given to.

    Raises `Invalid` for a time that cannot be.
    """
    return _transition(actor, entry_id, ListVerb.VISIT, version, note, at=at, by_visitor=by_visitor)


def wants(*, actor: Actor, entry_id: UUID, version: int | None = None, note: str = "") -> ListEntry:
    """Note that the person wants to be watched over."""
    return _transition(actor, entry_id, ListVerb.WANTS, version, note)


def refuse(
    *, actor: Actor, entry_id: UUID, version: int | None = None, note: str = ""
) -> ListEntry:
    """Note that the person does not want it: they are not asked again before the next list."""
    return _transition(actor, entry_id, ListVerb.REFUSE, version, note)


@transaction.atomic
def assign(
    *, actor: Actor, entry_id: UUID, version: int | None = None, **proposal: Any
) -> ListEntry:
    """Propose the watch that the person wants, and link it.

    `proposal` are the arguments of `assigning.propose` but for the resident; the agency that the list
    was delivered to answers for the watch unless another one is named. Raises `Conflict` unless the
    person wants it and has none by this entry.
    """
    found = policy.entries_visible_to(actor).select_related("resident", "watch_list__agency")
    seen = get_visible(found, pk=entry_id)
    demand(policy.can_manage_entry(actor, seen))
    demand_wish(seen)
    responsible = proposal.pop("responsible_agency", None) or seen.watch_list.agency
    # People before watches before entries: the order in which everybody locks.
    watch = propose(actor=actor, resident=_known(seen), responsible_agency=responsible, **proposal)
    entry = lock_entry(actor, entry_id, policy.can_manage_entry, version)
    demand_wish(entry)
    entry.assignment = watch
    save_version(entry)
    log_event(actor, ListVerb.ASSIGN, entry, assignment=str(watch.pk))
    return entry


@transaction.atomic
def undo(*, actor: Actor, entry_id: UUID, version: int | None = None, note: str = "") -> ListEntry:
    """Take the last step back; raises `Conflict` where there is none, or a watch has come of it."""
    entry = lock_entry(actor, entry_id, policy.can_visit, version)
    if entry.state == ListState.LISTED:
        raise Conflict(_("Nothing has been recorded that could be undone."), code="wrong_status")
    if entry.assignment and entry.assignment.status != WatchStatus.ENDED:
        raise Conflict(
            _("A watch has been proposed. End it first, then undo the wish."), code="wrong_status"
        )
    if entry.state == ListState.SCREENED:
        _demand_once(entry)
    from_screening = entry.state == ListState.SCREENED
    came_from = ListState.VISITED if entry.visited_at else ListState.LISTED
    if entry.state == ListState.VISITED:
        came_from, entry.visited_at, entry.visited_by = ListState.LISTED, None, None
    entry.state, entry.screened_because, entry.screened_at = came_from, "", None
    entry.decided_at = entry.assignment = None
    save_version(entry)
    log_event(actor, ListVerb.UNDO, entry, note, screening=from_screening)
    return entry


def _register(actor: Actor, entry: ListEntry, because: str) -> Resident:
    words = dict(entry.words or {})
    born = words.pop("birth_date", None)
    words["birth_date"] = date.fromisoformat(born) if born else None
    agency = entry.watch_list.agency
    [person] = register_many(actor=actor, agency=agency, people=[words], new_because=because)
    return person


@transaction.atomic
def _transition(
    actor: Actor,
    entry_id: UUID,
    verb: ListVerb,
    version: int | None,
    note: str,
    *,
    because: str = "",
    at: datetime | None = None,
    by_visitor: bool = False,
) -> ListEntry:
    """Lead one entry on, as `transition_many` does many."""
    entry = lock_entry(actor, entry_id, rule_of(verb), version)
    by = entry.visitor if by_visitor else actor.user
    transition_entry(entry, verb, because=because, at=at, by=by)
    save_version(entry)
    log_event(actor, verb, entry, note, **({"because": because} if because else {}))
    return entry


def _demand_once(entry: ListEntry) -> None:
    others = ListEntry.objects.filter(watch_list=entry.watch_list_id, resident=entry.resident_id)
    others = others.exclude(screened_because=ScreenReason.TWICE).exclude(pk=entry.pk)
    if entry.resident_id and others.exists():
        raise listed_twice()


def _known(entry: ListEntry) -> Resident:
    demand_clear(entry)
    resident: Resident = entry.resident  # type: ignore[assignment]
    return resident

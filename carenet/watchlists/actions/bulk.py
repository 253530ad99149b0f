"""The same step for many people on a list: a council that sits down with it screens by the hundred."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F

from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency, User
from carenet.audit.actions import log_write
from carenet.core import clock
from carenet.core.decisions import demand
from carenet.core.errors import NotFound
from carenet.residents.models import Resident
from carenet.watchlists import policy
from carenet.watchlists.actions.entries import send, undo
from carenet.watchlists.actions.transitions import (
    KIND,
    demand_clear,
    demand_wish,
    locked,
    rule_of,
    transition_entry,
)
from carenet.watchlists.models import ListEntry, ListEvent
from carenet.watchlists.states import ListVerb, ScreenReason
from carenet.watchover.actions.assignments import propose_many
from carenet.watchover.models import WatchAssignment
from carenet.watchover.selectors.eligible_watchers import Candidate

#: What a verb changes; all that it leads on at once come to the same, but for who has visited.
_CHANGED = {
    ListVerb.SCREEN: ("state", "screened_because", "screened_at", "decided_at", "assignment_id"),
    ListVerb.VISIT: ("state", "visited_at", "visited_by_id"),
    ListVerb.WANTS: ("state", "decided_at"),
    ListVerb.REFUSE: ("state", "decided_at"),
}
_BATCH = 1000


@transaction.atomic
def transition_many(
    *,
    actor: Actor,
    entry_ids: Iterable[UUID],
    verb: ListVerb,
    because: ScreenReason | str = "",
    at: datetime | None = None,
    by_visitor: bool = False,
    note: str = "",
) -> list[ListEntry]:
    """Lead many entries on, all or none: `screen`, `visit`, `wants` and `refuse` of `lists.py`.

    The number of queries does not grow with them, but with who has visited. Raises what these raise,
    for the first that cannot.
    """
    ids = set(entry_ids)
    held = list(locked(policy.entries_visible_to(actor).filter(pk__in=ids)))
    if len(held) != len(ids):
        raise NotFound
    now = clock.now()
    alike: dict[tuple[Any, ...], list[UUID]] = defaultdict(list)
    for entry in held:
        demand(rule_of(verb)(actor, entry))
        by = entry.visitor if by_visitor else actor.user
        transition_entry(entry, verb, because=because, at=at, by=by, now=now)
        entry.version += 1
        alike[tuple(getattr(entry, name) for name in _CHANGED[verb])].append(entry.pk)
    for values, ones in alike.items():
        changes = dict(zip(_CHANGED[verb], values, strict=True))
        ListEntry.objects.filter(pk__in=ones).update(version=F("version") + 1, **changes)
    data = {"because": str(because)} if because else {}
    ListEvent.objects.bulk_create(
        (
            ListEvent(
                entry=entry, verb=verb, came_to=entry.state, by_agency=actor.agency,
                by_user=actor.user, note=note, data=data,
            )
            for entry in held
        ),
        batch_size=_BATCH,
    )  # fmt: skip
    log_write(actor.who, f"list.{verb}", KIND, *(entry.pk for entry in held), **data)
    return held


@transaction.atomic
def assign_many(
    *, actor: Actor, entry_ids: Iterable[UUID], **proposal: Any
) -> list[WatchAssignment]:
    """Propose the same watch for many who want it, all or none, and link each to its entry.

    `proposal` as for `lists.assign`; the number of queries grows with the agencies alone to which the
    lists were delivered. Raises what that raises, for the first that cannot.
    """
    ids = set(entry_ids)
    named = proposal.pop("responsible_agency", None)
    seen = policy.entries_visible_to(actor).filter(pk__in=ids)
    wishes: dict[Agency, list[Resident]] = defaultdict(list)
    for entry in seen.select_related("resident", "watch_list__agency"):
        demand(policy.can_manage_entry(actor, entry))
        demand_clear(entry)
        demand_wish(entry)
        if entry.resident:
            wishes[named or entry.watch_list.agency].append(entry.resident)
    # People before watches before entries: the order in which everybody locks.
    watches = {
        each.resident_id: each
        for agency, residents in sorted(wishes.items(), key=lambda found: found[0].pk)
        for each in propose_many(
            actor=actor, residents=residents, responsible_agency=agency, **proposal
        )
    }
    held = list(locked(policy.entries_visible_to(actor).filter(pk__in=ids)))
    if len(held) != len(ids):
        raise NotFound
    for entry in held:
        demand_wish(entry)
        entry.assignment = watches.get(entry.resident_id) if entry.resident_id else None
        if entry.assignment is None:
            raise NotFound
        entry.version += 1
    ListEntry.objects.bulk_update(held, ["assignment", "version"])
    ListEvent.objects.bulk_create(
        ListEvent(
            entry=entry, verb=ListVerb.ASSIGN, came_to=entry.state, by_agency=actor.agency,
            by_user=actor.user, data={"assignment": str(entry.assignment_id)},
        )
        for entry in held
    )  # fmt: skip
    log_write(actor.who, f"list.{ListVerb.ASSIGN}", KIND, *(entry.pk for entry in held))
    return list(watches.values())


@transaction.atomic
def assign_as_named(
    *, actor: Actor, named: Mapping[UUID, Candidate], **proposal: Any
) -> list[WatchAssignment]:
    """Propose watches for many who want it, each by whom it is named for: all or none.

    `proposal` is the rest of `lists.assign`, the same for all. Raises what that raises.
    """
    by_watcher: dict[Candidate, list[UUID]] = defaultdict(list)
    for entry_id, who in named.items():
        by_watcher[who].append(entry_id)
    return [
        made
        for who, ids in sorted(by_watcher.items(), key=lambda each: each[0].key)
        for made in assign_many(
            actor=actor, entry_ids=ids, watcher=who.user, watcher_agency=who.agency, **proposal
        )
    ]


@transaction.atomic
def step_many(
    *,
    actor: Actor,
    entry_ids: Iterable[UUID],
    verb: ListVerb,
    answer: ListVerb | None = None,
    visitor: User | None = None,
    visitor_agency: Agency | None = None,
    **said: Any,
) -> int:
    """Take the same step with many entries, all or none; return how many they were.

    `answer` is what came of a visit, where the people have said it: `wants` or `refuse`; `said` is what
    else the step takes. Raises what `send`, `undo`, `transition_many` raise, for the first that cannot.
    """
    ids = sorted(set(entry_ids))
    if verb == ListVerb.SEND:
        return len(send(actor=actor, entry_ids=ids, visitor=visitor, agency=visitor_agency))
    if verb == ListVerb.UNDO:
        note = said.get("note", "")
        return len([undo(actor=actor, entry_id=each, note=note) for each in ids])
    transition_many(actor=actor, entry_ids=ids, verb=verb, **said)
    if answer:
        transition_many(actor=actor, entry_ids=ids, verb=answer)
    return len(ids)

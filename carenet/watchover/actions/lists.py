"""What becomes of somebody on the list: screened out, visited, wants to be watched over or not."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from carenet.audit.actions import record
from carenet.decisions import demand
from carenet.errors import Conflict, Invalid, NotFound
from carenet.residents.actions import demand_unmerged, register_many
from carenet.residents.models import EndedBecause, Resident
from carenet.residents.policy import can_view as can_view_resident
from carenet.rest.etags import check_version
from carenet.watchover.actions.assigning import propose
from carenet.watchover.actions.checking_in import OLDEST, SKEW
from carenet.watchover.actions.people import hold_place
from carenet.watchover.models import ListEntry, ListEvent
from carenet.watchover.models.listing import (
    LIST_MOVES,
    ListState,
    ListVerb,
    ScreenReason,
)
from carenet.watchover.policy import lists as policy
from carenet.watchover.states import WatchStatus

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime
    from uuid import UUID

    from django.db.models import QuerySet

    from carenet.agencies.actors import Actor
    from carenet.agencies.models import Agency, User
    from carenet.decisions import Decision
    from carenet.watchover.models import WatchList

    Rule = Callable[[Actor, ListEntry], Decision]

#: What the trail calls it.
KIND = "listentry"
#: What the end of a record says about somebody on a list.
ENDED = {
    EndedBecause.DIED: ScreenReason.DIED,
    EndedBecause.MOVED_AWAY: ScreenReason.MOVED,
}


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
    entry = hold(actor, entry_id, policy.can_keep_entry, version)
    if entry.resident_id or entry.words is None:
        raise Conflict(_("It is clear already whom this line means."), code="wrong_status")
    person = resident or _register(actor, entry, new_because)
    entry.resident, entry.words = person, None
    if entry.state == ListState.LISTED:
        screen_at_once(entry, person, refused=person.pk in refused_since(entry.watch_list))
    let_go(entry)
    demand_unmerged(person.pk)
    tell(actor, ListVerb.MATCH, entry, note, new=resident is None)
    return entry


@transaction.atomic
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
    entry = hold(actor, entry_id, policy.can_keep_entry, version)
    take_step(entry, ListVerb.SCREEN, because=because)
    let_go(entry)
    tell(actor, ListVerb.SCREEN, entry, note, because=str(because))
    return entry


@transaction.atomic
def send(
    *, actor: Actor, entry_ids: Iterable[UUID], visitor: User | None, agency: Agency | None = None
) -> list[ListEntry]:
    """Give first visits to somebody, or take them out of their hands: all of them or none.

    Without an agency they go for the one that the list was delivered to. Raises `Invalid` for who may
    not look in there, `Conflict` for whom nobody needs to call on.
    """
    ids = set(entry_ids)
    seen = policy.entries_visible_to(actor).filter(pk__in=ids)
    agencies = {each.watch_list.agency for each in seen.select_related("watch_list__agency")}
    for each in sorted({agency} if agency else agencies, key=lambda found: found.pk):
        hold_place("visitor", visitor, each)
    held = {each.pk: each for each in locked(seen)}
    if held.keys() != ids:
        raise NotFound
    for entry in held.values():
        demand(policy.can_keep_entry(actor, entry))
        if entry.resident_id is None or entry.state != ListState.LISTED:
            raise Conflict(_("Nobody is to be sent to some of these people."), code="wrong_status")
        entry.visitor = visitor
        entry.visitor_agency = (agency or entry.watch_list.agency) if visitor else None
        let_go(entry)
        tell(actor, ListVerb.SEND, entry, visitor=str(entry.visitor_id))
    return list(held.values())


@transaction.atomic
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
    entry = hold(actor, entry_id, policy.can_visit, version)
    by = entry.visitor if by_visitor else actor.user
    take_step(entry, ListVerb.VISIT, at=at, by=by)
    let_go(entry)
    tell(actor, ListVerb.VISIT, entry, note)
    return entry


@transaction.atomic
def wants(*, actor: Actor, entry_id: UUID, version: int | None = None, note: str = "") -> ListEntry:
    """Note that the person wants to be watched over."""
    return _decide(actor, entry_id, ListVerb.WANTS, version, note)


@transaction.atomic
def refuse(
    *, actor: Actor, entry_id: UUID, version: int | None = None, note: str = ""
) -> ListEntry:
    """Note that the person does not want it: they are not asked again before the next list."""
    return _decide(actor, entry_id, ListVerb.REFUSE, version, note)


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
    seen = found.filter(pk=entry_id).first()
    if seen is None:
        raise NotFound
    demand(policy.can_keep_entry(actor, seen))
    _demand_wish(seen)
    responsible = proposal.pop("responsible_agency", None) or seen.watch_list.agency
    # People before watches before entries: the order in which everybody locks.
    watch = propose(actor=actor, resident=_known(seen), responsible_agency=responsible, **proposal)
    entry = hold(actor, entry_id, policy.can_keep_entry, version)
    _demand_wish(entry)
    entry.assignment = watch
    let_go(entry)
    tell(actor, ListVerb.ASSIGN, entry, assignment=str(watch.pk))
    return entry


@transaction.atomic
def undo(*, actor: Actor, entry_id: UUID, version: int | None = None, note: str = "") -> ListEntry:
    """Take the last step back; raises `Conflict` where there is none, or a watch has come of it."""
    entry = hold(actor, entry_id, policy.can_visit, version)
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
    let_go(entry)
    tell(actor, ListVerb.UNDO, entry, note, screening=from_screening)
    return entry


def hold(actor: Actor, entry_id: UUID, rule: Rule, version: int | None = None) -> ListEntry:
    """Lock an entry that the actor may act on.

    Raises `NotFound` out of reach, `Forbidden` where the rule denies, `PreconditionFailed` when
    `version` is stale.
    """
    entry = locked(policy.entries_visible_to(actor).filter(pk=entry_id)).first()
    if entry is None:
        raise NotFound
    demand(rule(actor, entry))
    check_version(entry, version)
    return entry


def take_step(
    entry: ListEntry,
    verb: ListVerb,
    *,
    because: ScreenReason | str = "",
    at: datetime | None = None,
    by: User | None = None,
) -> None:
    """Lead a held entry on: one, or many at once.

    Raises `Conflict` where the verb does not lead on, `Invalid` for a time that cannot be.
    """
    sources, target = LIST_MOVES[verb]
    if entry.state not in sources:
        raise Conflict(
            _("This does not fit what has been recorded of the person. Look at it again."),
            code="wrong_status",
        )
    if verb == ListVerb.SCREEN:
        screen_out(entry, ScreenReason(because))
        return
    _demand_clear(entry)
    now = timezone.now()
    entry.state = target
    if verb != ListVerb.VISIT:
        entry.decided_at = now
        return
    if at and not now - OLDEST <= at <= now + SKEW:
        raise Invalid({"at": _("Give a time in the past three months.")})
    entry.visited_at, entry.visited_by = at or now, by


def let_go(entry: ListEntry) -> None:
    """Save a held entry; raises `Conflict` when the person stands on the list under another line."""
    entry.version += 1
    try:
        with transaction.atomic():
            entry.save()
    except IntegrityError as error:
        if "person_once_on_a_list" not in str(error):
            raise
        raise _twice() from error


def tell(actor: Actor, verb: ListVerb, entry: ListEntry, note: str = "", **data: Any) -> None:
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
    record(actor.who, f"list.{verb}", KIND, entry.pk, **data)


def refused_since(watch_list: WatchList) -> set[UUID]:
    """Return who has refused on a list no older than this one: they are asked with the next."""
    rows = ListEntry.objects.filter(
        state=ListState.REFUSED, watch_list__delivered_on__gte=watch_list.delivered_on
    )
    return set(rows.values_list("resident", flat=True))


def screen_at_once(entry: ListEntry, person: Resident, *, refused: bool) -> None:
    """Screen an unsaved or held entry out where the register itself says that nobody need call."""
    if person.ended_because:
        screen_out(entry, ENDED[EndedBecause(person.ended_because)])
    elif refused:
        screen_out(entry, ScreenReason.REFUSED_BEFORE)


def screen_out(entry: ListEntry, because: ScreenReason) -> None:
    """Put a held entry aside, whatever it had come to."""
    entry.state, entry.decided_at, entry.assignment = ListState.SCREENED, None, None
    entry.screened_because, entry.screened_at = because, timezone.now()


def locked(entries: QuerySet[ListEntry]) -> QuerySet[ListEntry]:
    """Return entries locked, in the order in which everybody locks."""
    held = entries.select_for_update(of=("self",), no_key=True)
    return held.select_related("watch_list__agency", "resident", "assignment").order_by("pk")


def _register(actor: Actor, entry: ListEntry, because: str) -> Resident:
    words = dict(entry.words or {})
    born = words.pop("birth_date", None)
    words["birth_date"] = date.fromisoformat(born) if born else None
    agency = entry.watch_list.agency
    [person] = register_many(actor=actor, agency=agency, people=[words], new_because=because)
    return person


def _decide(
    actor: Actor, entry_id: UUID, verb: ListVerb, version: int | None, note: str
) -> ListEntry:
    entry = hold(actor, entry_id, policy.can_visit, version)
    take_step(entry, verb)
    let_go(entry)
    tell(actor, verb, entry, note)
    return entry


def _demand_clear(entry: ListEntry) -> None:
    if entry.resident_id is None:
        raise Conflict(
            _("It is not clear whom this line means. Find the person on the register first."),
            code="wrong_status",
        )


def _demand_wish(entry: ListEntry) -> None:
    if entry.state != ListState.WANTS or entry.assignment_id:
        raise Conflict(
            _("A watch is proposed once, for somebody who wants it. Look at the entry again."),
            code="wrong_status",
        )


def _demand_once(entry: ListEntry) -> None:
    others = ListEntry.objects.filter(watch_list=entry.watch_list_id, resident=entry.resident_id)
    others = others.exclude(screened_because=ScreenReason.TWICE).exclude(pk=entry.pk)
    if entry.resident_id and others.exists():
        raise _twice()


def _twice() -> Conflict:
    return Conflict(
        _("This person stands on the list under another line. Go on with that one."),
        code="listed_twice",
    )


def _known(entry: ListEntry) -> Resident:
    _demand_clear(entry)
    resident: Resident = entry.resident  # type: ignore[assignment]
    return resident

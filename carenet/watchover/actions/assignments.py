"""A watch is proposed, changed, and put into other hands: one, or many at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency, User
from carenet.core import clock
from carenet.core.decisions import demand
from carenet.core.errors import Conflict, Invalid
from carenet.core.models import get_visible
from carenet.reminders.actions import cancel_reminder, schedule_reminder
from carenet.residents.models import Resident
from carenet.residents.policy import can_view as can_view_resident
from carenet.residents.policy import visible_to as residents_visible_to
from carenet.rest.limits import demand_near
from carenet.watchover import policy
from carenet.watchover.actions.bases import demand_bases, demand_lasting, notify_of_watches
from carenet.watchover.actions.locks import (
    lock_assignment,
    log_event,
    log_same_event,
    once_a_pair,
    save_version,
)
from carenet.watchover.actions.released_alerts import release_left
from carenet.watchover.actions.transitions import refresh_term
from carenet.watchover.actions.watchers import give_to, lock_place
from carenet.watchover.models import WatchAssignment
from carenet.watchover.selectors.ending_watches import WATCH_ENDING
from carenet.watchover.states import OPEN, WatchVerb

WITHOUT_WATCHER = "watch.without_watcher"
_BASIS = {"sharing_basis", "basis_words", "basis_until"}
_TERM = {"term_from", "term_until", "basis_until"}


def propose(*, actor: Actor, resident: Resident, **proposal: Any) -> WatchAssignment:
    """Propose that somebody looks in on a resident; `proposal` is that of `propose_many`."""
    return propose_many(actor=actor, residents=[resident], **proposal)[0]


@transaction.atomic
def propose_many(
    *,
    actor: Actor,
    residents: Iterable[Resident],
    responsible_agency: Agency | None = None,
    watcher: User | None = None,
    watcher_agency: Agency | None = None,
    backup: User | None = None,
    backup_agency: Agency | None = None,
    **fields: Any,
) -> list[WatchAssignment]:
    """Propose the same watch for residents whom the actor may see, for all or for none.

    Without an agency the actor's own answers for it, and watcher and backup act for that one.
    `fields` are method, basis, term and safety note of `WatchAssignment`. The number of queries does
    not grow with the residents. Raises `Invalid` for who may not look in, what `demand_basis` does
    where the basis lets nobody in, `Conflict` when the same person looks in already.
    """
    in_order = sorted(set(residents), key=lambda each: each.pk)
    responsible = responsible_agency or actor.agency
    demand(policy.can_propose(actor, responsible))
    _demand_seen(actor, in_order)
    people = {
        "watcher": (watcher, watcher_agency or responsible),
        "backup": (backup, backup_agency or responsible),
    }
    for role, (person, agency) in people.items():
        lock_place(role, person, agency)
    made = []
    for resident in in_order:
        assignment = WatchAssignment(resident=resident, responsible_agency=responsible, **fields)
        for role, (person, agency) in people.items():
            give_to(assignment, role, person, agency)
        _demand_term(assignment.term_from, assignment.term_until)
        made.append(assignment)
    demand_bases(actor, made)
    with once_a_pair():
        WatchAssignment.objects.bulk_create(made)
    _read_numbers(made)
    notify_of_watches(actor, made)
    log_same_event(actor, WatchVerb.PROPOSE, made)
    return made


@transaction.atomic
def edit(
    *, actor: Actor, assignment_id: UUID, version: int | None = None, **changes: Any
) -> WatchAssignment:
    """Change how, on which basis, for which term, and what a watcher should know.

    A basis or term that becomes shorter takes back what was expected beyond it.
    """
    assignment = lock_assignment(actor, assignment_id, policy.can_change, version)
    _demand_open(assignment)
    for name, value in changes.items():
        setattr(assignment, name, value)
    _demand_term(assignment.term_from, assignment.term_until)
    if _BASIS & changes.keys():
        demand_bases(actor, [assignment])
    if (_TERM | _BASIS) & changes.keys():
        refresh_term(assignment)
        cancel_reminder(kind=WATCH_ENDING, subject_id=assignment.pk, because="changed")
    save_version(assignment)
    if _BASIS & changes.keys():
        notify_of_watches(actor, [assignment])
    log_event(actor, WatchVerb.EDIT, assignment, fields=sorted(changes))
    return assignment


@transaction.atomic
def reassign(
    *,
    actor: Actor,
    assignment_id: UUID,
    version: int | None = None,
    **people: Any,
) -> WatchAssignment:
    """Give a watch to another watcher, another backup, or both; what is not named stays.

    `watcher`, `watcher_agency`, `backup`, `backup_agency`: an agency left out is the responsible
    one. Raises `Invalid` for who may not look in, `Conflict` when that person looks in already.
    """
    seen = policy.visible_to(actor).select_related("responsible_agency").filter(pk=assignment_id)
    found = get_visible(seen)
    given = {
        role: (people[role], people.get(f"{role}_agency") or found.responsible_agency)
        for role in ("watcher", "backup")
        if role in people
    }
    if not given:
        raise Invalid({"watcher": _("Name a watcher, a backup, or both.")})
    demand(policy.can_change(actor, found))
    for role, (person, agency) in given.items():
        lock_place(role, person, agency)
    assignment = lock_assignment(actor, assignment_id, policy.can_change, version)
    _demand_open(assignment)
    if given.get("watcher", (None,))[0] == assignment.backup and "backup" not in given:
        given["backup"] = (None, assignment.responsible_agency)
    for role in given:
        give_to(assignment, role, None, None)
    for role, (person, agency) in given.items():
        give_to(assignment, role, person, agency)
    if any(person and agency != assignment.responsible_agency for person, agency in given.values()):
        demand_lasting(actor, assignment)
    save_version(assignment)
    release_left(actor, assignment)
    if assignment.watcher_id:
        cancel_reminder(kind=WITHOUT_WATCHER, subject_id=assignment.pk, because="reassigned")
    log_event(
        actor, WatchVerb.REASSIGN, assignment,
        watcher=str(assignment.watcher_id), backup=str(assignment.backup_id),
    )  # fmt: skip
    return assignment


@transaction.atomic
def reassign_many(
    *, actor: Actor, assignment_ids: Iterable[UUID], **people: Any
) -> list[WatchAssignment]:
    """Give many watches to the same people, all or none."""
    return [
        reassign(actor=actor, assignment_id=each, **people) for each in sorted(set(assignment_ids))
    ]


def _demand_seen(actor: Actor, residents: Sequence[Resident]) -> None:
    """One query for all; whoever is not among them is judged alone, so that the answer says why."""
    wanted = [each.pk for each in residents]
    seen = set(residents_visible_to(actor).filter(pk__in=wanted).values_list("pk", flat=True))
    for each in residents:
        if each.pk not in seen:
            demand(can_view_resident(actor, each))


def _read_numbers(made: Sequence[WatchAssignment]) -> None:
    """The database has counted them."""
    rows = WatchAssignment.objects.filter(pk__in=[each.pk for each in made])
    numbers = dict(rows.values_list("pk", "number"))
    for each in made:
        each.number = numbers[each.pk]


def _demand_open(assignment: WatchAssignment) -> None:
    if assignment.status not in OPEN:
        raise Conflict(_("This watch is over. Propose a new one."), code="wrong_status")


def _demand_term(begin: date | None, end: date | None) -> None:
    if begin and end and end < begin:
        raise Invalid({"term_until": _("Give a day that is not before the beginning.")})
    demand_near("term_from", begin, "WATCH_LONGEST_DAYS_AHEAD")


def notify_without_watcher(assignment: WatchAssignment) -> None:
    """Tell its responsible agency that nobody looks in any more, where that is so."""
    if assignment.watcher_id is None:
        schedule_reminder(
            kind=WITHOUT_WATCHER,
            subject_id=assignment.pk,
            subject_code=assignment.code,
            agency=assignment.responsible_agency,
            due_at=clock.now(),
        )

"""Locks on assignments, their next version, and the log of what was done."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from carenet.agencies.actions.locks import who_of
from carenet.agencies.actors import Actor
from carenet.audit.actions import Entry, log_writes
from carenet.core.decisions import Decision, demand
from carenet.core.errors import Conflict
from carenet.core.models import check_version, get_visible
from carenet.watchover import policy
from carenet.watchover.models import Alert, WatchAssignment, WatchEvent

Rule = Callable[[Actor, WatchAssignment], Decision]


#: What the trail calls it.
KIND = "watchassignment"
_PEOPLE = ("resident", "responsible_agency", "watcher", "watcher_agency", "backup", "backup_agency")


@dataclass(frozen=True, slots=True)
class LoggedEvent:
    """One line of the story of an assignment: what `log_event` is told."""

    actor: Actor | None
    verb: str
    assignment: WatchAssignment
    alert: Alert | None = None
    note: str = ""
    data: dict[str, Any] = field(default_factory=dict)


def lock_assignment(
    actor: Actor, assignment_id: UUID, rule: Rule, version: int | None = None
) -> WatchAssignment:
    """Lock an assignment that the actor may act on.

    Raises `NotFound` out of reach, `Forbidden` where the rule denies, `PreconditionFailed` when
    `version` is stale.
    """
    assignment = get_visible(locked(policy.visible_to(actor)), pk=assignment_id)
    demand(rule(actor, assignment))
    check_version(assignment, version)
    return assignment


def locked(assignments: QuerySet[WatchAssignment]) -> QuerySet[WatchAssignment]:
    """Return assignments locked and with their people, in the order in which everybody locks."""
    held = assignments.select_for_update(of=("self",), no_key=True)
    return held.select_related(*_PEOPLE).order_by("pk")


def save_version(assignment: WatchAssignment) -> None:
    """Save a locked assignment under its next version.

    Raises `Conflict` when the same person looks in on the resident already.
    """
    assignment.version += 1
    save_once(assignment)


def save_once(assignment: WatchAssignment) -> None:
    """Save an assignment; raises `Conflict` when there is another open one of the same pair."""
    with once_a_pair():
        assignment.save()


@contextmanager
def once_a_pair() -> Iterator[None]:
    """Write assignments; raises `Conflict` when there is another open one of the same pair."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if "one_open_watch_per_pair" not in str(error):
            raise
        raise Conflict(
            _("This person looks in on the resident already. Change that assignment."),
            code="watch_exists",
        ) from error


def log_same_event(
    actor: Actor, verb: str, assignments: Sequence[WatchAssignment], **data: Any
) -> None:
    """Tell the same of many assignments, in a number of queries that does not grow with them."""
    log_events(LoggedEvent(actor, verb, each, None, "", data) for each in assignments)


def log_event(
    actor: Actor | None,
    verb: str,
    assignment: WatchAssignment,
    *,
    alert: Alert | None = None,
    note: str = "",
    **data: Any,
) -> None:
    """Write what was done into the story of the assignment and into the trail, without the note."""
    log_events([LoggedEvent(actor, verb, assignment, alert, note, data)])


def log_events(told: Iterable[LoggedEvent]) -> None:
    """Write of many what `log_event` writes of one."""
    told = list(told)
    WatchEvent.objects.bulk_create(map(_event, told))
    log_writes(map(_entry, told))


def _event(told: LoggedEvent) -> WatchEvent:
    by = told.actor.attribution if told.actor else {"by_agency": told.assignment.responsible_agency}
    return WatchEvent(
        assignment=told.assignment,
        alert=told.alert,
        verb=told.verb,
        note=told.note,
        data=told.data,
        **by,
    )


def _entry(told: LoggedEvent) -> Entry:
    who, alert = who_of(told.actor), told.alert
    if alert:
        return Entry(who, f"alert.{told.verb}", "alert", [alert.pk], told.data)
    return Entry(who, f"watch.{told.verb}", KIND, [told.assignment.pk], told.data)

"""Whom and what the lines of Today are about, as far as their reader sees it: in one statement."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from carenet.access.actor_queries import ActorQuery, Rows
from carenet.agencies.actors import Actor
from carenet.audit.actions import log_read
from carenet.cases.models import Case
from carenet.cases.policy import visible_to as visible_cases
from carenet.residents.models import NAMING, Resident
from carenet.residents.policy import visible_to as visible_people
from carenet.tasks.models import Task
from carenet.tasks.policy import visible_to as visible_tasks
from carenet.watchover import policy as watches
from carenet.watchover.models import Alert, Concern, WatchAssignment

_SOME = [UUID(int=1)]


def _named(through: str) -> Iterable[str]:
    return (f"{through}__{name}" for name in NAMING)


def _cases(actor: Actor, *, ids: list[UUID]) -> QuerySet[Case]:
    found = visible_cases(actor).filter(pk__any_of=ids).select_related("resident")
    return found.only("number", "opened_at", *_named("resident"))


def _people(actor: Actor, *, ids: list[UUID]) -> QuerySet[Resident]:
    return visible_people(actor).filter(pk__any_of=ids).only(*NAMING)


def _reached(actor: Actor, through: str) -> Exists:
    """Return whether the person is in reach, too: whoever looks in on them is told the name alone."""
    return Exists(visible_people(actor).filter(pk=OuterRef(through)))


def _alerts(actor: Actor, *, ids: list[UUID]) -> QuerySet[Alert]:
    found = watches.alerts_visible_to(actor).filter(pk__any_of=ids)
    found = found.annotate(in_reach=_reached(actor, "assignment__resident"))
    return found.select_related("assignment__resident").only(
        "kind", "level", "opened_at", "acknowledged_until", "assignment__number",
        *_named("assignment__resident"),
    )  # fmt: skip


def _watches(actor: Actor, *, ids: list[UUID]) -> QuerySet[WatchAssignment]:
    found = watches.visible_to(actor).filter(pk__any_of=ids).select_related("resident")
    found = found.annotate(in_reach=_reached(actor, "resident"))
    return found.only("number", *_named("resident"))


def _concerns(actor: Actor, *, ids: list[UUID]) -> QuerySet[Concern]:
    found = watches.concerns_visible_to(actor).filter(pk__any_of=ids)
    return found.only("number", "received_at", "danger_to_life", "what", "where", "reporter_kind")


def _tasks(actor: Actor, *, ids: list[UUID]) -> QuerySet[Task]:
    found = visible_tasks(actor).filter(pk__any_of=ids).select_related("case__resident")
    return found.only(
        "what", "due_on", "case__number", "case__opened_at", *_named("case__resident")
    )


#: By what the trail calls their rows, which is what reminders call their subjects.
_QUERIES: dict[str, ActorQuery[Any]] = {
    "case": ActorQuery(_cases, ids=_SOME),
    "resident": ActorQuery(_people, ids=_SOME),
    "alert": ActorQuery(_alerts, ids=_SOME),
    "watchassignment": ActorQuery(_watches, ids=_SOME),
    "concern": ActorQuery(_concerns, ids=_SOME),
    "task": ActorQuery(_tasks, ids=_SOME),
}


class Subjects:
    """The visible ones among some ids, by kind: what is out of sight is missing, and so is its name."""

    def __init__(self, actor: Actor, kinds: Collection[str], ids: list[UUID]) -> None:
        self.rows: dict[str, Rows[Any]] = {
            kind: query(actor, ids=ids) for kind, query in _QUERIES.items() if kind in kinds
        }
        self._found: dict[str, dict[UUID, Any]] = {}

    def get(self, kind: str, about: UUID) -> Any:
        """Return what a line is about, None out of sight."""
        if kind not in self._found:
            self._found[kind] = {each.pk: each for each in self.rows.get(kind, ())}
        return self._found[kind].get(about)

    def person(self, kind: str, about: UUID) -> Resident | None:
        """Return whom it is about, both noted as read; None where nobody is named."""
        found = self.get(kind, about)
        person = person_of(kind, found) if found else None
        if person:
            log_read(kind, about)
            log_read("resident", person.pk)
        return person

    def age(self, kind: str, about: UUID) -> str:
        """Return how old the person is; "" for whoever is told the name alone."""
        found = self.get(kind, about)
        person = person_of(kind, found) if found and getattr(found, "in_reach", True) else None
        return person.age if person else ""


def person_of(kind: str, found: Any) -> Resident | None:
    """Return the person that a subject of this kind is about."""
    if kind == "resident":
        return found  # type: ignore[no-any-return]
    if kind == "alert":
        return found.assignment.resident  # type: ignore[no-any-return]
    if kind == "task":
        return found.case.resident  # type: ignore[no-any-return]
    return getattr(found, "resident", None) if kind in {"case", "watchassignment"} else None

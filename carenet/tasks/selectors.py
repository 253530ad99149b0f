"""Lists of tasks, soonest first: each is read from one index, whatever there is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import (
    BooleanField,
    Case,
    Exists,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.utils.translation import gettext_lazy as _

from carenet.access.actor_queries import ActorQuery, Rows
from carenet.agencies.actors import Actor
from carenet.core import clock
from carenet.core.compiled_queries import CompiledQuery, hang_on
from carenet.tasks import policy
from carenet.tasks.models import Task, TaskHandover
from carenet.tasks.registry import sources, subjects
from carenet.tasks.states import TaskStatus

Key = tuple[date, UUID]
#: What a line of a list shows, and no more.
_LINE = (
    "version", "what", "due_on", "status", "reason", "with_case", "is_next_action", "source",
    "source_id", "created_at", "settled_at", "case__number", "case__opened_at",
    *(f"{agency}__{name}" for agency in ("agency", "by_agency") for name in ("name", "kind")),
    *(f"{person}__name" for person in ("person", "by_user", "settled_by")),
)  # fmt: skip
#: What is shown of a change of hands.
_OF_HANDOVER = (
    *(f"{agency}__{name}" for agency in ("from_agency", "to_agency") for name in ("name", "kind")),
    *(f"{person}__name" for person in ("from_person", "to_person")),
)


class Whose(models.TextChoices):
    """Which tasks a list shows."""

    MINE = "mine", _("mine")
    AGENCY = "agency", _("my agency's")
    GIVEN = "given", _("given by my agency")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list shows: whose tasks (None: of a case everybody's), in which status, due before when."""

    whose: Whose | None = Whose.AGENCY
    status: TaskStatus = TaskStatus.OPEN
    case: UUID | None = None
    due_before: date | None = None


@dataclass(frozen=True, slots=True)
class _Shape:
    """What a page asks for besides the values: each shape is a query, put together once."""

    whose: Whose | None
    backwards: bool
    given: frozenset[str]


#: What stands for a value that is no id while a query is put together.
_EXAMPLES: dict[str, Any] = {
    "status": "one that is none", "due_before": date(1901, 2, 3), "due_on": date(1902, 3, 4)
}  # fmt: skip


def tasks(actor: Actor) -> QuerySet[Task]:
    """Return the visible tasks with what their representation shows."""
    return _told(actor).prefetch_related(Prefetch("handovers", _handovers()))


def in_short(actor: Actor) -> QuerySet[Task]:
    """Return the visible tasks with who has them, and what they hang on."""
    on = (each.field for each in subjects())
    return policy.visible_to(actor).select_related(
        *on, "agency", "person", "by_agency", "by_user", "settled_by"
    )


def task_page(
    actor: Actor, wanted: Wanted, *, after: Key | None, backwards: bool, limit: int
) -> tuple[list[Task], list[Key]]:
    """Return one page of tasks with their keys, soonest first; `after` is where it begins.

    Two statements: the tasks, and through whose hands they have gone.
    """
    query, given = query_of(wanted, after=after, backwards=backwards)
    page = list(query(actor, **given).up_to(limit))
    page = page[::-1] if backwards else page
    passed: dict[UUID, list[TaskHandover]] = {each.pk: [] for each in page}
    for each in _HANDOVERS.rows(ids=[*passed]) if page else ():
        passed[each.task_id].append(each)
    for task in page:
        hang_on(task, "handovers", passed[task.pk])
    return page, [(each.due_on, each.pk) for each in page]


def query_of(
    wanted: Wanted, *, after: Key | None = None, backwards: bool = False
) -> tuple[ActorQuery[Task], dict[str, Any]]:
    """Return the query that a page asks, and the values that go into it."""
    given: dict[str, Any] = {
        "status": wanted.status.value,
        "case": wanted.case,
        "due_before": wanted.due_before,
    }
    if after:
        given["due_on"], given["last"] = after
    given = {name: value for name, value in given.items() if value is not None}
    return _query(_Shape(wanted.whose, backwards=backwards, given=frozenset(given))), given


@cache
def _query(shape: _Shape) -> ActorQuery[Task]:
    """Return the query of a page of this shape."""
    ids = sorted(shape.given & {"case", "last"})
    examples = {name: value for name, value in _EXAMPLES.items() if name in shape.given}

    def build(actor: Actor, **given: Any) -> QuerySet[Task]:
        return _page(actor, shape, **given)

    return ActorQuery(build, *ids, **examples)


def _page(
    actor: Actor,
    shape: _Shape,
    *,
    status: str,
    case: UUID | None = None,
    due_before: date | None = None,
    due_on: date | None = None,
    last: UUID | None = None,
) -> QuerySet[Task]:
    found = _told(actor).filter(_whose(actor, shape.whose), status=status).only(*_LINE)
    if case:
        found = found.filter(case=case)
    if due_before:
        found = found.filter(due_on__lt=due_before)
    # Written so that the index begins at the day: the same day's others are passed over.
    if due_on and shape.backwards:
        found = found.filter(due_on__lte=due_on).exclude(due_on=due_on, pk__gte=last)
    elif due_on:
        found = found.filter(due_on__gte=due_on).exclude(due_on=due_on, pk__lte=last)
    return found.order_by(*(("-due_on", "-pk") if shape.backwards else ("due_on", "pk")))


def _told(actor: Actor) -> QuerySet[Task]:
    """Return the visible tasks, and of each whether the actor sees from what it comes."""
    return in_short(actor).annotate(source_seen=_source_seen(actor))


def _source_seen(actor: Actor) -> Combinable:
    seen = [
        When(
            source=name, then=Exists(find(actor, OuterRef("case")).filter(pk=OuterRef("source_id")))
        )
        for name, find in sources().items()
    ]
    return Case(*seen, default=Value(False), output_field=BooleanField())


def _handovers() -> QuerySet[TaskHandover]:
    found = TaskHandover.objects.select_related(
        "from_agency", "from_person", "to_agency", "to_person"
    )
    return found.order_by("id")


_HANDOVERS = CompiledQuery(
    lambda ids: (
        _handovers()
        .filter(task__pk__any_of=ids)
        .only("task_id", "cause", "reason", "at", *_OF_HANDOVER)
    ),
    ids=[UUID(int=1)],
)


def key_from(parts: Sequence[str]) -> Key:
    """Return the key that a cursor carries; raises `ValueError` when it carries anything else."""
    if len(parts) != 2:  # noqa: PLR2004 - day and id
        raise ValueError(parts)
    return date.fromisoformat(parts[0]), UUID(parts[1])


def key_parts(key: Key) -> Sequence[str]:
    """Return a key as a cursor carries it."""
    due_on, task_id = key
    return due_on.isoformat(), str(task_id)


def waiting(actor: Actor, *, limit: int) -> Rows[Task]:
    """Return the open tasks that are due by today and wait for the actor, soonest first.

    Those of the actor, and those that nobody of the agency has by name.
    """
    return _WAITING(actor).up_to(limit)


def _waiting(actor: Actor) -> QuerySet[Task]:
    due = in_short(actor).filter(
        Q(person=actor.user_id) | Q(person=None),
        agency=actor.agency_id,
        status=TaskStatus.OPEN,
        due_on__lte=clock.today(),
    )
    return due.order_by("due_on", "pk")


_WAITING = ActorQuery(_waiting)
#: The same for a count: which, on which case, whether it is the next action there, and its day.
WAITING_KEYS = ActorQuery(
    lambda actor: _waiting(actor).order_by().values_list("pk", "case", "is_next_action", "due_on")
)


def _whose(actor: Actor, whose: Whose | None) -> Q:
    return {
        Whose.MINE: Q(agency=actor.agency_id, person=actor.user_id, person__isnull=False),
        Whose.AGENCY: Q(agency=actor.agency_id),
        Whose.GIVEN: Q(by_agency=actor.agency_id),
        None: Q(),
    }[whose]

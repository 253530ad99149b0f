"""Lists of tasks, soonest first: each is read from one index, whatever there is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import models
from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from carenet.access.actor_queries import ActorQuery, Rows
from carenet.agencies.actors import Actor
from carenet.core import clock
from carenet.tasks import policy
from carenet.tasks.models import Task, TaskHandover
from carenet.tasks.registry import subjects
from carenet.tasks.states import TaskStatus

Key = tuple[date, UUID]
#: What a line of a list shows, and no more.
_LINE = (
    "version", "what", "due_on", "status", "reason", "with_case", "is_next_action", "source",
    "source_id", "created_at", "settled_at", "case__number", "case__opened_at",
    *(f"{agency}__{name}" for agency in ("agency", "by_agency") for name in ("name", "kind")),
    *(f"{person}__name" for person in ("person", "by_user", "settled_by")),
)  # fmt: skip


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


def tasks(actor: Actor) -> QuerySet[Task]:
    """Return the visible tasks with what their representation shows."""
    handovers = TaskHandover.objects.select_related(
        "from_agency", "from_person", "to_agency", "to_person"
    )
    return in_short(actor).prefetch_related(Prefetch("handovers", handovers.order_by("id")))


def in_short(actor: Actor) -> QuerySet[Task]:
    """Return the visible tasks with who has them, and what they hang on."""
    on = (each.field for each in subjects())
    return policy.visible_to(actor).select_related(
        *on, "agency", "person", "by_agency", "by_user", "settled_by"
    )


def task_page(
    actor: Actor, wanted: Wanted, *, after: Key | None, backwards: bool, limit: int
) -> tuple[list[Task], list[Key]]:
    """Return one page of tasks with their keys, soonest first; `after` is where it begins."""
    found = tasks(actor).filter(_wanted(actor, wanted), status=wanted.status).only(*_LINE)
    if after:
        due_on, last = after
        # Written so that the index begins at the day: the same day's others are passed over.
        if backwards:
            found = found.filter(due_on__lte=due_on).exclude(due_on=due_on, pk__gte=last)
        else:
            found = found.filter(due_on__gte=due_on).exclude(due_on=due_on, pk__lte=last)
    order = ("-due_on", "-pk") if backwards else ("due_on", "pk")
    page = list(found.order_by(*order)[:limit])
    page = page[::-1] if backwards else page
    return page, [(each.due_on, each.pk) for each in page]


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


def _wanted(actor: Actor, wanted: Wanted) -> Q:
    conditions = {
        Whose.MINE: Q(agency=actor.agency_id, person=actor.user_id, person__isnull=False),
        Whose.AGENCY: Q(agency=actor.agency_id),
        Whose.GIVEN: Q(by_agency=actor.agency_id),
        None: Q(),
    }
    found = conditions[wanted.whose]
    if wanted.case:
        found &= Q(case=wanted.case)
    if wanted.due_before:
        found &= Q(due_on__lt=wanted.due_before)
    return found

"""What waits in the agency and what is overdue, by person: what a manager sees of it, in numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet, Value

from carenet.agencies.actors import Actor
from carenet.cases.models import Case
from carenet.cases.policy import visible_to as cases_visible_to
from carenet.cases.states import OPEN
from carenet.core import clock
from carenet.referrals.selectors.waiting import in_short, waiting_with_agency
from carenet.referrals.states import Side
from carenet.tasks.models import Task
from carenet.tasks.policy import visible_to as tasks_visible_to
from carenet.tasks.states import TaskStatus

#: As many referrals as are counted; an agency with more of them has another problem.
MOST = 500


@dataclass(slots=True)
class Work:
    """What one person has, or nobody by name."""

    cases: int = 0
    referrals: int = 0
    tasks: int = 0
    overdue: int = 0


def work_by_person(actor: Actor) -> tuple[dict[UUID | None, Work], bool]:
    """Return what each person of the actor's agency has, and whether more waits than was counted.

    What nobody has by name stands under None. Three statements.
    """
    found: dict[UUID | None, Work] = {}
    for kind, person, count, late in _cases_and_tasks(actor):
        work = found.setdefault(person, Work())
        setattr(work, kind, getattr(work, kind) + count)
        work.overdue += late
    ids = waiting_with_agency(actor, limit=MOST + 1)
    for row in in_short(actor, ids=ids[:MOST]):
        at_receiver = row.receiver_id == actor.agency_id and row.turn is Side.R
        person = row.person_in_charge_id if at_receiver else row.sender_person_id
        work = found.setdefault(person, Work())
        work.referrals += 1
        work.overdue += bool(row.overdue)  # type: ignore[attr-defined]  # annotated
    return found, len(ids) > MOST


def _cases_and_tasks(actor: Actor) -> QuerySet[Any, tuple[str, UUID | None, int, int]]:
    """Return kind, person, how many and how many overdue, of cases and of tasks."""
    cases: QuerySet[Case] = cases_visible_to(actor).filter(
        lead_agency=actor.agency_id, status__in=sorted(OPEN)
    )
    tasks: QuerySet[Task] = tasks_visible_to(actor).filter(
        agency=actor.agency_id, status=TaskStatus.OPEN
    )
    late = Count("pk", filter=Q(due_on__lt=clock.today()))
    of_cases = (
        cases.order_by()
        .annotate(kind=Value("cases"), who=F("person_in_charge"))
        .values_list("kind", "who")
        .annotate(count=Count("pk"), late=Value(0))
    )
    of_tasks = (
        tasks.order_by()
        .annotate(kind=Value("tasks"), who=F("person"))
        .values_list("kind", "who")
        .annotate(count=Count("pk"), late=late)
    )
    return of_cases.union(of_tasks, all=True)

"""What becomes of a task: it is changed, done, dropped with a reason, or handed on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from carenet.agencies.actions import lock_membership
from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency, User
from carenet.audit.actions import log_write
from carenet.core import transitions
from carenet.core.decisions import demand
from carenet.core.errors import Conflict
from carenet.core.models import check_version, get_visible
from carenet.rest.limits import demand_near
from carenet.tasks import policy
from carenet.tasks.actions.handovers import Assignee, pass_on
from carenet.tasks.actions.reminders import remind
from carenet.tasks.models import Task
from carenet.tasks.registry import TaskSubject, subject_of
from carenet.tasks.states import MOVES, HandOnCause, TaskStatus, TaskVerb


@dataclass(slots=True, kw_only=True)
class TaskTransition(transitions.Transition[Actor, Task, TaskVerb, TaskStatus]):
    """A transition of a task; what it hangs on is locked before it."""

    table = MOVES
    subject: Any
    kind: TaskSubject
    hands: Assignee | None = field(default=None)

    def authorize(self) -> None:
        demand(policy.can_work(self.actor, self.row))

    def save(self) -> None:
        self.row.status = self.target
        if self.target != TaskStatus.OPEN:
            self.row.settled_at, self.row.settled_by = self.now, self.actor.user
            self.row.save_version("status", "reason", "settled_at", "settled_by")

    def log_event(self) -> None:
        """Write through whose hands it has gone; what else becomes of it stands in the row."""
        if self.hands:
            elsewhere = self.hands.agency != self.kind.answerable(self.subject)[0]
            pass_on(self.actor.who, self.row, self.hands, elsewhere=elsewhere)

    def follow_up(self) -> None:
        remind(self.row)
        self.kind.follow(self.subject)

    def log_write(self) -> None:
        if not self.hands:
            log_write(self.actor.who, f"task.{self.verb.value}", "task", self.row.pk)


@contextmanager
def transition(
    actor: Actor, task_id: UUID, verb: TaskVerb, version: int | None
) -> Iterator[TaskTransition]:
    """Take a verb on a visible task; raises `NotFound` out of reach, and what `Transition` raises."""

    def lock() -> TaskTransition:
        kind, subject, task = _lock(actor, task_id)
        return TaskTransition(actor=actor, row=task, verb=verb, subject=subject, kind=kind)

    with transitions.transition(lock, version) as change:
        yield change


def finish(*, actor: Actor, task_id: UUID, version: int | None = None) -> Task:
    """Say that a task is done."""
    with transition(actor, task_id, TaskVerb.FINISH, version) as change:
        pass
    return change.row


def drop(*, actor: Actor, task_id: UUID, reason: str, version: int | None = None) -> Task:
    """Drop a task, and say why."""
    with transition(actor, task_id, TaskVerb.DROP, version) as change:
        change.row.reason = reason
    return change.row


def hand_on(
    *,
    actor: Actor,
    task_id: UUID,
    agency: Agency | None = None,
    person: User | None = None,
    reason: str = "",
    version: int | None = None,
) -> Task:
    """Put a task into other hands: a colleague's, or those of another agency that sees the subject.

    Without an agency it stays with the one that has it; without a person it is the whole agency's.
    Raises `Invalid` for whoever does not see what it hangs on, `Conflict` where they have it already.
    """
    with transaction.atomic():
        if person:
            _lock_membership_of(actor, task_id, agency, person)
        with transition(actor, task_id, TaskVerb.HAND_ON, version) as change:
            task, to = change.row, agency or change.row.agency
            if (to, person) == (task.agency, task.person):
                raise Conflict(_("They have this task already."))
            change.kind.demand_hands(change.subject, to, person)
            change.hands = Assignee(to, person, HandOnCause.HANDED_ON, reason, by=actor.user)
    return change.row


@transaction.atomic
def change(
    *,
    actor: Actor,
    task_id: UUID,
    what: str | None = None,
    due_on: date | None = None,
    version: int | None = None,
) -> Task:
    """Say otherwise what is to be done, or by when; raises `Conflict` for what is settled."""
    kind, subject, task = _lock(actor, task_id)
    demand(policy.can_work(actor, task))
    check_version(task, version)
    if not task.is_open:
        raise Conflict(_("This task is settled. Give a new one."))
    if due_on and due_on != task.due_on:
        task.due_on = due_on
        demand_near("due_on", due_on, "TASK_MOST_DAYS")
        kind.demand_days(subject, task)
    task.what = what or task.what
    task.save_version("what", "due_on")
    remind(task)
    kind.follow(subject)
    log_write(actor.who, "task.change", "task", task.pk)
    return task


def _lock(actor: Actor, task_id: UUID) -> tuple[TaskSubject, Any, Task]:
    """Lock what a visible task hangs on, then the task."""
    seen = get_visible(policy.visible_to(actor), pk=task_id)
    kind = subject_of(seen)
    subject = kind.lock(actor, getattr(seen, f"{kind.field}_id"))
    rows = Task.objects.select_related("agency", "person").select_for_update(of=("self",))
    task = rows.get(pk=task_id)
    setattr(task, kind.field, subject)
    return kind, subject, task


def _lock_membership_of(actor: Actor, task_id: UUID, agency: Agency | None, person: User) -> None:
    """Lock the membership of whoever gets the task, before what it hangs on."""
    seen = get_visible(policy.visible_to(actor).select_related("agency"), pk=task_id)
    lock_membership(person, agency or seen.agency)

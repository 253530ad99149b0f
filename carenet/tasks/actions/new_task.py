"""Giving a task."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from carenet.agencies.actions import lock_membership
from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency, User
from carenet.audit.actions import log_out_of_reach, log_write
from carenet.core.decisions import demand
from carenet.core.errors import Invalid
from carenet.rest.limits import demand_near
from carenet.tasks.actions.reminders import remind, tell
from carenet.tasks.models import Task
from carenet.tasks.registry import sources, subject_named


@transaction.atomic
def give(
    *,
    actor: Actor,
    on: tuple[str, UUID],
    what: str,
    due_on: date,
    agency: Agency | None = None,
    person: User | None = None,
    source: str = "",
    source_id: UUID | None = None,
) -> Task:
    """Give a task to an agency that sees what it hangs on, or to a person there.

    `on` is the kind of what it hangs on, and its id. Without an agency it is the actor's own. Whoever
    gets it from somebody else is told. Raises `NotFound` for a subject out of reach, `Conflict` for one
    that has ended, and `Invalid` for an agency that does not see it: refer it there first.
    """
    agency = agency or actor.agency
    if person:
        lock_membership(person, agency)  # so that nobody leaves while being handed something
    kind, subject_id = on
    subject = subject_named(kind)
    found = subject.lock(actor, subject_id)
    demand(actor.may("tasks.give"))
    demand(subject.can_give(actor, found))
    subject.demand_open(found)
    task = Task(what=what, due_on=due_on, agency=agency, person=person, **actor.attribution)
    setattr(task, kind, found)
    demand_near("due_on", due_on, "TASK_MOST_DAYS")
    subject.demand_days(found, task)
    subject.demand_hands(found, agency, person)
    task.source, task.source_id = _source(actor, found, source, source_id)
    task.elsewhere = agency != subject.answerable(found)[0]
    task.save(force_insert=True)
    remind(task)
    subject.follow(found)
    if person != actor.user or person is None:
        tell(task)
    log_write(actor.who, "task.give", "task", task.pk, agency=str(agency.pk))
    task.refresh_from_db(fields=["is_next_action", "version"])
    return task


def _source(
    actor: Actor, subject: object, source: str, source_id: UUID | None
) -> tuple[str, UUID | None]:
    """Return from what the task comes; raises `Invalid` for what the actor does not see there."""
    if source_id is None:
        return source, None
    seen = sources().get(source)
    if seen is None or not seen(actor, subject).filter(pk=source_id).exists():
        log_out_of_reach(source, source_id)
        raise Invalid({"source_id": _("There is no such object that you may see.")})
    return source, source_id

"""Who sees a task, and who may settle it: whoever sees what it hangs on; its lead, and who has it."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from carenet.agencies.actors import Actor
from carenet.core.decisions import ALLOWED, Decision, Denied, needs_ability
from carenet.tasks.models import Task
from carenet.tasks.registry import subject_of, subjects


def visible_to(actor: Actor) -> QuerySet[Task]:
    """Return the tasks that hang on something that the actor may see."""
    seen = Q(pk__in=[])
    for each in subjects():
        seen |= Q(Exists(each.visible_to(actor).filter(pk=OuterRef(f"{each.field}_id"))))
    return on_seen(actor).filter(seen)


def on_seen(actor: Actor) -> QuerySet[Task]:
    """Return the tasks to choose those from that hang on something that was found to be visible."""
    return Task.objects.all() if actor.may("tasks.view") else Task.objects.none()


@needs_ability("tasks.view")
def can_view(actor: Actor, task: Task) -> Decision:
    """Whether the actor may see the task; the object rule of `visible_to`."""
    subject = subject_of(task)
    return subject.can_view(actor, getattr(task, subject.field))


@needs_ability("tasks.work")
def can_work(actor: Actor, task: Task) -> Decision:
    """Whether the actor may settle, change or hand on the task."""
    seen = can_view(actor, task)
    return can_work_on_seen(actor, task) if seen else seen


@needs_ability("tasks.work")
def can_work_on_seen(actor: Actor, task: Task) -> Decision:
    """Whether the actor may do so with a task of something that was found to be visible."""
    subject = subject_of(task)
    leads = subject.leads(actor, getattr(task, subject.field))
    if leads or task.agency_id == actor.agency_id:
        return ALLOWED
    return Denied(_("Another agency has this task."), _("The lead of the case."))

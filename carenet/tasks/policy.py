"""Who sees a task, and who may settle it: whoever sees what it hangs on; its lead, and who has it."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from carenet.agencies.actors import Actor
from carenet.core.decisions import Decision, Denied, needs_ability
from carenet.tasks.models import Task
from carenet.tasks.registry import subject_of, subjects


def visible_to(actor: Actor) -> QuerySet[Task]:
    """Return the tasks that hang on something that the actor may see."""
    if not actor.may("tasks.view"):
        return Task.objects.none()
    seen = Q(pk__in=[])
    for each in subjects():
        seen |= Q(Exists(each.visible_to(actor).filter(pk=OuterRef(f"{each.field}_id"))))
    return Task.objects.filter(seen)


@needs_ability("tasks.view")
def can_view(actor: Actor, task: Task) -> Decision:
    """Whether the actor may see the task; the object rule of `visible_to`."""
    subject = subject_of(task)
    return subject.can_view(actor, getattr(task, subject.field))


@needs_ability("tasks.work")
def can_work(actor: Actor, task: Task) -> Decision:
    """Whether the actor may settle, change or hand on the task."""
    seen = can_view(actor, task)
    subject = subject_of(task)
    leads = subject.leads(actor, getattr(task, subject.field))
    if not seen or leads or task.agency_id == actor.agency_id:
        return seen
    return Denied(_("Another agency has this task."), _("The lead of the case."))

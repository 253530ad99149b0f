"""What this room hangs into lower rooms: when whoever has a task is told of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from carenet.agencies.models import Agency, User
from carenet.agencies.registry import stays_with_agency
from carenet.agencies.roles import Role
from carenet.reminders import registry as reminders
from carenet.reminders.kinds import BaseKind
from carenet.reminders.models import Occurrence
from carenet.reminders.registry import OpenMatter, Recipient
from carenet.reminders.selectors import never_notified
from carenet.tasks import policy
from carenet.tasks.actions.reminders import TASK_DUE, TASK_GIVEN
from carenet.tasks.models import Task
from carenet.tasks.registry import subject_of, subjects
from carenet.tasks.states import TaskStatus

#: For how long it is told that a task is somebody's now.
TOLD_FOR = timedelta(days=14)
#: From this step on, whoever leads what a task hangs on hears that an agency elsewhere has forgotten it.
LEAD_TOLD = 2


def register() -> None:
    """Called once, when the apps are ready."""
    reminders.register(TaskDue())
    reminders.register(TaskGiven(), notice=True)
    reminders.open_matters.append(OpenMatter("task", _silent))
    stays_with_agency(
        "tasks.Task.by_agency", "tasks.TaskHandover.from_agency", "tasks.TaskHandover.to_agency"
    )


class _OfTask(BaseKind):
    """What is said of an open task: whoever may see the task may see it."""

    subject_kind = "task"
    visible_to = staticmethod(policy.visible_to)

    def applicable(self) -> QuerySet[Any]:
        return Task.objects.filter(status=TaskStatus.OPEN)

    def owner(self, occurrence: Occurrence) -> list[Recipient]:
        """Return who has it: a person, else the staff of their agency."""
        return self.person_or_desk(occurrence, occurrence.agency, occurrence.person)


class TaskDue(_OfTask):
    """A task is due: whoever has it, then their managers, then who leads what it hangs on.

    The last is for a task that is with an agency elsewhere.
    """

    name = TASK_DUE
    message = _(
        "A task of case %(code)s is due. Say that it is done, hand it on, or drop it with a reason."
    )
    working_days = 1

    def applicable(self) -> QuerySet[Any]:
        return super().applicable().filter(is_next_action=False)

    def recipients(self, occurrence: Occurrence) -> Iterable[Recipient]:
        if occurrence.step == 0:
            return self.owner(occurrence) or self._lead(occurrence)
        managers = self.in_roles(occurrence.agency, {Role.MANAGER})
        theirs = self.first_who_see(occurrence, (occurrence.agency, managers))
        if occurrence.step < LEAD_TOLD and theirs:
            return theirs
        return [*dict.fromkeys([*theirs, *self._lead(occurrence)])]

    def next_due(self, occurrence: Occurrence, now: datetime) -> datetime | None:
        last = LEAD_TOLD if self._task(occurrence).elsewhere else LEAD_TOLD - 1
        if occurrence.step >= last:
            return None
        calendar = self.roster.calendar(occurrence.agency)
        return calendar.working_days_later(now, self.working_days)

    def _lead(self, occurrence: Occurrence) -> list[Recipient]:
        agency, person = self._answerable(occurrence)
        managers = self.in_roles(agency, {Role.MANAGER})
        told = self.person_or_desk(occurrence, agency, person)
        return told or self.first_who_see(occurrence, (agency, managers))

    def _answerable(self, occurrence: Occurrence) -> tuple[Agency, User | None]:
        task = self._task(occurrence)
        subject = subject_of(task)
        return subject.answerable(getattr(task, subject.field))

    def _task(self, occurrence: Occurrence) -> Task:
        tasks = Task.objects.select_related(*(name for each in subjects() for name in each.hands))
        if self.batch is None:
            return tasks.get(pk=occurrence.subject_id)
        ids = self.batch.ids
        return self.batch.once("tasks", lambda: tasks.in_bulk(ids))[occurrence.subject_id]


class TaskGiven(_OfTask):
    """A task has come into somebody's hands: they, else the staff, else the managers."""

    name = TASK_GIVEN
    message = _("A task of case %(code)s is yours now.")

    def recipients(self, occurrence: Occurrence) -> Iterable[Recipient]:
        managers = self.in_roles(occurrence.agency, {Role.MANAGER})
        return self.owner(occurrence) or self.first_who_see(
            occurrence, (occurrence.agency, managers)
        )

    def next_due(self, occurrence: Occurrence, now: datetime) -> datetime | None:
        """Ask once more when it is no news any more, so that the reminder ends with its reason."""
        return now + TOLD_FOR if occurrence.step == 0 else None


def _silent(now: datetime) -> QuerySet[Task]:
    """Return the open tasks of which nobody will be told; next actions are a case's matter."""
    silent = Task.objects.filter(never_notified(now), status=TaskStatus.OPEN)
    return silent.filter(is_next_action=False)

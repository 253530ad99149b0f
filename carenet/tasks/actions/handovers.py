"""Tasks come into other hands, or end with what they hang on, because of something else.

The caller has locked what they hang on, and audits why.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from carenet.agencies.models import Agency, User
from carenet.audit.actions import Who, log_write
from carenet.reminders.actions import cancel_reminder
from carenet.tasks.actions.reminders import TASK_GIVEN, remind, tell
from carenet.tasks.models import Task, TaskHandover
from carenet.tasks.states import HandOnCause, TaskStatus


@dataclass(frozen=True, slots=True)
class Assignee:
    """Into whose hands a task comes, and why; without a person it is the whole agency's."""

    agency: Agency
    person: User | None
    cause: HandOnCause
    reason: str = ""
    by: User | None = None


def pass_on(who: Who, task: Task, to: Assignee, *, elsewhere: bool) -> None:
    """Put an open, locked task into other hands; whoever has it now is told, and reminded.

    `elsewhere`: that agency does not lead what the task hangs on.
    """
    TaskHandover.objects.create(
        task=task,
        from_agency=task.agency,
        from_person=task.person,
        to_agency=to.agency,
        to_person=to.person,
        cause=to.cause,
        reason=to.reason,
        by_user=to.by,
    )
    task.agency, task.person, task.elsewhere = to.agency, to.person, elsewhere
    task.save_version("agency", "person", "elsewhere")
    remind(task)
    if to.person is None or to.person != to.by:
        tell(task)
    else:  # whoever had it meanwhile is not told that it is theirs
        cancel_reminder(kind=TASK_GIVEN, subject_id=task.pk, because=to.cause)
    log_write(who, f"task.{to.cause.value}", "task", task.pk, to=str(to.agency.pk))


def drop_with_case(who: Who, tasks: Iterable[Task], now: datetime) -> None:
    """Drop the open tasks of something that has ended."""
    for task in tasks:
        task.status, task.with_case, task.settled_at = TaskStatus.DROPPED, True, now
        task.save_version("status", "with_case", "settled_at")
        remind(task)
        log_write(who, "task.drop", "task", task.pk)

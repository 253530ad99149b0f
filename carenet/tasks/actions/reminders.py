"""When whoever has a task is told of it: as it comes into their hands, and on its day."""

from __future__ import annotations

from carenet.agencies.selectors import calendar_of
from carenet.core import clock
from carenet.reminders.actions import cancel_reminder, schedule_reminder
from carenet.tasks.models import Task
from carenet.tasks.registry import subject_of

#: The reminder that a task is due, and the notice that it is somebody's now (`carenet.tasks.hooks`).
TASK_DUE, TASK_GIVEN = "task.due", "task.given"


def remind(task: Task) -> None:
    """Chase an open task on its day, from its agency's opening on.

    Not what is chased as the next action of its case: there is one chain for one thing.
    """
    if task.is_open and not task.is_next_action:
        calendar = calendar_of(task.agency)
        schedule_reminder(
            kind=TASK_DUE,
            subject_id=task.pk,
            subject_code=code_of(task),
            agency=task.agency,
            person=task.person,
            # What is due on a closing day is told at the opening before it, not after.
            due_at=calendar.opening(calendar.last_open(task.due_on)),
        )
        return
    because = "next_action" if task.is_open else task.status
    cancel_reminder(kind=TASK_DUE, subject_id=task.pk, because=because)
    if not task.is_open:
        cancel_reminder(kind=TASK_GIVEN, subject_id=task.pk, because=because)


def tell(task: Task) -> None:
    """Tell whoever has a task now that they have it."""
    schedule_reminder(
        kind=TASK_GIVEN,
        subject_id=task.pk,
        subject_code=code_of(task),
        agency=task.agency,
        person=task.person,
        due_at=clock.now(),
    )


def code_of(task: Task) -> str:
    """Return the human code of what a task hangs on."""
    return str(getattr(task, subject_of(task).field).code)

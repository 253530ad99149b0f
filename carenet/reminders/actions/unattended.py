"""What is open and would be told to nobody at any time: a reminder of its own sees to that."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from carenet.reminders.actions.schedule import schedule_reminder
from carenet.reminders.models import Reminder
from carenet.reminders.registry import OpenMatter, open_matters

#: As many of a kind as one look sees to; the next look goes on.
AT_ONCE = 200


def schedule_unattended(*, now: datetime) -> int:
    """Write a reminder for each open matter that has none and no time of its own; return how many.

    The matter says whose it is and when it is due. A matter without a kind of its own is chased by
    what causes it: where that fails, `/healthz` counts it.
    """
    return sum(_remind(matter, now) for matter in open_matters if matter.kind)


@transaction.atomic
def _remind(matter: OpenMatter, now: datetime) -> int:
    chased = Reminder.objects.filter(kind=matter.kind, settled_at=None).values("subject_id")
    found = list(matter.silent(now).exclude(pk__in=chased).order_by("pk")[:AT_ONCE])
    for row in found:
        if matter.cause is None:
            raise TypeError(matter.name)
        cause = matter.cause(row, now)
        schedule_reminder(
            kind=matter.kind,
            subject_id=cause.subject_id,
            subject_code=cause.subject_code,
            agency=cause.agency,
            due_at=cause.due_at,
        )
    return len(found)

"""Who is told of a closure; the agency's open reminders chase its successor from their first step."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import QuerySet

from carenet.agencies.models import AgencyClosure, OperatorChange
from carenet.agencies.registry import ClosureBatch
from carenet.agencies.selectors import coordinating_office
from carenet.agencies.states import CLOSURE_UNDECIDED, ClosureState, OperatorChangeState
from carenet.audit.actions import log_write
from carenet.core import clock
from carenet.reminders.actions.member_left import free
from carenet.reminders.actions.schedule import cancel_reminder, end, schedule_reminder
from carenet.reminders.models import Reminder
from carenet.reminders.states import DIGEST, UNDELIVERED

#: The reminders that a closure waits for somebody, and that an agency has closed (`hooks/closures.py`).
CLOSURE_WAITS, AGENCY_CLOSED = "agency.closure_waits", "agency.closed"
OPERATOR_CHANGE = "agency.operator_change"
#: As much of the agency's name as a reminder has room for.
_ROOM = 40
#: What is about the people of the agency itself, and no subject that anybody takes over.
_OF_ITSELF = frozenset({DIGEST, UNDELIVERED})


def notify_of_closure(closure: AgencyClosure) -> None:
    """Tell of a closure that has moved on: registered with `agencies`.

    Written for the ward office, which stays; where there is none, for a successor.
    """
    first = closure.successors.select_related("agency").first()
    office = coordinating_office(closure.agency.municipality_code)
    agency = office or (first.agency if first else closure.agency)
    name = closure.agency.name[:_ROOM]
    waits = closure.state in CLOSURE_UNDECIDED
    if not waits:
        cancel_reminder(kind=CLOSURE_WAITS, subject_id=closure.pk, because=closure.state)
    if waits or closure.state == ClosureState.DONE:
        schedule_reminder(
            kind=CLOSURE_WAITS if waits else AGENCY_CLOSED,
            subject_id=closure.pk,
            subject_code=name,
            agency=agency,
            due_at=clock.now(),
        )


def notify_of_operator_change(change: OperatorChange) -> None:
    """Tell of a change while it is under review: registered with `agencies`."""
    if change.state != OperatorChangeState.PLANNED:
        cancel_reminder(kind=OPERATOR_CHANGE, subject_id=change.pk, because=change.state)
        return
    day = change.on.isoformat()
    schedule_reminder(
        kind=OPERATOR_CHANGE,
        subject_id=change.pk,
        subject_code=f"{change.agency.name[: _ROOM - len(day) - 1]} {day}",
        agency=change.agency,
        due_at=change.planned_at,
    )


def free_reminders(batch: ClosureBatch) -> None:
    """Take these out of the hands of its people: registered with `agencies`."""
    for reminder in _locked(batch):
        free(batch.by, reminder)


def pass_reminders(batch: ClosureBatch) -> None:
    """Let these chase the successor anew; whether anybody there may see them is asked at each step."""
    for reminder in _locked(batch):
        if reminder.kind in _OF_ITSELF:
            end(reminder, "agency_closed")
            continue
        reminder.agency, reminder.person = batch.successor, None
        reminder.step = 0
        reminder.turn += 1
        reminder.due_at = max(clock.now(), reminder.first_due_at)
        reminder.save()
        log_write(
            batch.by.who, "reminder.pass_on", "reminder", reminder.pk, to=str(batch.successor.pk)
        )


def pass_reminders_about(*, batch: ClosureBatch, about: Collection[UUID]) -> None:
    """Let what chases about things of the ward office chase the section that they went to.

    What the things themselves have scheduled anew is the section's already, and stays as it is.
    """
    rows = list(Reminder.objects.filter(agency=batch.agency, settled_at=None, subject_id__in=about))
    pass_reminders(ClosureBatch(batch.actor, batch.agency, rows, batch.to))


def _locked(batch: ClosureBatch) -> QuerySet[Reminder]:
    found = Reminder.objects.select_for_update(no_key=True, of=("self",)).order_by("pk")
    return found.filter(pk__in=batch.ids, settled_at=None)

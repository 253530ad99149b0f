"""Reminders are scheduled, postponed and cancelled, in the transaction of their cause.

Neither takes an actor nor audits: they are part of the deed that causes them, which does both.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from carenet.agencies.models import Agency, User
from carenet.core import clock
from carenet.reminders.channels import INBOX
from carenet.reminders.models import Delivery, Reminder
from carenet.reminders.registry import ReminderKind, ReminderRequest, kind_named
from carenet.reminders.states import UNDELIVERED, DeliveryState, EngineReason


def schedule_reminder(
    *,
    kind: str,
    subject_id: UUID,
    subject_code: str,
    agency: Agency,
    due_at: datetime,
    person: User | None = None,
) -> Reminder:
    """Write a reminder in the caller's transaction and return the one that is open now.

    One that is open already for the same agency, person and date stays as it is, however far it
    has come; only its code follows. Any other one of the same kind and subject is replaced, and what
    it had not delivered is cancelled: chasing starts anew at the first step. `subject_code` is the
    human code. Raises `KeyError` for a kind that nobody registered.
    """
    found = kind_named(kind)
    current = _open(kind, subject_id)
    if current and (current.agency_id, current.person_id, current.first_due_at) == (
        agency.pk,
        person.pk if person else None,
        due_at,
    ):
        if current.subject_code != subject_code:
            current.subject_code = subject_code
            current.save(update_fields=["subject_code"])
        return current
    if current:
        end(current, EngineReason.REPLACED)
    cause = ReminderRequest(subject_id, subject_code, agency, due_at, person)
    reminder = _reminder(found, cause)
    reminder.save(force_insert=True)
    return reminder


def schedule_reminders(kind: str, causes: Iterable[ReminderRequest]) -> None:
    """Write the reminders about subjects that are new, in the caller's transaction.

    Nothing can be open about them: where something is, the database refuses all.
    """
    found = kind_named(kind)
    Reminder.objects.bulk_create([_reminder(found, each) for each in causes])


def cancel_reminder(*, kind: str, subject_id: UUID, because: str) -> None:
    """End the open reminder of this kind and subject, if there is one, in the caller's transaction.

    `because` is a code. What was not delivered yet is cancelled; what arrived stays, as settled.
    """
    reminder = _open(kind, subject_id)
    if reminder:
        end(reminder, because)


def postpone_reminder(*, kind: str, subject_id: UUID, until: datetime) -> None:
    """Let the next step of the open reminder wait until then, in the caller's transaction.

    What was about to ring does not; what has arrived stays. After that it goes on where it was.
    """
    reminder = _open(kind, subject_id)
    if reminder is None:
        return
    if reminder.due_at is None or reminder.repeats:
        reminder.step = reminder.told_step  # that step comes again
        reminder.turn += 1
    reminder.due_at, reminder.repeats = until, False
    reminder.save(update_fields=["step", "turn", "due_at", "repeats"])
    reminder.deliveries.filter(state=DeliveryState.PENDING).exclude(channel=INBOX).update(
        state=DeliveryState.CANCELLED, reason=EngineReason.HELD, finished_at=clock.now()
    )


def end(reminder: Reminder, because: str) -> None:
    """End a reminder that the caller has locked, and cancel what is still to be delivered."""
    now = clock.now()
    reminder.settled_at = now
    reminder.settled_because = because
    reminder.save(update_fields=["settled_at", "settled_because"])
    # What is being sent at this moment is not taken back: its sender asks once more before it does.
    reminder.deliveries.filter(state=DeliveryState.PENDING).update(
        state=DeliveryState.CANCELLED, reason=EngineReason.SETTLED, finished_at=now
    )
    if reminder.kind != UNDELIVERED:
        cancel_undelivered(reminder.deliveries.all(), EngineReason.SETTLED)


def cancel_undelivered(deliveries: QuerySet[Delivery], because: str) -> None:
    """End what is said about messages that may not have arrived: it does not matter any more."""
    about = Reminder.objects.select_for_update(no_key=True).filter(
        kind=UNDELIVERED, settled_at=None, subject_id__in=deliveries.values("pk")
    )
    for reminder in about:
        end(reminder, because)


def end_if_open(reminder_id: UUID, because: str) -> None:
    """End a reminder unless somebody else has; within a transaction."""
    found = Reminder.objects.select_for_update(no_key=True).filter(pk=reminder_id, settled_at=None)
    reminder = found.first()
    if reminder:
        end(reminder, because)


def _reminder(kind: ReminderKind, cause: ReminderRequest) -> Reminder:
    return Reminder(
        kind=kind.name,
        subject_kind=kind.subject_kind,
        subject_id=cause.subject_id,
        subject_code=cause.subject_code,
        agency=cause.agency,
        person=cause.person,
        first_due_at=cause.due_at,
        due_at=cause.due_at,
    )


def _open(kind: str, subject_id: UUID) -> Reminder | None:
    return (
        Reminder.objects.select_for_update(no_key=True)
        .filter(kind=kind, subject_id=subject_id, settled_at=None)
        .first()
    )

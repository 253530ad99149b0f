"""A step of a reminder falls due: it becomes messages to those who hold the role at that moment."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q

from carenet.agencies.actors import house
from carenet.agencies.selectors import actor_of, calendar_of
from carenet.audit.actions import record
from carenet.reminders.actions.causes import end
from carenet.reminders.actions.timing import backoff, ways_to
from carenet.reminders.channels import INBOX
from carenet.reminders.models import Delivery, Reminder, dedupe_key
from carenet.reminders.registry import Recipient, kind_named
from carenet.reminders.selectors import standing_in, systems_of
from carenet.reminders.states import NOBODY_PAUSE, Reason

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from uuid import UUID

    from carenet.agencies.models import Agency
    from carenet.reminders.channels import Channel
    from carenet.reminders.registry import Occurrence, ReminderKind

logger = logging.getLogger(__name__)
LONGEST_COUNT = 1000
#: No kind has more steps that differ: a chase that goes round for ever is passed over no further.
LONGEST_LADDER = 8


def fall_due(*, now: datetime) -> bool:
    """Let the reminder that has been due longest fall due; False when there is none.

    1. Lock it, passing over those that another sweep is busy with.
    2. Ask its kind whether the reason still holds; if not, settle it.
    3. Write a delivery for each recipient and channel; those that are there already stay. For whoever
       is away their deputy is told; at the last step they are themselves, if nobody else can be. Of a
       kind that goes round without a last step that is the one after `LONGEST_LADDER`.
    4. Move on to the next step, all in one transaction.

    An error of the kind is logged, kept on the row and tried again later; the others go on.
    """
    with transaction.atomic(durable=True):
        reminder = _longest_due(now)
        if reminder is None:
            return False
        try:
            with transaction.atomic():
                _advance(reminder, now)
        except Exception as error:
            logger.exception("reminder %s: its kind failed", reminder.pk)
            _put_off(reminder.pk, type(error).__name__, now)
    return True


def _longest_due(now: datetime) -> Reminder | None:
    return (
        Reminder.objects.select_for_update(skip_locked=True, no_key=True, of=("self",))
        .select_related("agency", "person", "holder", "holder_agency")
        .filter(Q(retry_at=None) | Q(retry_at__lte=now), settled_at=None, due_at__lte=now)
        .order_by("due_at")
        .first()
    )


def _advance(reminder: Reminder, now: datetime) -> None:
    kind = kind_named(reminder.kind)
    occurrence = reminder.occurrence(reminder.step)
    if not kind.still_holds(occurrence):
        end(reminder, Reason.NO_LONGER_HOLDS)
        return
    if reminder.asks_holder and _ask_holder(reminder, kind, now):
        return
    following = kind.next_due(occurrence, now)
    named = list(kind.recipients(occurrence))
    told = _who_can_be_told(kind, occurrence, standing_in(named))
    is_last = following is None or reminder.step >= LONGEST_LADDER
    if not told and is_last:
        told = _who_can_be_told(kind, occurrence, named)  # rather somebody who is away than nobody
    if told:
        told += _holder_besides(reminder, kind, told)
        _write_deliveries(reminder, kind, told, now)
        _move_on(reminder, following)
    else:
        _pass_over(reminder, now, is_last=is_last)


def _ask_holder(reminder: Reminder, kind: ReminderKind, now: datetime) -> bool:
    """Ask whoever took it on, alone; the chase goes on a working day later.

    False when they can no longer be told: then it goes on at once, without them.
    """
    holder = _holder(reminder, kind)
    reminder.asks_holder = False
    if not holder:
        reminder.holder = None
        reminder.save(update_fields=["asks_holder", "holder"])
        return False
    _write_deliveries(reminder, kind, holder, now, step=reminder.told_step)
    reminder.turn += 1  # the step that follows may tell the same person again
    reminder.due_at = calendar_of(holder[0].agency).chase_after(now, 1)
    if reminder.resumes_at:
        reminder.due_at = max(reminder.due_at, reminder.resumes_at)
    reminder.save(update_fields=["asks_holder", "turn", "due_at"])
    return True


def _holder(reminder: Reminder, kind: ReminderKind) -> list[Recipient]:
    if not (reminder.holder and reminder.holder_agency):
        return []
    holder = Recipient(reminder.holder, reminder.holder_agency)
    return _who_can_be_told(kind, reminder.occurrence(reminder.told_step), [holder])


def _holder_besides(
    reminder: Reminder, kind: ReminderKind, told: list[Recipient]
) -> list[Recipient]:
    """Whoever took it on hears of every later step, too."""
    if any(recipient.user == reminder.holder for recipient in told):
        return []
    return _holder(reminder, kind)


def _who_can_be_told(
    kind: ReminderKind, occurrence: Occurrence, named: Iterable[Recipient]
) -> list[Recipient]:
    """Those of the named who are members now and may see the subject."""
    found = []
    for recipient in named:
        actor = actor_of(recipient.user, recipient.agency)
        if actor and kind.may_see(actor, occurrence):
            found.append(recipient)
    return found


def _write_deliveries(
    reminder: Reminder,
    kind: ReminderKind,
    told: list[Recipient],
    now: datetime,
    *,
    step: int | None = None,
) -> None:
    step = reminder.step if step is None else step
    messages = [
        _message(reminder, step, recipient, channel, due_at)
        for recipient in told
        for channel, due_at in ways_to(recipient, now)
    ]
    occurrence = reminder.occurrence(step)
    messages += [
        _message_to_systems(reminder, step, agency, now)
        for agency in {recipient.agency for recipient in told}
        if kind.may_see(systems_of(agency), occurrence)
    ]
    Delivery.objects.bulk_create(messages, ignore_conflicts=True)


def _message(
    reminder: Reminder, step: int, recipient: Recipient, channel: Channel, due_at: datetime
) -> Delivery:
    agency, user, turn = recipient.agency, recipient.user, reminder.turn
    return Delivery(
        reminder=reminder,
        step=step,
        turn=turn,
        recipient=user,
        agency=agency,
        channel=channel.name,
        always=recipient.always,
        dedupe_key=dedupe_key(reminder, step, agency, user, channel.name, turn=turn),
        due_at=due_at,
        next_try_at=due_at,
    )


def _message_to_systems(reminder: Reminder, step: int, agency: Agency, now: datetime) -> Delivery:
    """Address the agency itself: one per step, however many of its people are told."""
    return Delivery(
        reminder=reminder,
        step=step,
        turn=reminder.turn,
        agency=agency,
        channel=INBOX,
        dedupe_key=dedupe_key(reminder, step, agency, None, INBOX, turn=reminder.turn),
        due_at=now,
        next_try_at=now,
    )


def _move_on(reminder: Reminder, due_at: datetime | None) -> None:
    reminder.step += 1
    reminder.due_at = due_at
    reminder.errors, reminder.retry_at, reminder.last_error = 0, None, ""
    reminder.holds = 0
    reminder.save(update_fields=["step", "due_at", "errors", "retry_at", "last_error", "holds"])


def _pass_over(reminder: Reminder, now: datetime, *, is_last: bool) -> None:
    """Nobody to tell: the next step falls due at once; the last one waits for somebody to come.

    The trail is told once per step, not again each day.
    """
    if reminder.last_error != Reason.NOBODY_TO_TELL:
        logger.warning("reminder %s: nobody to tell at step %s", reminder.pk, reminder.step)
        record(
            house(reminder.agency).who,
            "reminder.nobody_to_tell",
            reminder.subject_kind,
            reminder.subject_id,
            reminder=str(reminder.pk),
            step=reminder.step,
        )
    if is_last:
        reminder.due_at = now + NOBODY_PAUSE
        reminder.last_error = Reason.NOBODY_TO_TELL
        reminder.save(update_fields=["due_at", "last_error"])
    else:
        _move_on(reminder, now)


def _put_off(reminder_id: UUID, error: str, now: datetime) -> None:
    """`due_at` stays: health shows how long it has been waiting."""
    reminder = Reminder.objects.get(pk=reminder_id)
    reminder.errors = min(reminder.errors + 1, LONGEST_COUNT)
    reminder.retry_at = now + backoff(reminder.errors)
    reminder.last_error = error[:60]
    reminder.save(update_fields=["errors", "retry_at", "last_error"])

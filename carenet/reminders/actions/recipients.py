"""Recipients of the messages of a step: whoever can be told, through each channel that reaches them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from carenet.agencies.models import Agency
from carenet.agencies.selectors import Roster
from carenet.reminders.actions.delivery_times import channels_to
from carenet.reminders.channels import INBOX, Channel
from carenet.reminders.models import Delivery, Occurrence, Reminder, dedupe_key
from carenet.reminders.registry import Recipient, ReminderKind
from carenet.reminders.selectors import systems_of


def reachable_recipients(
    kind: ReminderKind, occurrence: Occurrence, named: Iterable[Recipient], roster: Roster
) -> list[Recipient]:
    """Return those of the named who are members now and may see the subject."""
    found = []
    for recipient in named:
        actor = roster.actor(recipient.user, recipient.agency)
        if actor and kind.may_see(actor, occurrence):
            found.append(recipient)
    return found


def messages_of(
    reminder: Reminder,
    kind: ReminderKind,
    told: Sequence[Recipient],
    now: datetime,
    *,
    roster: Roster,
    step: int | None = None,
) -> list[Delivery]:
    """Return the messages of a step, the one that is due without any, not written yet."""
    step = reminder.step if step is None else step
    messages = [
        _message(reminder, step, recipient, channel, due_at)
        for recipient in told
        for channel, due_at in channels_to(recipient, now, roster)
    ]
    occurrence = reminder.occurrence(step)
    messages += [
        _message_to_systems(reminder, step, agency, now)
        for agency in {recipient.agency for recipient in told}
        if kind.may_see(systems_of(agency), occurrence)
    ]
    return messages


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

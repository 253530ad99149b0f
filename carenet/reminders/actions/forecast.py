"""Who will be told next of what is open, and when: the engine's own rules, without writing anything."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from carenet.agencies.selectors import Roster
from carenet.reminders.actions.recipients import reachable_recipients
from carenet.reminders.models import Reminder
from carenet.reminders.registry import Recipient, kind_named
from carenet.reminders.selectors import standing_in

#: No escalation policy has more steps that differ.
MOST_STEPS = 10


@dataclass(frozen=True, slots=True)
class NextNotification:
    """When the next step of a reminder falls due, and whom it, or the first step after it, reaches."""

    at: datetime
    recipients: list[Recipient]


def next_notifications(reminder: Reminder, now: datetime) -> NextNotification | None:
    """Return who will be told next, as things stand; None for what is over or has no date.

    Steps that reach nobody are passed over at once; at the last one rather somebody who is away is told
    than nobody. Raises `KeyError` for a kind that nobody registered.
    """
    if reminder.settled_at or reminder.due_at is None:
        return None
    at = max(reminder.due_at, reminder.retry_at or reminder.due_at)
    roster, kind = Roster(), kind_named(reminder.kind)
    if reminder.asks_holder and reminder.holder and reminder.holder_agency:
        occurrence = reminder.occurrence(reminder.told_step)
        holder = [Recipient(reminder.holder, reminder.holder_agency)]
        if told := reachable_recipients(kind, occurrence, holder, roster):
            return NextNotification(at, told)
    first = reminder.told_step if reminder.repeats else reminder.step
    for step in range(first, first + MOST_STEPS):
        occurrence = reminder.occurrence(step)
        named = list(kind.recipients(occurrence))
        told = reachable_recipients(kind, occurrence, standing_in(named, roster), roster)
        is_last = kind.next_due(occurrence, now) is None
        if is_last and not told:
            told = reachable_recipients(kind, occurrence, named, roster)
        if told or is_last:
            return NextNotification(at, told)
    return NextNotification(at, [])

"""What somebody who was told does about it: takes it on, puts it off, hands it on.

Each holds the chase back and names a holder, who is asked before anybody else when the hold is
over. None of them ends it: only the reason's own end does. Each is one event, never changed: to take
one back is another event.
"""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from carenet.agencies.actors import Actor
from carenet.agencies.models import User
from carenet.agencies.selectors import Roster, actor_of, calendar_of
from carenet.audit.actions import log_write
from carenet.core import clock
from carenet.core.clock import ZONE
from carenet.core.decisions import demand
from carenet.core.errors import Conflict, Invalid
from carenet.reminders import policy
from carenet.reminders.actions.member_left import free, in_hand
from carenet.reminders.actions.schedule import cancel_undelivered, end
from carenet.reminders.channels import CHANNELS
from carenet.reminders.models import InboxEntry, Reminder, ReminderEvent
from carenet.reminders.registry import is_answered_at_subject, notices
from carenet.reminders.states import DIGEST, DeliveryState, EngineReason, Verb


@transaction.atomic
def mark_read(*, actor: Actor, entry: InboxEntry) -> InboxEntry:
    """Note that an entry was read; once is enough, a second time changes nothing."""
    demand(policy.can_mark_read(actor, entry))
    _note_read(entry)
    log_write(actor.who, "reminder.read", "reminder", entry.reminder_id)
    if entry.reminder.kind in notices():
        _end_if_all_know(entry.reminder_id)
    return entry


@transaction.atomic
def acknowledge(*, actor: Actor, entry: InboxEntry, reason: str = "") -> InboxEntry:
    """Take it on: nobody else is chased for some working days, then the actor is asked first.

    Raises `Conflict` when it is settled, is a digest, or was held back too often in a row.
    """
    reminder = _lock(actor, entry)
    days: int = settings.REMINDER_ACKNOWLEDGED_WORKING_DAYS
    until = calendar_of(actor.agency).working_days_later(clock.now(), days)
    before = _postpone(reminder, actor, actor.user, until)
    _save_response(
        reminder, actor, entry, Verb.ACKNOWLEDGE, until=until, reason=reason, before=before
    )
    return entry


@transaction.atomic
def snooze(*, actor: Actor, entry: InboxEntry, until: date, reason: str) -> InboxEntry:
    """Put it off until the morning of a day, at most some working days ahead.

    Raises `Invalid` for a day that is not ahead or too far, `Conflict` as `acknowledge` does and
    for what rings on closed days, too: that cannot wait.
    """
    reminder = _lock(actor, entry)
    if entry.delivery.always:
        raise Conflict(
            _("This cannot be put off. Take it on, or hand it on to a colleague."),
            code="cannot_wait",
        )
    moment = _morning(actor, until)
    before = _postpone(reminder, actor, actor.user, moment)
    _save_response(reminder, actor, entry, Verb.SNOOZE, until=moment, reason=reason, before=before)
    return entry


@transaction.atomic
def take_back(*, actor: Actor, entry: InboxEntry) -> InboxEntry:
    """Undo one's own taking on or putting off: the chase stands as before, what was held back goes out.

    Raises `Conflict` when something else was done about it last, and when it is too late.
    """
    demand(policy.can_respond(actor, entry))
    reminder = Reminder.objects.select_for_update(no_key=True).get(pk=entry.reminder_id)
    last = reminder.events.order_by("-id").first()
    refused = policy.take_back_refusal(actor, reminder, last)
    if refused:
        raise refused
    before: Any = last.before if last else {}
    _restore(reminder, before)
    if reminder.holder_id and not in_hand(reminder, Roster()):
        free(actor, reminder)  # whoever had it before has left meanwhile
    _save_response(reminder, actor, entry, Verb.TAKE_BACK, reason="")
    return entry


@transaction.atomic
def delegate(*, actor: Actor, entry: InboxEntry, person: User, reason: str = "") -> InboxEntry:
    """Hand it on to a colleague of the same agency, who is told at once and asked first from now on.

    Raises `Invalid` for who is no colleague or may not see the subject, `Conflict` as
    `acknowledge` does.
    """
    reminder = _lock(actor, entry)
    _demand_colleague(actor, person, reminder)
    resumes_at = reminder.due_at
    _postpone(reminder, actor, person, clock.now())
    reminder.due_at, reminder.resumes_at = clock.now(), resumes_at
    reminder.save(update_fields=["due_at", "resumes_at"])
    _save_response(reminder, actor, entry, Verb.DELEGATE, person=person, reason=reason)
    return entry


def _lock(actor: Actor, entry: InboxEntry) -> Reminder:
    """Lock the reminder of an entry that the actor may respond to."""
    demand(policy.can_respond(actor, entry))
    reminder = Reminder.objects.select_for_update(no_key=True).get(pk=entry.reminder_id)
    if reminder.settled_at:
        raise policy.is_settled()
    if reminder.kind == DIGEST:
        raise Conflict(
            _("A digest only repeats. Respond to the reminders that it lists."), code="digest_only"
        )
    if reminder.kind in notices():
        raise Conflict(
            _("There is nothing to do about it but to know. Say that you have read it."),
            code="notice_only",
        )
    if is_answered_at_subject(reminder.kind):
        raise Conflict(
            _("Acknowledge the subject of this reminder itself: that says until when."),
            code="answered_at_subject",
        )
    if reminder.holds >= settings.REMINDER_HOLDS:
        raise Conflict(
            _("It was held back as often as is allowed. Deal with it; the next step is due."),
            code="held_too_often",
        )
    return reminder


def _postpone(
    reminder: Reminder, actor: Actor, holder: User | None, until: datetime
) -> dict[str, Any]:
    """Let nobody else be chased until then; a later date of the chase itself stays.

    After the last step that step comes again. A partner's system names no holder. Returns how it stood
    before, as `_restore` reads it.
    """
    before = {name: getattr(reminder, name) for name in _HELD}
    if reminder.due_at is None or reminder.repeats:
        reminder.step, reminder.due_at, reminder.repeats = reminder.told_step, None, False
    reminder.due_at = max(until, reminder.due_at or until)
    reminder.holder, reminder.holder_agency = holder, actor.agency
    reminder.asks_holder = holder is not None
    reminder.resumes_at = None
    reminder.holds += 1
    reminder.turn += 1
    reminder.save()
    ringing = [channel.name for channel in CHANNELS.values() if channel.rings]
    held_back = reminder.deliveries.filter(
        state=DeliveryState.PENDING, channel__in=ringing, always=False
    )
    messages = list(held_back.values_list("pk", flat=True))
    reminder.deliveries.filter(pk__in=messages, state=DeliveryState.PENDING).update(
        state=DeliveryState.CANCELLED, reason=EngineReason.HELD, finished_at=clock.now()
    )
    after = {"held_step": reminder.step, "held_turn": reminder.turn, "messages": messages}
    return before | after


#: What a hold changes of a reminder. `turn` only grows: it keeps the keys of messages apart.
_HELD = (
    "step", "due_at", "repeats", "holder_id", "holder_agency_id", "asks_holder", "resumes_at",
    "holds",
)  # fmt: skip


def _restore(reminder: Reminder, before: dict[str, Any]) -> None:
    """Let a reminder stand as before it was held back; the messages that waited go out after all."""
    for name in _HELD:
        value = before[name]
        is_moment = value is not None and name in {"due_at", "resumes_at"}
        setattr(reminder, name, datetime.fromisoformat(value) if is_moment else value)
    reminder.save()
    held = reminder.deliveries.filter(pk__in=before["messages"], state=DeliveryState.CANCELLED)
    held.filter(reason=EngineReason.HELD).update(
        state=DeliveryState.PENDING, reason="", finished_at=None
    )


def _save_response(
    reminder: Reminder,
    actor: Actor,
    entry: InboxEntry,
    verb: Verb,
    *,
    reason: str,
    until: datetime | None = None,
    person: User | None = None,
    before: dict[str, Any] | None = None,
) -> None:
    """Write the event and the trail; whoever responds has read it."""
    ReminderEvent.objects.create(
        reminder=reminder,
        verb=verb,
        by_agency=actor.agency,
        by_user=actor.user,
        by_client=actor.client_id,
        person=person,
        until=until,
        reason=reason,
        before=json.loads(json.dumps(before, default=_written)) if before else None,
    )
    _note_read(entry)
    log_write(
        actor.who,
        f"reminder.{verb}",
        "reminder",
        reminder.pk,
        until=until.isoformat() if until else None,
        person=str(person.pk) if person else None,
    )


def _written(value: datetime | UUID) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _note_read(entry: InboxEntry) -> None:
    """Set the time once, and end the worry that its reader may not have been reached."""
    InboxEntry.objects.filter(pk=entry.pk, read_at=None).update(read_at=clock.now())
    same = entry.reminder.deliveries.filter(
        recipient=entry.user_id, step=entry.delivery.step, turn=entry.delivery.turn
    )
    cancel_undelivered(same, EngineReason.READ)


def _end_if_all_know(reminder_id: UUID) -> None:
    """End a notice that everybody whom it was to reach has read; what is still due of it is its end.

    Systems are not waited for: an agency may have none. The lock makes the last of two readers see
    that the other one has read it.
    """
    reminder = Reminder.objects.select_for_update(no_key=True).get(pk=reminder_id)
    unread = InboxEntry.objects.filter(reminder=reminder, read_at=None, user__isnull=False)
    under_way = reminder.deliveries.filter(finished_at=None, recipient__isnull=False)
    if not (reminder.settled_at or unread.exists() or under_way.exists()):
        end(reminder, EngineReason.READ)


def _morning(actor: Actor, day: date) -> datetime:
    """Return when a day begins that something may be put off to; raises `Invalid`."""
    today = clock.now().astimezone(ZONE).date()
    calendar, days = calendar_of(actor.agency), settings.REMINDER_SNOOZE_WORKING_DAYS
    latest = calendar.working_days_later(clock.now(), days).astimezone(ZONE).date()
    if not today < day <= latest:
        told = _("Give a day after today, %(latest)s at the latest.")
        raise Invalid({"until": told % {"latest": latest.isoformat()}})
    return calendar.opening(day)


def _demand_colleague(actor: Actor, person: User, reminder: Reminder) -> None:
    colleague = actor_of(person, actor.agency)
    if colleague is None or person.pk == actor.user_id:
        raise Invalid({"person": _("Choose somebody else who works in your agency.")})
    if not (colleague.may("reminders.respond") and policy.may_see_subject(colleague, reminder)):
        raise Invalid(
            {"person": _("This person may not see what it is about. Choose another one.")}
        )

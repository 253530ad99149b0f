"""Who may read an inbox: its owner, while acting for the agency that was told.

A partner's system reads its agency's own entries, never those of the people in it: they are
personal, and may speak of subjects that only these people may see.
"""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from carenet.agencies.actors import Actor
from carenet.core import clock
from carenet.core.decisions import ALLOWED, Decision, Denied
from carenet.core.errors import Conflict
from carenet.reminders.models import InboxEntry, Reminder, ReminderEvent
from carenet.reminders.registry import SharedKind, kind_named
from carenet.reminders.states import REVERSIBLE


def visible_to(actor: Actor) -> QuerySet[InboxEntry]:
    """Return the entries that the actor may read."""
    if not actor.may("reminders.view"):
        return InboxEntry.objects.none()
    return InboxEntry.objects.filter(agency=actor.agency_id, user=actor.user_id)


def can_view(actor: Actor, entry: InboxEntry) -> Decision:
    """Whether the actor may read this entry: the same rule as `visible_to`."""
    return _addressed(actor, entry, "reminders.view")


def can_mark_read(actor: Actor, entry: InboxEntry) -> Decision:
    """Whether the actor may say that this entry was read: whoever it was sent to."""
    return _addressed(actor, entry, "reminders.respond")


def can_respond(actor: Actor, entry: InboxEntry) -> Decision:
    """Whether the actor may take on, put off or hand on what this entry is about.

    Only who may still see the subject can say that somebody looks after it.
    """
    addressed = _addressed(actor, entry, "reminders.respond")
    if not addressed:
        return addressed
    if not may_see_subject(actor, entry.reminder):
        return Denied(
            _("You may no longer see what this reminder is about."),
            _("Access to the subject of the reminder."),
            code="subject_out_of_sight",
        )
    kind, reminder = kind_named(entry.reminder.kind), entry.reminder
    occurrence = reminder.occurrence(reminder.told_step)
    if isinstance(kind, SharedKind) and not kind.may_snooze(actor, occurrence):
        return Denied(
            _("Other agencies are asked as well: nobody can hold this back for them."),
            _("A part of one's own in what the reminder is about."),
            code="asked_of_several",
        )
    return addressed


def take_back_span() -> timedelta:
    """Return for how long people may take back what they did: taking on, putting off, other hands."""
    return timedelta(minutes=settings.REMINDER_TAKE_BACK_MINUTES)


def take_back_refusal(
    actor: Actor, reminder: Reminder, last: ReminderEvent | None
) -> Conflict | None:
    """Return why what was last done about a reminder may not be taken back, None where it may.

    The line of Today asks before it offers it, the action asks again under its lock.
    """
    if reminder.settled_at:
        return is_settled()
    if (
        last is None
        or not _is_own(actor, last)
        or last.before is None
        or last.verb not in REVERSIBLE
    ):
        return Conflict(
            _("Nothing that you have done last about this can be taken back."),
            code="nothing_to_take_back",
        )
    left = (last.before["held_step"], last.before["held_turn"])
    if (reminder.step, reminder.turn) != left or clock.now() - last.at > take_back_span():
        return Conflict(
            _("It is too late to take this back. Hand it on to a colleague, or deal with it."),
            code="too_late_to_take_back",
        )
    return None


def is_settled() -> Conflict:
    """Return what is said of a reminder that nobody has to do anything about any more."""
    return Conflict(_("Its reason is gone; there is nothing left to do."), code="reminder_settled")


def _is_own(actor: Actor, event: ReminderEvent) -> bool:
    hand = (str(event.by_agency_id), str(event.by_user_id), event.by_client)
    return hand == (str(actor.agency_id), str(actor.user_id), actor.client_id)


def may_see_subject(actor: Actor, reminder: Reminder) -> bool:
    """Whether the actor may see what a reminder is about, as its kind says; no kind, no sight."""
    try:
        kind = kind_named(reminder.kind)
    except KeyError:
        return False
    return kind.may_see(actor, reminder.occurrence(reminder.told_step))


def _addressed(actor: Actor, entry: InboxEntry, ability: str) -> Decision:
    by_role = actor.may(ability)
    if not by_role:
        return by_role
    if (entry.agency_id, entry.user_id) != (actor.agency_id, actor.user_id):
        return Denied(
            _("This reminder was sent to somebody else."),
            _("Being the one to whom it was sent, in the agency you act for."),
            code="not_addressed",
        )
    return ALLOWED

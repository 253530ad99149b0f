"""Who may read an inbox: its owner, while acting for the agency that was told.

A partner's system reads its agency's own entries, never those of the people in it: they are
personal, and may speak of subjects that only these people may see.
"""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from carenet.agencies.actors import Actor
from carenet.core.decisions import ALLOWED, Decision, Denied
from carenet.reminders.models import InboxEntry, Reminder
from carenet.reminders.registry import SharedKind, kind_named


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

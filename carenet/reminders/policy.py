"""Who may read an inbox: its owner, while acting for the agency that was told.

A partner's system reads its agency's own entries, never those of the people in it: they are
personal, and may speak of subjects that only these people may see.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from carenet.decisions import ALLOWED, Decision, Denied
from carenet.reminders.models import InboxEntry

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from carenet.agencies.actors import Actor


def visible_to(actor: Actor) -> QuerySet[InboxEntry]:
    """Return the entries that the actor may read."""
    if not actor.may("reminders.view"):
        return InboxEntry.objects.none()
    return InboxEntry.objects.filter(agency=actor.agency_id, user=actor.user_id)


def can_view(actor: Actor, entry: InboxEntry) -> Decision:
    """Whether the actor may read this entry: the same rule as `visible_to`."""
    by_role = actor.may("reminders.view")
    if not by_role:
        return by_role
    if (entry.agency_id, entry.user_id) != (actor.agency_id, actor.user_id):
        return Denied(
            _("This reminder was sent to somebody else."),
            _("Being the one to whom it was sent, in the agency you act for."),
            code="not_addressed",
        )
    return ALLOWED

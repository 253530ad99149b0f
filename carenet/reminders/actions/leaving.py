"""Somebody leaves: what they had taken on, put off or been handed chases the others again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from carenet import clock
from carenet.agencies.actions.acting import who_of
from carenet.audit.actions import record
from carenet.reminders.models import Reminder

if TYPE_CHECKING:
    from carenet.agencies.actors import Actor
    from carenet.agencies.models import Membership


@transaction.atomic
def leave_reminders(*, actor: Actor | None, membership: Membership) -> None:
    """Take open reminders out of a leaver's hands: registered with `agencies`.

    The step that was told last comes again at once, to those who hold its role now: they had been
    left in peace because somebody had said that they would see to it.
    """
    held = Reminder.objects.filter(
        holder=membership.user, holder_agency=membership.agency, settled_at=None
    )
    for reminder in held.select_for_update(no_key=True, of=("self",)).order_by("pk"):
        reminder.step = reminder.told_step
        reminder.turn += 1
        reminder.due_at = clock.now()
        reminder.holder = reminder.holder_agency = reminder.resumes_at = None
        reminder.asks_holder = False
        reminder.save()
        record(
            who_of(actor),
            "reminder.lose_holder",
            "reminder",
            reminder.pk,
            person=str(membership.user_id),
        )

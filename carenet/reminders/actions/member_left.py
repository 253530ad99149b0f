"""Somebody leaves, may do less or is away: what they had in hand chases the others again."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from carenet.agencies.actions.locks import who_of
from carenet.agencies.actors import Actor
from carenet.agencies.models import Absence, Membership
from carenet.agencies.selectors import Roster
from carenet.audit.actions import log_write
from carenet.core import clock
from carenet.reminders.models import Reminder
from carenet.reminders.policy import may_see_subject

#: As many as one transaction of a sweep frees.
AT_ONCE = 100


@transaction.atomic
def release_reminders(*, actor: Actor | None, membership: Membership) -> None:
    """Take open reminders out of a leaver's hands: registered with `agencies`.

    The step that was told last comes again at once, to those who hold its role now: they had been
    left in peace because somebody had said that they would see to it.
    """
    for reminder in _locked(reminders_held(membership)):
        free(actor, reminder)


@transaction.atomic
def release_unavailable(*, actor: Actor | None, membership: Membership) -> None:
    """Do the same with what somebody who stays cannot see to any more: registered with `agencies`."""
    roster = Roster()
    for reminder in _locked(reminders_held(membership)):
        if not in_hand(reminder, roster):
            free(actor, reminder)


def release_absent(*, now: datetime) -> bool:
    """Free what is held by somebody whose absence has begun; False when there is nothing."""
    away = Absence.objects.running(now).filter(
        membership__user=OuterRef("holder"), membership__agency=OuterRef("holder_agency")
    )
    with transaction.atomic(durable=True):
        held = Reminder.objects.filter(Exists(away), settled_at=None, due_at__gt=now)
        found = held.select_for_update(no_key=True, of=("self",), skip_locked=True)
        reminders = list(found.select_related("holder").order_by("pk")[:AT_ONCE])
        for reminder in reminders:
            free(None, reminder)
    return bool(reminders)


def reminders_held(membership: Membership) -> QuerySet[Reminder]:
    """Return the open reminders that a member has taken on for the agency."""
    return Reminder.objects.filter(
        holder=membership.user_id, holder_agency=membership.agency_id, settled_at=None
    )


def _locked(reminders: QuerySet[Reminder]) -> QuerySet[Reminder]:
    held = reminders.select_for_update(no_key=True, of=("self",)).order_by("pk")
    return held.select_related("agency", "person", "holder", "holder_agency")


def in_hand(reminder: Reminder, roster: Roster) -> bool:
    """Whether whoever holds a reminder is there, may respond to it, and sees its subject."""
    holder, agency = reminder.holder, reminder.holder_agency
    if holder is None or agency is None:
        return False
    actor = roster.actor(holder, agency)
    if actor is None or holder.pk in roster.staff(agency).away:
        return False
    return bool(actor.may("reminders.respond")) and may_see_subject(actor, reminder)


def free(actor: Actor | None, reminder: Reminder) -> None:
    """Let the step of a held reminder that was told last come again, to those who hold its role now."""
    person = reminder.holder_id
    reminder.step = reminder.told_step
    reminder.turn += 1
    reminder.due_at = clock.now()
    reminder.holder = reminder.holder_agency = reminder.resumes_at = None
    reminder.asks_holder = reminder.repeats = False
    reminder.save()
    log_write(
        who_of(actor),
        "reminder.lose_holder",
        "reminder",
        reminder.pk,
        person=str(person),
    )

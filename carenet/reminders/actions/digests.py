"""The daily digest: one mail for each person, agency and working day, for whoever wants no others.

A digest is a reminder of its own kind with a single message by e-mail. It is claimed, checked and
sent like every other, and what it lists is looked up when it is sent.
"""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from carenet.agencies.models import Agency, Membership
from carenet.agencies.selectors import calendar_of
from carenet.core.clock import ZONE
from carenet.reminders.actions.delivery_times import allowed_from
from carenet.reminders.actions.schedule import cancel_reminder
from carenet.reminders.channels import CHANNELS, EMAIL
from carenet.reminders.models import Delivery, DigestRound, Reminder
from carenet.reminders.selectors import open_reminders_of
from carenet.reminders.states import DIGEST, EngineReason


def write_digests(*, now: datetime) -> None:
    """Write the digests of all agencies whose hour has come today; each agency once a day."""
    if CHANNELS[EMAIL].is_on():
        while _write_round(now):
            pass


def _write_round(now: datetime) -> bool:
    """Write those of one agency, all in one transaction; False when none is left to do.

    On a closed day the round is noted, and nothing is written.
    """
    today = now.astimezone(ZONE).date()
    with transaction.atomic(durable=True):
        agency = _next_agency(now)
        if agency is None:
            return False
        _round, is_ours = DigestRound.objects.get_or_create(agency=agency, on=today)
        if is_ours and calendar_of(agency).is_open(today):
            for membership in _readers(agency):
                if open_reminders_of(membership.user, agency).exists():
                    _write_digest(membership, today, now)
    return True


def _next_agency(now: datetime) -> Agency | None:
    local = now.astimezone(ZONE)
    reached = _reached().filter(agency=OuterRef("pk"))
    done = DigestRound.objects.filter(agency=OuterRef("pk"), on=local.date())
    return (
        Agency.objects.select_for_update(skip_locked=True, no_key=True)
        .filter(~Exists(done), Exists(reached))
        .filter(active=True, by_email=True, digest_at__lte=local.time())
        .order_by("id")
        .first()
    )


def _readers(agency: Agency) -> QuerySet[Membership]:
    """Return those who get a digest instead of single mails, by their choice or the agency's."""
    wanted = Q(user__digest=True)
    if agency.digest:
        wanted |= Q(user__digest=None)
    readers = _reached().filter(wanted, agency=agency)
    return readers.select_related("user", "agency").order_by("id")


def _reached() -> QuerySet[Membership]:
    """Return the memberships of people who have an address and want mails."""
    return Membership.objects.current().filter(user__by_email=True).exclude(user__email="")


def _write_digest(membership: Membership, today: date, now: datetime) -> None:
    """Write one; yesterday's is over, whatever became of it."""
    cancel_reminder(kind=DIGEST, subject_id=membership.pk, because=EngineReason.REPLACED)
    reminder = Reminder.objects.create(
        kind=DIGEST,
        subject_kind="membership",
        subject_id=membership.pk,
        subject_code=today.isoformat(),
        agency=membership.agency,
        person=membership.user,
        step=1,
        first_due_at=now,
    )
    due_at = allowed_from(CHANNELS[EMAIL], membership.agency, now, always=False)
    message = Delivery(
        reminder=reminder,
        step=0,
        recipient=membership.user,
        agency=membership.agency,
        channel=EMAIL,
        dedupe_key=f"digest:{membership.pk}:{today}",
        due_at=due_at,
        next_try_at=due_at,
    )
    Delivery.objects.bulk_create([message], ignore_conflicts=True)

"""A share of a case that was agreed on until a day: whoever leads hears of it before it runs out."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from carenet.access.actions import limit
from carenet.access.models import Grant
from carenet.access.rules import SharingBasis
from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency
from carenet.agencies.selectors import calendar_of
from carenet.cases.models import Case
from carenet.core import clock
from carenet.core.errors import Conflict
from carenet.reminders.actions import cancel_reminder, schedule_reminder

#: The reminder that a share of a case is about to end (`carenet.cases.hooks`).
GRANT_ENDING = "case.grant_ending"


def remind_of_ending(case: Case, grant: Grant) -> None:
    """Tell the lead some working days before the share ends, in the caller's transaction.

    One that is given for less than that is not spoken of: whoever gave it knows when it ends.
    """
    if grant.until is None:
        return
    due_at = _some_days_before(grant.until, case.lead_agency)
    if due_at > clock.now():
        schedule_reminder(
            kind=GRANT_ENDING,
            subject_id=grant.pk,
            subject_code=case.code,
            agency=case.lead_agency,
            due_at=due_at,
        )


def forget_ending(grant: Grant) -> None:
    """Settle the reminder of a share that was ended."""
    cancel_reminder(kind=GRANT_ENDING, subject_id=grant.pk, because="revoked")


def limit_to_case(actor: Actor, case: Case) -> None:
    """Let what rests on the purpose of a case that has ended run out with it, some days later.

    So do answers to inquiries that the lead gave for it, unless another case still carries them.
    Whoever reopens the case prolongs what is needed again.
    """
    until = clock.now() + timedelta(days=settings.BASIS_DAYS_AFTER_CASE)
    resting = Grant.objects.filter(basis=SharingBasis.WITHIN_PURPOSE)
    limit(actor=actor, grants=resting.filter(subject_kind="case", subject_id=case.pk), until=until)
    theirs = Case.objects.filter(
        resident=case.resident_id, lead_agency=case.lead_agency_id, ended_at=None
    )
    if theirs.exclude(pk=case.pk).exists():
        return
    shared = resting.filter(
        subject_kind="resident", subject_id=case.resident_id, given_by_agency=case.lead_agency_id
    )
    limit(actor=actor, grants=shared.filter(cause_kind="inquiry"), until=until)


def _some_days_before(until: datetime, lead: Agency) -> datetime:
    """Return the opening of the lead's day by which somebody can still act."""
    calendar, day = calendar_of(lead), timezone.localdate(until)
    try:
        day = calendar.before_working_days(day, settings.CASE_GRANT_ENDING_WORKING_DAYS)
    except Conflict:
        return until  # a calendar without any open day: rather at the end than never
    return calendar.opening(day)

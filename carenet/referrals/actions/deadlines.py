"""When an answer, or the next step, is due: by the working days of whose turn it is."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone

from carenet.agencies.selectors import calendar_of
from carenet.cases.models import Urgency
from carenet.referrals.states import UNANSWERED, ReferralStatus, Side

if TYPE_CHECKING:
    from datetime import datetime

    from carenet.referrals.models import Referral


def answer_due(referral: Referral, sent_at: datetime) -> datetime:
    """Return when the receiver's answer is due: as the sender wants it, at the latest by urgency."""
    calendar = calendar_of(referral.waits_by)
    if referral.urgency == Urgency.TODAY:
        hours = timedelta(hours=settings.REFERRAL_ANSWER_HOURS_TODAY)
        day = timezone.localdate(sent_at)
        due = (
            sent_at + hours if calendar.is_open(day) else calendar.opening(calendar.next_open(day))
        )
    else:
        days = settings.REFERRAL_ANSWER_WORKING_DAYS[referral.urgency]
        due = calendar.after_working_days(sent_at, days)
    return min(due, referral.answer_wanted_by) if referral.answer_wanted_by else due


def step_due(referral: Referral, now: datetime) -> datetime | None:
    """Return when the next step is due in the status that the referral has just reached."""
    if referral.status in UNANSWERED and referral.sent_at:
        # Who claims out of a pool has it from then on only.
        claimed_at = referral.received_at if referral.to_pool else None
        return answer_due(referral, claimed_at or referral.sent_at)
    if referral.turn == Side.S and referral.status != ReferralStatus.DRAFT:
        calendar = calendar_of(referral.sender)
        return calendar.after_working_days(now, settings.REFERRAL_SENDER_WORKING_DAYS)
    return None

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


def answer_due(referral: Referral, since: datetime) -> datetime:
    """Return when the receiver's answer is due: as the sender wants it, at the latest by urgency.

    `since` is when it became the receiver's turn to answer.
    """
    calendar = calendar_of(referral.receiver)
    if referral.urgency == Urgency.TODAY:
        hours = timedelta(hours=settings.REFERRAL_ANSWER_HOURS_TODAY)
        day = timezone.localdate(since)
        due = since + hours if calendar.is_open(day) else calendar.opening(calendar.next_open(day))
    else:
        days = settings.REFERRAL_ANSWER_WORKING_DAYS[referral.urgency]
        due = calendar.after_working_days(since, days)
    wanted = referral.answer_wanted_by
    return min(due, wanted) if wanted and wanted > since else due


def step_due(referral: Referral, now: datetime) -> datetime | None:
    """Return when the next step is due in the status that the referral has just reached."""
    if referral.status in UNANSWERED:
        return answer_due(referral, referral.turn_since)
    if referral.status == ReferralStatus.ON_HOLD and referral.review_on:
        # What is due on a closing day is told at the opening before it, not after.
        calendar = calendar_of(referral.receiver)
        return calendar.opening(calendar.last_open(referral.review_on))
    if referral.turn == Side.S and referral.status != ReferralStatus.DRAFT:
        calendar = calendar_of(referral.sender)
        return calendar.after_working_days(now, settings.REFERRAL_SENDER_WORKING_DAYS)
    return None

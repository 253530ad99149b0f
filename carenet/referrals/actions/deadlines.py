"""When an answer, or the next step, is due: by the working days of whose turn it is."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from carenet.agencies.models import ChasingRule, ChasingStage
from carenet.agencies.selectors import calendar_of, chasing_rule
from carenet.cases.models import Urgency
from carenet.referrals.escalation import ReferralPolicy, due_policy
from carenet.referrals.models import Referral
from carenet.referrals.states import UNANSWERED, ReferralDelivery, ReferralStatus, Side


@dataclass(frozen=True, slots=True)
class Pace:
    """How the chased side of a referral is chased: its own rule, else the installation's settings.

    `days_to_due` is None where the settings say it by urgency.
    """

    days_to_due: int | None
    days_between: int
    switched_off: bool = False


def pace_of(policy: ReferralPolicy, referral: Referral) -> Pace:
    """Return the pace at which a referral is escalated by a policy: that of its pair of agencies."""
    rule = _rule(policy, referral)
    usual = Pace(_usual_days(policy.stage), settings.REFERRAL_CHASE_WORKING_DAYS)
    if rule is None:
        return usual
    return Pace(
        rule.days_to_due or usual.days_to_due,
        rule.days_between or usual.days_between,
        rule.switched_off,
    )


def answer_due(referral: Referral, since: datetime, days_to_due: int | None = None) -> datetime:
    """Return when the receiver's answer is due: as the sender wants it, at the latest by urgency.

    `since` is when it became the receiver's turn to answer.
    `days_to_due` is what the receiver has set itself: it takes longer only where nothing is urgent.
    """
    calendar = calendar_of(referral.waits_by)
    if referral.urgency == Urgency.TODAY:
        due = _by_urgency(referral, since)
    else:
        days = settings.REFERRAL_ANSWER_WORKING_DAYS[referral.urgency]
        if days_to_due is not None:
            days = days_to_due if referral.urgency == Urgency.NORMAL else min(days, days_to_due)
        due = calendar.after_working_days(since, days)
    wanted = referral.answer_wanted_by
    return min(due, wanted) if wanted and wanted > since else due


def _by_urgency(referral: Referral, since: datetime) -> datetime:
    """Return when something is due that is needed so soon, from a moment on."""
    calendar = calendar_of(referral.waits_by)
    if referral.urgency == Urgency.TODAY:
        hours = timedelta(hours=settings.REFERRAL_ANSWER_HOURS_TODAY)
        day = timezone.localdate(since)
        return since + hours if calendar.is_open(day) else calendar.opening(calendar.next_open(day))
    days: int = settings.REFERRAL_ANSWER_WORKING_DAYS[referral.urgency]
    return calendar.after_working_days(since, days)


def step_due(referral: Referral, now: datetime) -> datetime | None:
    """Return when the next step is due in the status that the referral has just reached."""
    if referral.undelivered:
        return _telling_due(referral)
    policy = due_policy(referral.situation)
    if policy is None:
        return None
    if referral.status == ReferralStatus.ON_HOLD and referral.review_on:
        # What is due on a closing day is told at the opening before it, not after.
        calendar = calendar_of(referral.received_by)
        return calendar.opening(calendar.last_open(referral.review_on))
    if (referral.urgency, referral.status) == (Urgency.TODAY, ReferralStatus.DECLINE_PROPOSED):
        return now  # what is needed today is not left alone for days
    return _by_pace(referral, policy, now)


def _by_pace(referral: Referral, policy: ReferralPolicy, now: datetime) -> datetime:
    days = pace_of(policy, referral).days_to_due
    if policy.stage is ChasingStage.START and referral.urgency != Urgency.NORMAL:
        # How soon it is needed counts after somebody has taken it on, too.
        due = (
            calendar_of(referral.waits_by).working_days_later(now, days)
            if days is not None
            else None
        )
        by_urgency = _by_urgency(referral, now)
        return min(due, by_urgency) if due else by_urgency
    if days is None or policy.stage is ChasingStage.ANSWER:
        return answer_due(referral, referral.turn_since, days)
    return calendar_of(referral.waits_by).working_days_later(now, days)


def answer_due_if_told(referral: Referral, now: datetime) -> datetime | None:
    """Return until when the answer is wanted; of what nobody was told yet, were it told now."""
    if referral.status not in UNANSWERED:
        return None
    if not referral.undelivered:
        return referral.due_at
    told = copy(referral)
    told.delivery, told.turn_since = ReferralDelivery.SYSTEM, now
    return step_due(told, now)


def _telling_due(referral: Referral) -> datetime:
    """Return until when S tells an R that reads nothing here: in its own hours, or working days."""
    if referral.urgency == Urgency.TODAY:
        return _by_urgency(referral, referral.turn_since)
    days = settings.REFERRAL_TELLING_WORKING_DAYS
    return calendar_of(referral.sender).working_days_later(referral.turn_since, days)


def _rule(policy: ReferralPolicy, referral: Referral) -> ChasingRule | None:
    """Return the chased agency's rule; none while several are asked, or nobody was ever R."""
    sender, receiver = referral.sender, referral.receiver
    if receiver is None:
        return None
    chased, partner = (sender, receiver) if policy.chased == Side.S else (receiver, sender)
    return chasing_rule(chased, partner, policy.stage)


def _usual_days(stage: ChasingStage) -> int | None:
    usual: dict[ChasingStage, int] = {
        ChasingStage.START: settings.REFERRAL_START_WORKING_DAYS,
        ChasingStage.PROGRESS: settings.REFERRAL_PROGRESS_WORKING_DAYS,
        ChasingStage.SENDER: settings.REFERRAL_SENDER_WORKING_DAYS,
    }
    return usual.get(stage)

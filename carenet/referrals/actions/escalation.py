"""What a referral's reminders make of where it stands: one call, in the transaction of the cause."""

from __future__ import annotations

from datetime import datetime

from carenet.referrals.escalation import ESCALATION_POLICIES, ReferralPolicy, Start
from carenet.referrals.models import Referral
from carenet.referrals.states import Side
from carenet.reminders.actions import cancel_reminder, schedule_reminder
from carenet.reminders.selectors import open_kinds


def update_escalations(referral: Referral, now: datetime) -> None:
    """Escalate the saved referral by the policies that hold for it, and no more by those that do not.

    A policy that is due with the referral starts anew when that date or the chased agency has
    changed; one that starts at once goes on as it is.
    """
    running = open_kinds(referral.pk, {policy.kind for policy in ESCALATION_POLICIES})
    for policy in ESCALATION_POLICIES:
        if not policy.applies(referral.situation):
            if policy.kind in running:
                cancel_reminder(kind=policy.kind, subject_id=referral.pk, because=referral.status)
        elif policy.start is Start.AT_DUE:
            _schedule(policy, referral, referral.due_at or now)
        elif policy.kind not in running:
            _schedule(policy, referral, now)


def _schedule(policy: ReferralPolicy, referral: Referral, due_at: datetime) -> None:
    schedule_reminder(
        kind=policy.kind,
        subject_id=referral.pk,
        # What a pool is told must not name it: on paper the code stands beside a name.
        subject_code="" if referral.waits_in_pool else referral.code,
        agency=(policy.chased == Side.R and referral.receiver) or referral.sender,
        due_at=due_at,
    )

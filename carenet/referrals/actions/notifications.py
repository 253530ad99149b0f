"""What people are told besides the chase: an end that neither side has brought about.

Whom it tells and what it says stands in `carenet.referrals.hooks`.
"""

from __future__ import annotations

from carenet.agencies.actors import Actor
from carenet.core.transitions import Transition
from carenet.referrals.models import Referral
from carenet.referrals.states import ReferralStatus, Verb
from carenet.reminders.actions import cancel_reminder, schedule_reminder

SETTLED = "referral.settled"
DECLINE_PROPOSED = "referral.decline_proposed"


def notify(change: Transition[Actor, Referral, Verb, ReferralStatus]) -> None:
    """Tell both sides of a referral that ended with its case, and S that a decline is proposed.

    In the transaction of the step. What S has to do about a decline is due later (`chasing`).
    """
    referral = change.row
    if change.target == ReferralStatus.DECLINE_PROPOSED:
        schedule_reminder(
            kind=DECLINE_PROPOSED,
            subject_id=referral.pk,
            subject_code=referral.code,
            agency=referral.sender,
            due_at=change.now,
        )
    elif change.source == ReferralStatus.DECLINE_PROPOSED:
        cancel_reminder(kind=DECLINE_PROPOSED, subject_id=referral.pk, because=str(change.verb))
    if change.verb is Verb.SETTLE and change.target == ReferralStatus.CLOSED:
        schedule_reminder(
            kind=SETTLED,
            subject_id=referral.pk,
            subject_code=referral.code,
            agency=referral.sender,
            due_at=change.now,
        )

"""What people are told besides the chase: an end that neither side has brought about.

Whom it tells and what it says stands in `carenet.referrals.hooks`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from carenet.referrals.states import ReferralStatus, Verb
from carenet.reminders.actions import remind, settle

if TYPE_CHECKING:
    from carenet.referrals.actions.stepping import Step

SETTLED = "referral.settled"
DECLINE_PROPOSED = "referral.decline_proposed"


def tell(step: Step) -> None:
    """Tell both sides of a referral that ended with its case, and S that a decline is proposed.

    In the transaction of the step. What S has to do about a decline is due later (`chasing`).
    """
    referral = step.referral
    if step.target == ReferralStatus.DECLINE_PROPOSED:
        remind(
            kind=DECLINE_PROPOSED,
            subject_id=referral.pk,
            subject_code=referral.code,
            agency=referral.sender,
            due_at=step.now,
        )
    elif step.source == ReferralStatus.DECLINE_PROPOSED:
        settle(kind=DECLINE_PROPOSED, subject_id=referral.pk, because=str(step.verb))
    if step.verb is Verb.SETTLE and step.target == ReferralStatus.CLOSED:
        remind(
            kind=SETTLED,
            subject_id=referral.pk,
            subject_code=referral.code,
            agency=referral.sender,
            due_at=step.now,
        )

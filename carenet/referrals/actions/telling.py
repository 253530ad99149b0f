"""What people are told besides the chase: an end that neither side has brought about.

Whom it tells and what it says stands in `carenet.referrals.hooks`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from carenet.referrals.states import ReferralStatus, Verb
from carenet.reminders.actions import remind

if TYPE_CHECKING:
    from carenet.referrals.actions.stepping import Step

SETTLED = "referral.settled"


def tell(step: Step) -> None:
    """Tell both sides of a referral that ended with its case, in the transaction of the step."""
    referral = step.referral
    if step.verb is Verb.SETTLE and step.target == ReferralStatus.CLOSED:
        remind(
            kind=SETTLED,
            subject_id=referral.pk,
            subject_code=referral.code,
            agency=referral.sender,
            due_at=step.now,
        )

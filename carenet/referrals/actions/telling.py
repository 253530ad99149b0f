"""What people are told besides the chase: reviews of holds, requests, ends that others brought about.

The kinds themselves, with whom they tell and what they say, stand in `carenet.referrals.hooks`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from carenet.referrals.states import UNDER_WAY, ReferralStatus, Verb
from carenet.reminders.actions import remind, settle

if TYPE_CHECKING:
    from datetime import datetime

    from carenet.agencies.models import Agency, User
    from carenet.referrals.actions.stepping import Step
    from carenet.referrals.models import Referral

HOLD_REVIEW = "referral.hold_review"
WITHDRAWAL_REQUESTED = "referral.withdrawal_requested"
SETTLED = "referral.settled"
REROUTED = "referral.rerouted"


def tell(step: Step) -> None:
    """Begin and end the reminders that follow from a step, in its transaction."""
    referral = step.referral
    if step.target == ReferralStatus.ON_HOLD:
        due_at = referral.due_at or step.now
        _remind(HOLD_REVIEW, referral, referral.receiver, due_at, referral.person_in_charge)
    elif step.source == ReferralStatus.ON_HOLD:
        settle(kind=HOLD_REVIEW, subject_id=referral.pk, because=step.target)
    if step.verb is Verb.REQUEST_WITHDRAWAL:
        person = referral.person_in_charge
        _remind(WITHDRAWAL_REQUESTED, referral, referral.receiver, step.now, person)
    elif referral.withdrawal_requested and step.target not in UNDER_WAY:
        settle(kind=WITHDRAWAL_REQUESTED, subject_id=referral.pk, because=step.target)
    if step.verb is Verb.SETTLE and step.target == ReferralStatus.CLOSED:
        _remind(SETTLED, referral, referral.sender, step.now, referral.sender_person)
    if step.source == ReferralStatus.DRAFT:
        settle(kind=REROUTED, subject_id=referral.pk, because=step.target)


def tell_of_draft(draft: Referral, now: datetime) -> None:
    """Tell the sender of a draft that somebody else has made for it."""
    _remind(REROUTED, draft, draft.sender, now, draft.sender_person)


def _remind(
    kind: str, referral: Referral, agency: Agency, due_at: datetime, person: User | None
) -> None:
    remind(
        kind=kind,
        subject_id=referral.pk,
        subject_code=referral.code,
        agency=agency,
        person=person,
        due_at=due_at,
    )

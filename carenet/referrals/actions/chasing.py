"""What a referral's reminders make of where it stands: one call, in the transaction of the cause."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carenet.agencies.selectors import somebody_may
from carenet.referrals.ladders import LADDERS, Start
from carenet.referrals.policy import VERB_ABILITIES
from carenet.referrals.states import Side, Verb
from carenet.reminders.actions import remind, settle
from carenet.reminders.selectors import open_kinds

if TYPE_CHECKING:
    from datetime import datetime

    from carenet.referrals.ladders import Ladder
    from carenet.referrals.models import Referral


def chase(referral: Referral, now: datetime) -> None:
    """Climb the ladders that hold for the saved referral, and leave those that do not.

    A ladder that is due with the referral starts anew when that date or the chased agency has
    changed; one that starts at once goes on as it is.
    """
    running = open_kinds(referral.pk, {ladder.kind for ladder in LADDERS})
    for ladder in LADDERS:
        if not ladder.holds(referral.situation):
            if ladder.kind in running:
                settle(kind=ladder.kind, subject_id=referral.pk, because=referral.status)
        elif ladder.start is Start.AT_DUE:
            _climb(ladder, referral, referral.due_at or now)
        elif ladder.kind not in running and _fits_receiver(ladder, referral):
            _climb(ladder, referral, now)


def _climb(ladder: Ladder, referral: Referral, due_at: datetime) -> None:
    remind(
        kind=ladder.kind,
        subject_id=referral.pk,
        # What a pool is told must not name it: on paper the code stands beside a name.
        subject_code="" if referral.waits_in_pool else referral.code,
        agency=(ladder.chased == Side.R and referral.receiver) or referral.sender,
        due_at=due_at,
    )


def _fits_receiver(ladder: Ladder, referral: Referral) -> bool:
    if not ladder.if_without_accounts:
        return True
    answering, receiver = VERB_ABILITIES[Verb.ACCEPT], referral.receiver
    # A pool is sent to only where somebody can claim it.
    return receiver is not None and not somebody_may(receiver, answering)

"""What a referral's reminders make of where it stands: one call, in the transaction of the cause."""

from __future__ import annotations

from datetime import datetime

from carenet.agencies.selectors import somebody_may
from carenet.referrals.escalation import ESCALATION_POLICIES, EscalationPolicy, Start
from carenet.referrals.models import Referral
from carenet.referrals.policy import VERB_ABILITIES
from carenet.referrals.states import Side, Verb
from carenet.reminders.actions import cancel_reminder, schedule_reminder
from carenet.reminders.selectors import open_kinds


def update_escalations(referral: Referral, now: datetime) -> None:
    """Climb the escalation policies that hold for the saved referral, and leave those that do not.

    An escalation policy that is due with the referral starts anew when that date or the chased
    agency has
    changed; one that starts at once goes on as it is.
    """
    running = open_kinds(referral.pk, {escalation.kind for escalation in ESCALATION_POLICIES})
    for escalation in ESCALATION_POLICIES:
        if not escalation.applies(referral.situation):
            if escalation.kind in running:
                cancel_reminder(
                    kind=escalation.kind, subject_id=referral.pk, because=referral.status
                )
        elif escalation.start is Start.AT_DUE:
            _schedule(escalation, referral, referral.due_at or now)
        elif escalation.kind not in running and _fits_receiver(escalation, referral):
            _schedule(escalation, referral, now)


def _schedule(escalation: EscalationPolicy, referral: Referral, due_at: datetime) -> None:
    schedule_reminder(
        kind=escalation.kind,
        subject_id=referral.pk,
        # What a pool is told must not name it: on paper the code stands beside a name.
        subject_code="" if referral.waits_in_pool else referral.code,
        agency=(escalation.chased == Side.R and referral.receiver) or referral.sender,
        due_at=due_at,
    )


def _fits_receiver(escalation: EscalationPolicy, referral: Referral) -> bool:
    if not escalation.if_without_accounts:
        return True
    answering, receiver = VERB_ABILITIES[Verb.ACCEPT], referral.receiver
    # A pool is sent to only where somebody can claim it.
    return receiver is not None and not somebody_may(receiver, answering)

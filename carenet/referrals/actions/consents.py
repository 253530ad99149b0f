"""Referrals that rest on the person's consent: asked for at `send` and `accept`, ended with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carenet import clock
from carenet.access.actions import Cause, end_cause
from carenet.cases.actions.holding import hold_unasked
from carenet.referrals.models import Referral
from carenet.referrals.states import OPEN
from carenet.reminders.actions import remind, settle
from carenet.residents.actions import rely_on

if TYPE_CHECKING:
    from datetime import datetime

    from carenet.agencies.actors import Actor
    from carenet.residents.models import Consent

#: The reminder that a referral has lost the consent on which it rests (`carenet.referrals.hooks`).
CONSENT_WITHDRAWN = "referral.consent_withdrawn"


def demand_consent(referral: Referral) -> datetime | None:
    """Demand what the basis CONSENT needs for the receiver; return when the consent ends.

    Of an open pool, for each of its agencies: any of them may become the receiver. Nothing for any
    other basis. Raises `Invalid` for a consent that does not fit, `Conflict` for one
    that is over, or where the person refuses (`carenet.residents.actions.rely_on`).
    """
    asked = [referral.receiver] if referral.receiver else list(referral.pool.order_by("pk"))
    ends = [
        rely_on(
            resident=referral.resident,
            agency=agency,
            basis=referral.sharing_basis,
            consent=referral.consent,
            discloses_address=referral.discloses_address,
        )
        for agency in asked
    ]
    return next(iter(ends), None)


def end_what_rested(*, actor: Actor, consent: Consent) -> None:
    """End what referrals have granted on a withdrawn consent: registered with `residents`.

    Their status stays, for responsibility does not vanish with a permission: S decides, and both
    sides are told. Each case is locked, for the lists that hang on it. Whoever moves a referral at the
    same moment holds the case and waits for the consent: one of the two is then asked to try again.
    """
    resting = Referral.objects.filter(consent=consent).exclude(sent_at=None).order_by("case", "pk")
    for referral in resting.select_related("sender", "sender_person"):
        hold_unasked(referral.case_id)
        end_cause(actor=actor, cause=Cause("referral", referral.pk))
        if referral.status in OPEN:
            remind(
                kind=CONSENT_WITHDRAWN,
                subject_id=referral.pk,
                subject_code=referral.code,
                agency=referral.sender,
                person=referral.sender_person,
                due_at=clock.now(),
            )


def forget_withdrawal(referral: Referral) -> None:
    """End the reminder once nobody has to decide any more."""
    if referral.consent_id and referral.status not in OPEN:
        settle(kind=CONSENT_WITHDRAWN, subject_id=referral.pk, because=referral.status)

"""What a referral rests on: asked for at `send` and whenever R goes on; ended with the consent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from carenet.access.actions import GrantCause, end_cause
from carenet.access.rules import SharingBasis
from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency
from carenet.cases.actions.locks import lock_case_unchecked
from carenet.core import clock
from carenet.referrals.models import Referral
from carenet.referrals.states import OPEN
from carenet.reminders.actions import cancel_reminder, schedule_reminder
from carenet.residents.actions import Carried, Claim, Fields, demand_basis, demand_still
from carenet.residents.actions.danger import notify_of_danger
from carenet.residents.models import Consent

#: The reminder that a referral has lost the consent on which it rests (`carenet.referrals.hooks`).
CONSENT_WITHDRAWN = "referral.consent_withdrawn"
FIELDS = Fields(basis="sharing_basis", words="basis_words")


def demand_sendable(
    actor: Actor, referral: Referral, consent_said: Mapping[str, Any] | None
) -> Carried:
    """Demand that the basis lets those know whom it goes to; write on it until when it does.

    Of an open pool, each of its agencies: any of them may become the receiver. Raises what
    `demand_basis` does.
    """
    carried = demand_basis(
        actor=actor,
        resident=referral.resident,
        agencies=asked(referral),
        claim=replace(claim_of_referral(referral), said=consent_said or None),
        case_id=referral.case_id,
        fields=FIELDS,
    )
    referral.consent, referral.basis_until = carried.consent, carried.latest
    return carried


def demand_carried(actor: Actor, referral: Referral) -> Carried:
    """Demand that the basis with which it was sent still carries: when R claims, accepts or goes on.

    Raises `Conflict` for a consent or basis that is over, or where the person refuses meanwhile;
    `Invalid` where no consent on record covers the receiver.
    """
    return demand_still(
        actor=actor,
        resident=referral.resident,
        agencies=asked(referral),
        claim=claim_of_referral(referral),
        over_at=referral.basis_until,
        fields=FIELDS,
    )


def notify_of_danger_sent(actor: Actor, referral: Referral, carried: Carried) -> None:
    """Tell the privacy officer of what was sent because of a danger."""
    notify_of_danger(
        actor=actor,
        basis=referral.sharing_basis,
        kind="referral",
        subject_id=referral.pk,
        code=referral.code,
        agencies=asked(referral),
        until=carried.until,
    )


def asked(referral: Referral) -> list[Agency]:
    """Return whom it goes to: R, or each agency of the open pool."""
    return [referral.receiver] if referral.receiver else list(referral.pool.order_by("pk"))


def claim_of_referral(referral: Referral) -> Claim:
    """Return what the referral rests on: its reason stands in for words, but not for a danger."""
    danger = referral.sharing_basis == SharingBasis.LIFE_BODY_PROPERTY
    return Claim(
        referral.sharing_basis,
        words=referral.basis_words or ("" if danger else referral.reason),
        consent=referral.consent,
        discloses_address=referral.discloses_address,
    )


def end_what_rested(*, actor: Actor, consent: Consent) -> None:
    """End what referrals have granted on a withdrawn consent: registered with `residents`.

    Their status stays, for responsibility does not vanish with a permission: S decides, and both
    sides are told. Each case is locked, for the lists that hang on it. Whoever moves a referral at the
    same moment holds the case and waits for the consent: one of the two is then asked to try again.
    """
    resting = Referral.objects.filter(consent=consent).exclude(sent_at=None).order_by("case", "pk")
    for referral in resting.select_related("sender", "sender_person"):
        lock_case_unchecked(referral.case_id)
        end_cause(actor=actor, cause=GrantCause("referral", referral.pk))
        if referral.status in OPEN:
            schedule_reminder(
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
        cancel_reminder(kind=CONSENT_WITHDRAWN, subject_id=referral.pk, because=referral.status)

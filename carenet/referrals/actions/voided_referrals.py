"""Striking a referral that should never have been sent."""

from __future__ import annotations

from uuid import UUID

from carenet.agencies.actors import Actor
from carenet.referrals.actions.lead import strike
from carenet.referrals.actions.transitions import transition
from carenet.referrals.models import Referral
from carenet.referrals.registry import referral_voided
from carenet.referrals.states import Verb


def void(*, actor: Actor, referral_id: UUID, reason: str, version: int | None = None) -> Referral:
    """Strike a referral entered in error.

    The receiver's view and grants end at once, a lead that had moved returns, and the upper rooms
    learn of it in the same transaction: `oversight` opens an incident with those who have read it.
    """
    with transition(
        actor=actor, referral_id=referral_id, verb=Verb.VOID, version=version
    ) as change:
        change.referral.r_until = change.now
        change.reason = reason
        strike(change)
        referral_voided(actor=actor, referral=change.referral, reason=reason)
    return change.referral

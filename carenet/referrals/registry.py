"""What upper rooms hang onto a referral that turns out to be a mistake."""

from __future__ import annotations

from carenet.agencies.actors import Actor
from carenet.core.hooks import Hook
from carenet.referrals.models import Referral


@Hook
def referral_voided(*, actor: Actor, referral: Referral, reason: str) -> None:
    """Do what a disclosure by mistake asks for, in the transaction that voids the referral."""

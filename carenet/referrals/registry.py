"""What upper rooms hang onto a referral that turns out to be a mistake."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from carenet.agencies.actors import Actor
    from carenet.referrals.models import Referral


class OnReferralVoided(Protocol):
    """Does what a disclosure by mistake asks for, in the transaction that voids the referral."""

    def __call__(self, *, actor: Actor, referral: Referral, reason: str) -> None: ...


_on_referral_voided: list[OnReferralVoided] = []


def on_referral_voided(follow_up: OnReferralVoided) -> None:
    """Register a room's follow-up; called from its `hooks.register()`."""
    _on_referral_voided.append(follow_up)


def follow_up_everything(*, actor: Actor, referral: Referral, reason: str) -> None:
    """Let every room follow up; whatever one of them raises stops the voiding."""
    for follow_up in _on_referral_voided:
        follow_up(actor=actor, referral=referral, reason=reason)

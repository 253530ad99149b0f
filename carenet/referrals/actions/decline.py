"""A decline: the receiver proposes it or takes it back; sender or coordinator confirm or contest."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from carenet.agencies.actors import Actor
from carenet.core.errors import Invalid
from carenet.referrals.actions.lead import return_lead
from carenet.referrals.actions.transitions import transition
from carenet.referrals.models import DeclineCode, DeclinedBy, Referral
from carenet.referrals.states import Verb


def propose_decline(
    *,
    actor: Actor,
    referral_id: UUID,
    code: DeclineCode,
    declined_by: DeclinedBy,
    text: str = "",
    version: int | None = None,
    channel: str | None = None,
) -> Referral:
    """Propose not to take it on (or no further); the sender or the coordinator confirms."""
    if code == DeclineCode.OTHER and not text:
        raise Invalid({"text": _("Say in words why, when no code fits.")})
    with transition(
        actor=actor,
        referral_id=referral_id,
        verb=Verb.PROPOSE_DECLINE,
        version=version,
        channel=channel,
    ) as change:
        referral = change.referral
        referral.proposed_from = change.source
        referral.decline_code, referral.declined_by = code, declined_by
        referral.decline_text = text
        change.reason = text
        change.data = {"code": code, "by": declined_by}
    return change.referral


def retract_decline(
    *, actor: Actor, referral_id: UUID, version: int | None = None, channel: str | None = None
) -> Referral:
    """Take a proposed decline back."""
    with transition(
        actor=actor,
        referral_id=referral_id,
        verb=Verb.RETRACT_DECLINE,
        version=version,
        channel=channel,
    ) as change:
        _forget_decline(change.referral)
    return change.referral


def contest_decline(
    *, actor: Actor, referral_id: UUID, reply: str, version: int | None = None
) -> Referral:
    """Disagree with a proposed decline, with a reply; the receiver is to answer anew."""
    with transition(
        actor=actor, referral_id=referral_id, verb=Verb.CONTEST_DECLINE, version=version
    ) as change:
        _forget_decline(change.referral)
        change.reason = reply
    return change.referral


def confirm_decline(*, actor: Actor, referral_id: UUID, version: int | None = None) -> Referral:
    """Agree that it is not taken on; a lead that had moved returns to the sender."""
    with transition(
        actor=actor, referral_id=referral_id, verb=Verb.CONFIRM_DECLINE, version=version
    ) as change:
        return_lead(change)
    return change.referral


def _forget_decline(referral: Referral) -> None:
    """What was proposed stands in its event."""
    referral.decline_code = referral.declined_by = referral.decline_text = ""

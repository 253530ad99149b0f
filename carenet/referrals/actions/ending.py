"""Closing the loop: the sender or the coordinator, or the house when the case has ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from carenet.errors import Invalid
from carenet.referrals.actions.lead import end_disclosures, end_shares, return_lead
from carenet.referrals.actions.stepping import house_step, step
from carenet.referrals.models import NeedMet, Referral
from carenet.referrals.states import OPEN, ClosedAs, ReferralStatus, Verb

if TYPE_CHECKING:
    from uuid import UUID

    from carenet.agencies.actors import Actor
    from carenet.cases.models import Case


def confirm_decline(*, actor: Actor, referral_id: UUID, version: int | None = None) -> Referral:
    """Agree that it is not taken on; a lead that had moved returns to the sender."""
    with step(
        actor=actor, referral_id=referral_id, verb=Verb.CONFIRM_DECLINE, version=version
    ) as under_way:
        return_lead(under_way)
    return under_way.referral


def close(
    *,
    actor: Actor,
    referral_id: UUID,
    need_met: NeedMet,
    reason: str = "",
    version: int | None = None,
) -> Referral:
    """Close the loop with the sender's own judgement; `reason` is due unless the need was met."""
    if need_met != NeedMet.YES and not reason:
        raise Invalid({"reason": _("Say what is still missing.")})
    with step(actor=actor, referral_id=referral_id, verb=Verb.CLOSE, version=version) as under_way:
        referral = under_way.referral
        referral.need_met, referral.need_met_text = need_met, reason
        under_way.reason = reason
        under_way.data = {"need_met": need_met}
    return under_way.referral


def settle_case(*, actor: Actor, case: Case) -> None:
    """Settle the referrals of a case that ends, in its transaction: registered with `cases`."""
    statuses = [ReferralStatus.DRAFT, *OPEN]
    open_ones = Referral.objects.filter(case=case, status__in=statuses).order_by("pk")
    for referral in open_ones.select_for_update(of=("self",)).select_related("sender", "receiver"):
        referral.case = case
        with house_step(actor=actor, referral=referral, case=case, verb=Verb.SETTLE) as under_way:
            if under_way.target == ReferralStatus.CLOSED:
                referral.closed_as = ClosedAs.SETTLED
                end_shares(under_way)
            under_way.data = {"cause": "case_ended", "reason": case.end_reason}
    end_disclosures(actor, case)

"""Closing the loop: the sender or the coordinator, or the service when the case has ended."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from carenet.agencies.actors import Actor
from carenet.cases.models import Case
from carenet.core.errors import Invalid
from carenet.referrals.actions.lead import end_disclosures, end_shares
from carenet.referrals.actions.transitions import system_transition, transition
from carenet.referrals.models import NeedMet, Referral
from carenet.referrals.states import OPEN, ClosedAs, ReferralStatus, Verb


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
    with transition(
        actor=actor, referral_id=referral_id, verb=Verb.CLOSE, version=version
    ) as change:
        referral = change.referral
        referral.need_met, referral.need_met_text = need_met, reason
        change.reason = reason
        change.data = {"need_met": need_met}
    return change.referral


def settle_case(*, actor: Actor, case: Case) -> None:
    """Settle the referrals of a case that ends, in its transaction: registered with `cases`."""
    statuses = [ReferralStatus.DRAFT, *OPEN]
    open_ones = Referral.objects.filter(case=case, status__in=statuses).order_by("pk")
    for referral in open_ones.select_for_update(of=("self",)).select_related("sender", "receiver"):
        referral.case = case
        with system_transition(
            actor=actor, referral=referral, case=case, verb=Verb.SETTLE
        ) as change:
            if change.target == ReferralStatus.CLOSED:
                referral.closed_as = ClosedAs.SETTLED
                end_shares(change)
            change.data = {"cause": "case_ended", "reason": case.end_reason}
    end_disclosures(actor, case)

"""An agency in which nobody has read here begins to: what waits to be told it stands before it now."""

from __future__ import annotations

from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency
from carenet.cases.actions.locks import lock_case_unchecked
from carenet.core.errors import Conflict, Invalid
from carenet.referrals.actions.consents import demand_carried
from carenet.referrals.actions.transitions import reads_here, system_transition
from carenet.referrals.models import Referral
from carenet.referrals.states import AT_RECEIVER, ReferralDelivery, Verb


def tell_newcomers(*, agency: Agency) -> None:
    """Let what nobody has told a receiver yet be its turn, and chase it there.

    Registered with `agencies`.
    What the person has refused meanwhile stays with the sender, who decides. Cases are locked before
    referrals, as everywhere.
    """
    waiting = Referral.objects.filter(
        receiver=agency, delivery=ReferralDelivery.WAITING, status__in=sorted(AT_RECEIVER)
    )
    found = list(waiting.order_by("case", "pk").values_list("pk", "case"))
    if not found or not reads_here(agency):
        return
    service = Actor(agency=agency, roles=frozenset())
    for referral_id, case_id in found:
        case = lock_case_unchecked(case_id)
        rows = Referral.objects.select_related("sender", "receiver").select_for_update(of=("self",))
        referral = rows.get(pk=referral_id)
        referral.case = case
        if not (referral.undelivered and _carries(service, referral)):
            continue
        with system_transition(
            actor=service, referral=referral, case=case, verb=Verb.DELIVER
        ) as change:
            change.told_by = ReferralDelivery.SYSTEM
            change.data = {"delivery": ReferralDelivery.SYSTEM.value}


def _carries(actor: Actor, referral: Referral) -> bool:
    """Whether what it rests on still lets the receiver know."""
    try:
        demand_carried(actor, referral)
    except (Conflict, Invalid):
        return False
    return True

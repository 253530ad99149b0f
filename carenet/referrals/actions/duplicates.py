"""What the sender should know before a referral goes out, and what the story keeps of it."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from carenet.agencies.actors import Actor
from carenet.core.errors import Duplicate
from carenet.referrals.models import Referral
from carenet.referrals.selectors import duplicates
from carenet.referrals.states import LIVE


def demand_no_duplicate(actor: Actor, referral: Referral, reason: str) -> int:
    """Return how many visible live referrals ask the same; raises `Duplicate` without a reason.

    What the actor may not see is neither counted nor in the way.
    """
    live = Referral.objects.filter(resident=referral.resident_id, status__in=sorted(LIVE))
    if not live.filter(need=referral.need).exclude(pk=referral.pk).exists():
        # Nearly always so, and far cheaper than to ask what may be seen.
        return 0
    found = duplicates(
        actor,
        resident_id=referral.resident_id,
        receivers=asked_agencies(referral),
        need=referral.need,
    )
    same = [(each.pk, each.code) for each in found.exclude(pk=referral.pk).order_by("pk")]
    if same and not reason:
        raise Duplicate(
            _("The same has been asked already. Say under “duplicate_reason” why you ask again."),
            code="duplicate_referral",
            duplicates=[{"id": str(pk), "code": code} for pk, code in same],
        )
    return len(same)


def asked_agencies(referral: Referral) -> list[UUID]:
    """Return whom a draft asks: its receiver, or all agencies of its pool."""
    if referral.receiver_id:
        return [referral.receiver_id]
    return list(referral.pool.values_list("pk", flat=True))


def shown_before_sending(referral: Referral) -> dict[str, str]:
    """Return what the receiver said of its capacity when the referral was sent; it blocks nothing."""
    if referral.receiver is None:
        return {}
    return {"receiver_capacity": referral.receiver.capacity_now.state}

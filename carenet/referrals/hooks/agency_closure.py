"""What of referrals hangs on an agency that closes."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from carenet.agencies.models import Agency
from carenet.agencies.registry import ClosureKind
from carenet.agencies.states import ClosureOutcome
from carenet.referrals.actions.agency_closure import pass_pools, pass_received, pass_sent
from carenet.referrals.models import Referral
from carenet.referrals.states import OPEN, ReferralStatus

_UNDER_WAY = [ReferralStatus.DRAFT, *sorted(OPEN)]


def _sent(agency: Agency) -> QuerySet[Referral]:
    return Referral.objects.filter(sender=agency, status__in=_UNDER_WAY)


def _received(agency: Agency) -> QuerySet[Referral]:
    return Referral.objects.filter(receiver=agency, status__in=_UNDER_WAY)


def _pools(agency: Agency) -> QuerySet[Referral]:
    waiting = Referral.pool.through.objects.filter(agency=agency).values("referral")
    return Referral.objects.filter(pk__in=waiting, receiver=None, status__in=_UNDER_WAY)


CLOSURE_KINDS = (
    ClosureKind(
        name="referrals_sent",
        label=_("referrals that it sent or is drafting"),
        fate=ClosureOutcome.FOLLOWS,
        follows="cases",
        found=_sent,
        settle=pass_sent,
        columns=("referrals.Referral.sender",),
    ),
    ClosureKind(
        name="referrals_received",
        label=_("referrals that it received"),
        fate=ClosureOutcome.PASSES,
        found=_received,
        settle=pass_received,
        columns=("referrals.Referral.receiver",),
    ),
    ClosureKind(
        name="pools",
        label=_("open pools whose referrals it could claim"),
        fate=ClosureOutcome.FOLLOWS,
        follows="referrals_received",
        found=_pools,
        settle=pass_pools,
        columns=("referrals.Referral.pool",),
    ),
)
#: Events are history; a ward office, which coordinates, is not closed here.
COLUMNS_THAT_STAY = (
    "referrals.Attachment.by_agency",
    "referrals.Referral.coordinator",
    "referrals.ReferralEvent.by_agency",
    "referrals.ReferralEvent.on_behalf_of",
)

"""What of referrals hangs on an agency that closes."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from carenet.agencies.models import Agency, WardSection
from carenet.agencies.registry import ClosureKind, SectionRule, Suggestion
from carenet.agencies.states import ClosureOutcome, SectionGround
from carenet.referrals.actions.agency_closure import pass_pools, pass_received, pass_sent
from carenet.referrals.models import Need, Referral
from carenet.referrals.policy import visible_to
from carenet.referrals.states import OPEN, ReferralStatus

_UNDER_WAY = [ReferralStatus.DRAFT, *sorted(OPEN)]


def _sent(agency: Agency) -> QuerySet[Referral]:
    return Referral.objects.filter(sender=agency, status__in=_UNDER_WAY)


def _received(agency: Agency) -> QuerySet[Referral]:
    return Referral.objects.filter(receiver=agency, status__in=_UNDER_WAY)


def _pools(agency: Agency) -> QuerySet[Referral]:
    waiting = Referral.pool.through.objects.filter(agency=agency).values("referral")
    return Referral.objects.filter(pk__in=waiting, receiver=None, status__in=_UNDER_WAY)


def _received_with_case(agency: Agency) -> QuerySet[Referral]:
    """Return what it received and has not ended; what its own sections have sent stays with it."""
    found = _received(agency).exclude(status=ReferralStatus.DRAFT).exclude(sender__parent=agency)
    return found.select_related("case")


#: What is asked for suggests a section; a person chooses.
_BY_NEED = {
    Need.CARE_SERVICE: WardSection.OLDER_AND_DISABILITY,
    Need.DISABILITY_SERVICE: WardSection.OLDER_AND_DISABILITY,
    Need.MENTAL_HEALTH: WardSection.OLDER_AND_DISABILITY,
    Need.WATCH_OVER: WardSection.OLDER_AND_DISABILITY,
    Need.RIGHTS: WardSection.OLDER_AND_DISABILITY,
    Need.LIVELIHOOD: WardSection.LIVELIHOOD,
    Need.EMPLOYMENT: WardSection.LIVELIHOOD,
    Need.HOUSING: WardSection.LIVELIHOOD,
    Need.CHILD_FAMILY: WardSection.CHILDREN,
}


def _suggest(referrals: list[Referral]) -> dict[UUID, Suggestion]:
    found = {}
    for each in referrals:
        section, because = _BY_NEED.get(Need(each.need)), SectionGround.NEED
        if each.case.restricted:
            section, because = None, SectionGround.RESTRICTED
        elif section is None:
            because = SectionGround.NONE
        found[each.pk] = Suggestion(each.code, section, because)
    return found


CLOSURE_KINDS = (
    ClosureKind(
        name="referrals_sent",
        label=_("referrals that it sent or is drafting"),
        fate=ClosureOutcome.FOLLOWS,
        follows="cases",
        found=_sent,
        settle=pass_sent,
        by_case=("case",),
        columns=("referrals.Referral.sender",),
    ),
    ClosureKind(
        name="referrals_received",
        label=_("referrals that it received"),
        fate=ClosureOutcome.PASSES,
        found=_received,
        settle=pass_received,
        to_section=SectionRule(_received_with_case, _suggest, visible_to=visible_to),
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

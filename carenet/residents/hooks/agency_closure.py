"""What of the register hangs on an agency that closes."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from carenet.agencies.models import Agency
from carenet.agencies.registry import ClosureKind
from carenet.agencies.states import ClosureOutcome
from carenet.core import clock
from carenet.residents.actions.agency_closure import pass_inquiries, pass_residents
from carenet.residents.models import Inquiry, InquiryState, Resident, ResidentFact
from carenet.residents.selectors import own_facts


def _registered(agency: Agency) -> QuerySet[Resident]:
    return Resident.objects.filter(registered_by=agency)


def _protected(agency: Agency) -> QuerySet[Resident]:
    """Return whose address nobody else may read or unprotect."""
    return _registered(agency).filter(address_protected=True)


def _inquiries(agency: Agency) -> QuerySet[Inquiry]:
    theirs = Q(asked_by=agency) | Q(asked_of=agency)
    return Inquiry.objects.filter(theirs, state=InquiryState.OPEN, until__gt=clock.now())


def _own_facts(agency: Agency) -> QuerySet[ResidentFact]:
    return own_facts(agency.pk)


CLOSURE_KINDS = (
    ClosureKind(
        name="own_facts",
        label=_("facts of persons that are for it alone"),
        fate=ClosureOutcome.UNREAD,
        found=_own_facts,
    ),
    ClosureKind(
        name="protected_addresses",
        label=_("protected addresses that it alone answers for"),
        fate=ClosureOutcome.FOLLOWS,
        follows="residents",
        found=_protected,
    ),
    ClosureKind(
        name="residents",
        label=_("people whom it registered"),
        fate=ClosureOutcome.PASSES,
        found=_registered,
        settle=pass_residents,
        by_case=("cases",),
        columns=("residents.Resident.registered_by",),
    ),
    ClosureKind(
        name="inquiries",
        label=_("open inquiries, asked and to be answered"),
        fate=ClosureOutcome.FOLLOWS,
        follows="residents",
        found=_inquiries,
        settle=pass_inquiries,
        columns=("residents.Inquiry.asked_by", "residents.Inquiry.asked_of"),
    ),
)
#: Who wrote something down, and to whom a hint was given: history.
COLUMNS_THAT_STAY = (
    "residents.Certification.recorded_by",
    "residents.Consent.recorded_by",
    "residents.ConsentWithdrawal.recorded_by",
    "residents.MatchHint.given_to",
    "residents.Resident.ended_by",
    "residents.ResidentFact.recorded_by",
    "residents.ResidentMerge.by_agency",
    "residents.ResidentMerge.undone_by_agency",
    "residents.ResidentVersion.by_agency",
)

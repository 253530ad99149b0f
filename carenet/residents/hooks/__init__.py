"""What this room hangs into lower rooms, and what of its own follows a merge."""

from __future__ import annotations

from uuid import UUID

from carenet.access.registry import Guarded, guard
from carenet.agencies.registry import add_closure_kinds, stays_with_agency
from carenet.reminders import registry as reminders
from carenet.reminders.registry import OpenMatter
from carenet.residents import policy
from carenet.residents.actions.basis_review import SharedRecords
from carenet.residents.hooks.agency_closure import CLOSURE_KINDS, COLUMNS_THAT_STAY
from carenet.residents.hooks.danger import BasisEnded, DangerDisclosed
from carenet.residents.hooks.expiry import CertificationEnding, ConsentEnding, ContactStale
from carenet.residents.hooks.inquiries import InquiryOver, InquiryWaits, unanswered
from carenet.residents.models import (
    Certification,
    Consent,
    Contact,
    HouseholdMember,
    Inquiry,
    MatchHint,
    Resident,
    ResidentFact,
    ResidentShare,
)
from carenet.residents.registry import PointsAtResident, disclosures, pointers_at_residents

KINDS = (ContactStale(), CertificationEnding(), ConsentEnding(), InquiryWaits())
#: What of a person follows when two records become one.
POINTERS = (
    PointsAtResident(Contact, "resident", versioned=True),
    PointsAtResident(Certification, "resident"),
    PointsAtResident(Consent, "resident"),
    PointsAtResident(HouseholdMember, "resident"),
    PointsAtResident(ResidentFact, "resident", versioned=True),
    PointsAtResident(MatchHint, "resident"),
    PointsAtResident(Inquiry, "resident", versioned=True),
)


def register() -> None:
    """Let `access` give shares on residents; say what follows a merge, and what is chased."""
    guard(Guarded("resident", Resident, ResidentShare, policy.decide, _has_no_list))
    for pointer in POINTERS:
        pointers_at_residents.append(pointer)
    for kind in KINDS:
        reminders.register(kind)
    reminders.open_matters.append(OpenMatter("inquiry", unanswered))
    reminders.register(InquiryOver(), notice=True)
    reminders.register(DangerDisclosed(), notice=True)
    add_closure_kinds(*CLOSURE_KINDS)
    stays_with_agency(*COLUMNS_THAT_STAY)
    reminders.register(BasisEnded(), notice=True)
    disclosures.append(SharedRecords())


def _has_no_list(resident_id: UUID) -> None:
    """There is no list of residents, so there is nothing to bring up to date."""

"""People on the register."""

from carenet.residents.models.certification import CareLevel, Certification, DementiaLevel
from carenet.residents.models.consents import (
    Consent,
    ConsentMethod,
    ConsentPole,
    ConsentWithdrawal,
    InformationCategory,
)
from carenet.residents.models.contacts import Contact, ContactRelationship
from carenet.residents.models.facts import (
    FactAudience,
    FactKind,
    FactSource,
    ResidentFact,
)
from carenet.residents.models.history import RecordChange, ResidentMerge, ResidentVersion
from carenet.residents.models.households import Household, HouseholdMember, HouseholdRole
from carenet.residents.models.inquiry import Inquiry, InquiryBox, InquiryState, MatchHint
from carenet.residents.models.resident import (
    NAMING,
    BirthPrecision,
    EndedBecause,
    Resident,
    ResidentShare,
)
from carenet.residents.models.search import SearchEntry

__all__ = [
    "NAMING",
    "BirthPrecision",
    "CareLevel",
    "Certification",
    "Consent",
    "ConsentMethod",
    "ConsentPole",
    "ConsentWithdrawal",
    "Contact",
    "ContactRelationship",
    "DementiaLevel",
    "EndedBecause",
    "FactAudience",
    "FactKind",
    "FactSource",
    "Household",
    "HouseholdMember",
    "HouseholdRole",
    "InformationCategory",
    "Inquiry",
    "InquiryBox",
    "InquiryState",
    "MatchHint",
    "RecordChange",
    "Resident",
    "ResidentFact",
    "ResidentMerge",
    "ResidentShare",
    "ResidentVersion",
    "SearchEntry",
]

"""People on the register."""

from carenet.residents.models.history import RecordChange, ResidentMerge, ResidentVersion
from carenet.residents.models.inquiry import Inquiry, InquiryBox, InquiryState, MatchHint
from carenet.residents.models.resident import BirthPrecision, Resident, ResidentShare
from carenet.residents.models.searching import SearchEntry

__all__ = [
    "BirthPrecision",
    "Inquiry",
    "InquiryBox",
    "InquiryState",
    "MatchHint",
    "RecordChange",
    "Resident",
    "ResidentMerge",
    "ResidentShare",
    "ResidentVersion",
    "SearchEntry",
]

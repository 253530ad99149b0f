"""Agencies, who acts for them and who is away, how they are chased, and what they can take on."""

from carenet.agencies.models.absence import Absence
from carenet.agencies.models.agency import (
    ATTRIBUTION,
    ORGAN_KINDS,
    Agency,
    AgencyKind,
    AgencyService,
    AgencySource,
    ApiClient,
    CalendarException,
    Designation,
    Membership,
    Operator,
    StaffQualification,
    User,
)
from carenet.agencies.models.capacity import Capacity, CapacityState
from carenet.agencies.models.chasing_rule import ChasingRule, ChasingStage
from carenet.agencies.models.closure import AgencyClosure, ClosureEntry, ClosureSuccessor
from carenet.agencies.models.invitation import Invitation, InvitationAnswer, InvitationState
from carenet.agencies.models.operator_change import OperatorChange, OperatorChangeReview
from carenet.agencies.models.section_move import SectionMove, SectionMoveLine
from carenet.agencies.models.ward_section import WardSection

__all__ = [
    "ATTRIBUTION",
    "ORGAN_KINDS",
    "Absence",
    "Agency",
    "AgencyClosure",
    "AgencyKind",
    "AgencyService",
    "AgencySource",
    "ApiClient",
    "CalendarException",
    "Capacity",
    "CapacityState",
    "ChasingRule",
    "ChasingStage",
    "ClosureEntry",
    "ClosureSuccessor",
    "Designation",
    "Invitation",
    "InvitationAnswer",
    "InvitationState",
    "Membership",
    "Operator",
    "OperatorChange",
    "OperatorChangeReview",
    "SectionMove",
    "SectionMoveLine",
    "StaffQualification",
    "User",
    "WardSection",
]

"""Agencies, who acts for them and who is away, how they are chased, and what they can take on."""

from carenet.agencies.models.absence import Absence
from carenet.agencies.models.agency import (
    ATTRIBUTION,
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
from carenet.agencies.models.session import BrowserSession
from carenet.agencies.models.sign_in import HANDED_OUT, CodePurpose, SignInCode, SignInTry

__all__ = [
    "ATTRIBUTION",
    "HANDED_OUT",
    "Absence",
    "Agency",
    "AgencyClosure",
    "AgencyKind",
    "AgencyService",
    "AgencySource",
    "ApiClient",
    "BrowserSession",
    "CalendarException",
    "Capacity",
    "CapacityState",
    "ChasingRule",
    "ChasingStage",
    "ClosureEntry",
    "ClosureSuccessor",
    "CodePurpose",
    "Designation",
    "Invitation",
    "InvitationAnswer",
    "InvitationState",
    "Membership",
    "Operator",
    "OperatorChange",
    "OperatorChangeReview",
    "SignInCode",
    "SignInTry",
    "StaffQualification",
    "User",
]

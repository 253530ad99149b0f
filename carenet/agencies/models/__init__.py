"""Agencies, the people and systems that act for them, who is away, and how they are chased."""

from carenet.agencies.models.absence import Absence
from carenet.agencies.models.agency import (
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
from carenet.agencies.models.chasing import ChasingRule, ChasingStage

__all__ = [
    "Absence",
    "Agency",
    "AgencyKind",
    "AgencyService",
    "AgencySource",
    "ApiClient",
    "CalendarException",
    "ChasingRule",
    "ChasingStage",
    "Designation",
    "Membership",
    "Operator",
    "StaffQualification",
    "User",
]

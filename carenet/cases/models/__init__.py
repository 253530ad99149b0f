"""Consultations and cases."""

from carenet.cases.models.assessment import (
    Assessment,
    AssessmentDomain,
    AssessmentFinding,
    AssessmentOccasion,
    Concern,
)
from carenet.cases.models.case import (
    Case,
    CaseHandover,
    CaseMember,
    CaseShare,
    Confidentiality,
    EndReason,
    HandoverCause,
    NoteAudience,
    NoteKind,
    ProgressNote,
)
from carenet.cases.models.channel import ConsultationChannel, Counterpart, NoteChannel
from carenet.cases.models.consultation import (
    CallerRelationship,
    Consultation,
    ConsultationReader,
    Topic,
    Urgency,
)
from carenet.cases.models.plan import PlanGoal, PlanReview, ReviewOutcome, SupportPlan
from carenet.cases.models.reassignment import CaseReassignment

__all__ = [
    "Assessment",
    "AssessmentDomain",
    "AssessmentFinding",
    "AssessmentOccasion",
    "CallerRelationship",
    "Case",
    "CaseHandover",
    "CaseMember",
    "CaseReassignment",
    "CaseShare",
    "Concern",
    "Confidentiality",
    "Consultation",
    "ConsultationChannel",
    "ConsultationReader",
    "Counterpart",
    "EndReason",
    "HandoverCause",
    "NoteAudience",
    "NoteChannel",
    "NoteKind",
    "PlanGoal",
    "PlanReview",
    "ProgressNote",
    "ReviewOutcome",
    "SupportPlan",
    "Topic",
    "Urgency",
]

"""Consultations and cases."""

from carenet.cases.models.abuse import (
    AbuseEvent,
    AbuseReport,
    CheckMethod,
    SuspectedAbuse,
)
from carenet.cases.models.assessment import (
    Assessment,
    AssessmentDomain,
    AssessmentFinding,
    AssessmentOccasion,
    Concern,
)
from carenet.cases.models.case import (
    Case,
    CaseMember,
    CaseShare,
    Confidentiality,
    EndReason,
    NoteAudience,
    NoteKind,
    ProgressNote,
)
from carenet.cases.models.consultation import (
    CallerRelationship,
    Consultation,
    ConsultationChannel,
    Topic,
    Urgency,
)
from carenet.cases.models.deadlines import AbuseDeadline, DeadlineOver, DeadlineRule, RuleBasis
from carenet.cases.models.desks import ConsultationReader, DeskCall, OtherDesk
from carenet.cases.models.handover import CaseHandover, HandoverCause
from carenet.cases.models.plan import PlanGoal, PlanReview, ReviewOutcome, SupportPlan
from carenet.cases.models.reporter import ReporterIdentity, ReporterReader
from carenet.cases.states.desks import AllegedOf, Victim

__all__ = [
    "AbuseDeadline",
    "AbuseEvent",
    "AbuseReport",
    "AllegedOf",
    "Assessment",
    "AssessmentDomain",
    "AssessmentFinding",
    "AssessmentOccasion",
    "CallerRelationship",
    "Case",
    "CaseHandover",
    "CaseMember",
    "CaseShare",
    "CheckMethod",
    "Concern",
    "Confidentiality",
    "Consultation",
    "ConsultationChannel",
    "ConsultationReader",
    "DeadlineOver",
    "DeadlineRule",
    "DeskCall",
    "EndReason",
    "HandoverCause",
    "NoteAudience",
    "NoteKind",
    "OtherDesk",
    "PlanGoal",
    "PlanReview",
    "ProgressNote",
    "ReporterIdentity",
    "ReporterReader",
    "ReviewOutcome",
    "RuleBasis",
    "SupportPlan",
    "SuspectedAbuse",
    "Topic",
    "Urgency",
    "Victim",
]

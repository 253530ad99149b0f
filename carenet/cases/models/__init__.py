"""Consultations and cases."""

from carenet.cases.models.abuse import (
    AbuseEvent,
    AbuseReport,
    AllegedOf,
    CheckMethod,
    SuspectedAbuse,
    Victim,
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
from carenet.cases.models.deadlines import (
    AbuseDeadline,
    DeadlineOver,
    DeadlineRule,
    RuleBasis,
)
from carenet.cases.models.reporter import ReporterIdentity, ReporterReader

__all__ = [
    "AbuseDeadline",
    "AbuseEvent",
    "AbuseReport",
    "AllegedOf",
    "CallerRelationship",
    "Case",
    "CaseMember",
    "CaseShare",
    "CheckMethod",
    "Confidentiality",
    "Consultation",
    "ConsultationChannel",
    "DeadlineOver",
    "DeadlineRule",
    "EndReason",
    "NoteAudience",
    "NoteKind",
    "ProgressNote",
    "ReporterIdentity",
    "ReporterReader",
    "RuleBasis",
    "SuspectedAbuse",
    "Topic",
    "Urgency",
    "Victim",
]

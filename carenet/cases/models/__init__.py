"""Consultations and cases."""

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

__all__ = [
    "CallerRelationship",
    "Case",
    "CaseMember",
    "CaseShare",
    "Confidentiality",
    "Consultation",
    "ConsultationChannel",
    "EndReason",
    "NoteAudience",
    "NoteKind",
    "ProgressNote",
    "Topic",
    "Urgency",
]

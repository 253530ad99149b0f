"""Referrals, their story, and their files."""

from carenet.referrals.models.attachment import Attachment, AttachmentScan, ScanState
from carenet.referrals.models.choices import (
    AgeBand,
    DeclineCode,
    DeclinedBy,
    EventChannel,
    Need,
    NeedMet,
    ReferralOutcome,
    age_band,
)
from carenet.referrals.models.referral import Referral, ReferralEvent

__all__ = [
    "AgeBand",
    "Attachment",
    "AttachmentScan",
    "DeclineCode",
    "DeclinedBy",
    "EventChannel",
    "Need",
    "NeedMet",
    "Referral",
    "ReferralEvent",
    "ReferralOutcome",
    "ScanState",
    "age_band",
]

"""Referrals, their story, and their files."""

from carenet.referrals.models.ages import AgeBand, age_band
from carenet.referrals.models.attachment import Attachment
from carenet.referrals.models.event import ReferralEvent
from carenet.referrals.models.referral import Referral
from carenet.referrals.models.scan import AttachmentScan, ScanState
from carenet.referrals.models.words import (
    DeclineCode,
    DeclinedBy,
    EventChannel,
    Need,
    NeedMet,
    Outcome,
)

__all__ = [
    "AgeBand",
    "Attachment",
    "AttachmentScan",
    "DeclineCode",
    "DeclinedBy",
    "EventChannel",
    "Need",
    "NeedMet",
    "Outcome",
    "Referral",
    "ReferralEvent",
    "ScanState",
    "age_band",
]

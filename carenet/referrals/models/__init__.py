"""Referrals, their story, and their files."""

from carenet.referrals.models.ages import AgeBand, age_band
from carenet.referrals.models.attachment import Attachment
from carenet.referrals.models.choices import (
    DeclineCode,
    DeclinedBy,
    EventChannel,
    Need,
    NeedMet,
    ReferralOutcome,
)
from carenet.referrals.models.event import ReferralEvent
from carenet.referrals.models.referral import Referral
from carenet.referrals.models.scan import AttachmentScan, ScanState

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

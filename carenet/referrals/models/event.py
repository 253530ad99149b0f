"""The story of a referral: one event per transition."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q

from carenet.agencies.models.attribution import AttributedModel
from carenet.core import clock
from carenet.core.models import UUIDModel
from carenet.referrals.models.choices import EventChannel
from carenet.referrals.models.referral import Referral
from carenet.referrals.states import ReferralStatus, Side, Verb


class ReferralEvent(UUIDModel, AttributedModel):
    """One thing that happened to a referral: exactly one per transition, never changed."""

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="events")
    verb = models.CharField(max_length=20, choices=Verb)
    from_status = models.CharField(max_length=20, choices=ReferralStatus)
    to_status = models.CharField(max_length=20, choices=ReferralStatus)
    side = models.CharField(max_length=5, choices=Side)
    at = models.DateTimeField(default=clock.now)
    on_behalf_of = models.ForeignKey(
        "agencies.Agency", null=True, on_delete=models.PROTECT, related_name="+"
    )
    channel = models.CharField(max_length=10, choices=EventChannel, default=EventChannel.SYSTEM)
    reason = models.TextField(max_length=10_000, blank=True)
    data = models.JSONField(default=dict)  # codes and dates of this step

    class Meta:
        indexes = [models.Index(fields=["referral", "id"], name="event_of_referral")]
        constraints = [
            models.CheckConstraint(
                condition=Q(on_behalf_of=None, channel="system")
                | (Q(on_behalf_of__isnull=False) & ~Q(channel="system")),
                name="words_of_others_say_their_channel",
            )
        ]
        triggers = [
            pgtrigger.Protect(
                name="events_are_append_only", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"{self.referral_id} {self.verb}"

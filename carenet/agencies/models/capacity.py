"""Whether an agency takes on more, as it says itself."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class CapacityState(models.TextChoices):
    """Whether an agency takes on more, as it says itself."""

    OPEN = "open", _("taking referrals")
    LIMITED = "limited", _("limited")
    CLOSED = "closed", _("closed for now")


class Capacity(models.Model):
    """What an agency publishes about its capacity; without one it is open.

    Closed is always closed until a day: with the day after, it is open again by the clock.
    """

    agency = models.OneToOneField(
        "agencies.Agency", on_delete=models.CASCADE, primary_key=True, related_name="capacity"
    )
    state = models.CharField(max_length=10, choices=CapacityState)
    closed_until = models.DateField(null=True, blank=True)  # the last closed day
    note = models.CharField(max_length=200, blank=True)
    published_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "capacities"
        constraints = [
            models.CheckConstraint(
                condition=Q(state="closed", closed_until__isnull=False)
                | (~Q(state="closed") & Q(closed_until=None)),
                name="closed_until_a_day",
            )
        ]

    def __str__(self) -> str:
        return f"{self.agency_id} {self.state}"

    def is_over(self, today: date) -> bool:
        """Whether the last closed day has passed: then nothing of it holds, the note neither."""
        return self.closed_until is not None and self.closed_until < today

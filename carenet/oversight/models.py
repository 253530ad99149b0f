"""Incidents: what was disclosed by mistake, and what the privacy officer made of it."""

from __future__ import annotations

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from carenet.core import clock
from carenet.core.models import UUIDModel, VersionedModel


class IncidentKind(models.TextChoices):
    """What has happened."""

    REFERRAL_VOIDED = "referral_voided", _("referral entered in error")


class IncidentState(models.TextChoices):
    """Whether the privacy officer still has to look at it."""

    OPEN = "open", pgettext_lazy("incident", "open")
    CLOSED = "closed", pgettext_lazy("incident", "closed")


class Incident(UUIDModel, VersionedModel):
    """A disclosure by mistake: who read what, and the finding of the privacy officer.

    `readers` was taken from the trail when the incident was opened: for each person or system of
    another agency than the sender's `agency_id`, `actor_kind`, `actor_id`, `first_at`, `last_at`
    and the number of `times`. It is kept as it was; the trail has the rest.
    """

    kind = models.CharField(max_length=20, choices=IncidentKind)
    referral = models.OneToOneField(
        "referrals.Referral", on_delete=models.PROTECT, related_name="incident"
    )
    sender = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    # None where it was struck before an agency of its pool had claimed it.
    receiver = models.ForeignKey(
        "agencies.Agency", null=True, on_delete=models.PROTECT, related_name="+"
    )
    # Whose auditors look after it: the ward office that coordinates the referral, any without one.
    office = models.ForeignKey(
        "agencies.Agency", null=True, on_delete=models.PROTECT, related_name="+"
    )
    disclosed_at = models.DateTimeField()
    opened_at = models.DateTimeField(default=clock.now)
    opened_by = models.ForeignKey(
        "agencies.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    opened_by_agency = models.ForeignKey(
        "agencies.Agency", on_delete=models.PROTECT, related_name="+"
    )
    reason = models.TextField(max_length=10_000)
    readers = models.JSONField(default=list, encoder=DjangoJSONEncoder)
    state = models.CharField(max_length=10, choices=IncidentState, default=IncidentState.OPEN)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(
        "agencies.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    finding = models.TextField(max_length=10_000, blank=True)

    class Meta:
        indexes = [models.Index(fields=["state", "-id"], name="incident_by_state")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", closed_at=None, finding="")
                | (Q(state="closed", closed_at__isnull=False) & ~Q(finding="")),
                name="closed_incidents_have_a_finding",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.referral_id}"

    @property
    def agencies_to_tell(self) -> list[str]:
        """The ids of the agencies that have read it: they are to be told that it was a mistake."""
        return sorted({str(reader["agency_id"]) for reader in self.readers})

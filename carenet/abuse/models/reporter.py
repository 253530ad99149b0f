"""Who reported: a compartment of its own, narrower than the case.

The table has row-level security (made by its migration): the service's role reads or changes a row
only in a request of somebody who is a live reader of it, whatever a query forgets.
"""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q

from carenet.cases.models.consultation import CallerRelationship
from carenet.core import clock
from carenet.core.models import UUIDModel, VersionedModel


class ReporterIdentity(VersionedModel):
    """Who made a report, and how to call back; one for each report, empty when not said."""

    report = models.OneToOneField(
        "cases.AbuseReport", primary_key=True, on_delete=models.PROTECT, related_name="+"
    )
    name = models.CharField(max_length=100, blank=True)
    relationship = models.CharField(
        max_length=20, choices=CallerRelationship, default=CallerRelationship.UNKNOWN
    )
    phone = models.CharField(max_length=30, blank=True)
    wishes_anonymity = models.BooleanField(default=True)
    callback = models.CharField(max_length=500, blank=True)

    class Meta:
        app_label = "cases"
        verbose_name_plural = "reporter identities"

    def __str__(self) -> str:
        return str(self.report_id)


class ReporterReader(UUIDModel):
    """A person who may read who reported, named by somebody, until an end."""

    report = models.ForeignKey("cases.AbuseReport", on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey("agencies.User", on_delete=models.PROTECT, related_name="+")
    given_by = models.ForeignKey("agencies.User", on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField(default=clock.now)
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        app_label = "cases"
        indexes = [models.Index(fields=["report", "user"], name="reader_of_reporter")]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "user"], condition=Q(until=None), name="reader_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("given_at")), name="reader_ends_later"
            ),
        ]
        triggers = [pgtrigger.Protect(name="readers_are_kept", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.user_id} of {self.report_id}"

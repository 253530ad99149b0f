"""The trail: who did, saw or was denied what, and when.

Rows are only ever added. The table is made by SQL in the first migration (`managed = False`), so
that the privileges of the application's role are part of it and a test's flush leaves it alone.
There are no foreign keys: the trail must outlive what it speaks of.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7


class AuditAction(models.TextChoices):
    """What kind of thing a row of the trail tells."""

    WRITE = "write", _("write")
    READ = "read", _("read")
    DENIAL = "denial", _("denial")


class AuditEntry(models.Model):
    """One deed: a write, the reads of one request, or a denial."""

    pk = models.CompositePrimaryKey("time", "id")
    time = models.DateTimeField()
    # The database's own, whatever is sent: a row that is dated back differs. None before it was kept.
    written_at = models.DateTimeField(null=True, editable=False)
    id = models.UUIDField(default=uuid7)
    deed = models.CharField(max_length=8, choices=AuditAction)
    # "referral.accept", "GET referral-detail": stable names, never personal data.
    action = models.CharField(max_length=100)
    actor_kind = models.CharField(max_length=10)  # user, client, system, anonymous
    actor_id = models.CharField(max_length=40, blank=True)
    agency_id = models.UUIDField(null=True)
    claimed_person = models.CharField(max_length=100, blank=True)
    purpose = models.CharField(max_length=200, blank=True)
    object_kind = models.CharField(max_length=40, blank=True)
    object_ids = ArrayField(models.UUIDField(), default=list)
    detail = models.JSONField(default=dict)
    address = models.GenericIPAddressField(null=True)
    request_id = models.CharField(max_length=40, blank=True)

    class Meta:
        managed = False
        db_table = "audit_entry"

    def __str__(self) -> str:
        return f"{self.time:%Y-%m-%d %H:%M:%S} {self.actor_kind} {self.deed} {self.action}"

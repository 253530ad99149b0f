"""Explicit shares: the ledger of grants, what of it is in force, and the index behind lists.

What follows from ownership or from a role is a query in a room's `policy.py`; it is never copied
here. (docs/adr/0003)
"""

from __future__ import annotations

from datetime import UTC, datetime

import pgtrigger
from django.contrib.auth.models import Group, Permission
from django.db import models
from django.db.models import F, Q
from guardian.models import GroupObjectPermissionBase

from carenet.access.rules import SharingBasis
from carenet.core import clock
from carenet.core.models import UUIDModel, not_ended

#: Stands in the index for "no date": sorts last, and no clock arithmetic overflows on it.
NO_DATE = datetime(9000, 1, 1, tzinfo=UTC)


class GrantQuerySet(models.QuerySet["Grant"]):
    """Grants by what the clock says of them."""

    def live(self, now: datetime | None = None) -> GrantQuerySet:
        """Those in force, now without a moment: neither revoked nor run out."""
        return self.filter(not_ended(now or clock.now()), revoked_at=None)


class Grant(UUIDModel):
    """One line of the ledger: who was let in to what, why, by whom, and until when.

    In force from `given_at`, never later. Rows are never deleted: two causes are two rows, so that
    the end of one does not end the other.
    """

    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="grants")
    permission = models.ForeignKey(Permission, on_delete=models.PROTECT, related_name="+")
    subject_kind = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    cause_kind = models.CharField(max_length=40)
    cause_id = models.UUIDField()
    basis = models.CharField(max_length=40, choices=SharingBasis)
    reason = models.CharField(max_length=300, blank=True)
    given_by = models.ForeignKey(
        "agencies.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    given_by_agency = models.ForeignKey(
        "agencies.Agency", on_delete=models.PROTECT, related_name="+"
    )
    given_at = models.DateTimeField(default=clock.now)
    until = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = GrantQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["subject_kind", "subject_id"], name="grant_subject"),
            models.Index(fields=["cause_kind", "cause_id"], name="grant_cause"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(revoked_at=None) | Q(revoked_at__gte=F("given_at")),
                name="grant_revoked_after_given",
            )
        ]
        triggers = [pgtrigger.Protect(name="ledger_keeps_its_rows", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.group} {self.permission.codename} {self.subject_kind}:{self.subject_id}"


class Share(GroupObjectPermissionBase):
    """Base of a guarded model's guardian table: what is in force for a group, and until when.

    Written by `carenet.access.actions` alone, in the transaction of the ledger's row.
    """

    until = models.DateTimeField(null=True)

    class Meta(GroupObjectPermissionBase.Meta):
        abstract = True


class AccessEntry(models.Model):
    """One way in to one object for one agency, narrow enough that every list is flat.

    `way` says through what: "lead", "share", "sender" … Rooms push status and due date down with
    `reindex`; ends are tested by the clock, so no job has to run for an end to hold.
    """

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=20)
    agency = models.ForeignKey("agencies.Agency", on_delete=models.CASCADE, related_name="+")
    way = models.CharField(max_length=20)
    status = models.CharField(max_length=20)
    next_due = models.DateTimeField(default=NO_DATE)
    object_id = models.UUIDField()
    until = models.DateTimeField(null=True)
    restricted = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "object_id", "agency", "way"], name="one_entry_per_way"
            )
        ]
        indexes = [
            models.Index(
                fields=["kind", "agency", "way", "status", "next_due", "object_id"],
                include=["until"],
                condition=Q(restricted=False),
                name="access_open_list",
            ),
            models.Index(
                fields=["kind", "agency", "object_id"],
                condition=Q(restricted=True),
                name="access_restricted",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency_id} {self.way} {self.kind}:{self.object_id}"

"""The history of a record: each change as a row that stays."""

from __future__ import annotations

import pgtrigger
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from carenet.agencies.models.attribution import AttributedModel
from carenet.core import clock
from carenet.core.models import UUIDModel, append_only
from carenet.residents.models.resident import Resident


class RecordChange(models.TextChoices):
    """What happened to a record."""

    REGISTER = "register", _("registered")
    EDIT = "edit", _("corrected")
    MERGE = "merge", _("merged")
    UNMERGE = "unmerge", _("merge undone")
    END = "end", pgettext_lazy("record", "ended")
    REINSTATE = "reinstate", _("reinstated")


class ResidentVersion(UUIDModel, AttributedModel):
    """Who changed what of a record, and when; never changed itself.

    `changes` maps a field to `{"from": …, "to": …}`. `version` is the one that the change led to.
    """

    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="versions")
    version = models.PositiveIntegerField()
    change = models.CharField(max_length=10, choices=RecordChange)
    changes = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    reason = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["resident", "version"], name="one_row_per_version")
        ]
        indexes = [models.Index(fields=["resident", "-id"], name="versions_of_resident")]
        triggers = [append_only("versions_are_append_only")]

    def __str__(self) -> str:
        return f"{self.resident_id} v{self.version}"


class ResidentMerge(UUIDModel):
    """Two records found to be of one person: what moved to the survivor, and whether it was undone.

    `moved` holds what each pointer moved (ids), so that exactly that can be put back.
    """

    survivor = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="merges")
    loser = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="merged_as")
    reason = models.CharField(max_length=500)
    moved = models.JSONField(default=dict)
    at = models.DateTimeField(default=clock.now)
    by_agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    by_user = models.ForeignKey(
        "agencies.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_reason = models.CharField(max_length=500, blank=True)
    undone_by_agency = models.ForeignKey(
        "agencies.Agency", null=True, on_delete=models.PROTECT, related_name="+"
    )
    undone_by_user = models.ForeignKey(
        "agencies.User", null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["loser"], condition=Q(undone_at=None), name="merged_once_at_a_time"
            ),
            models.CheckConstraint(condition=~Q(loser=F("survivor")), name="merged_with_another"),
            models.CheckConstraint(
                condition=Q(undone_at=None, undone_by_agency=None, undone_reason="")
                | (
                    Q(undone_at__isnull=False, undone_by_agency__isnull=False)
                    & ~Q(undone_reason="")
                ),
                name="undone_merges_say_why",
            ),
        ]
        indexes = [models.Index(fields=["survivor", "-id"], name="merges_of_survivor")]
        triggers = [pgtrigger.Protect(name="merges_are_kept", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.loser_id} into {self.survivor_id}"

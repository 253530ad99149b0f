"""The handover (引継ぎ): into whose hands a case has passed, and why; added, never changed."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from carenet.core import clock
from carenet.core.models import UUIDModel


class HandoverCause(models.TextChoices):
    """What made a case change hands."""

    HANDED_OVER = "handed_over", _("handed over by a manager")
    LEFT = "left", _("the person in charge has left")


class CaseHandover(UUIDModel):
    """One change of the person in charge; nobody is in charge after somebody has left."""

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="handovers")
    from_person = models.ForeignKey(
        "agencies.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    to_person = models.ForeignKey(
        "agencies.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    cause = models.CharField(max_length=12, choices=HandoverCause)
    reason = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(default=clock.now)
    by_user = models.ForeignKey(
        "agencies.User", null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        indexes = [models.Index(fields=["case", "-id"], name="handover_of_case")]
        constraints = [
            models.CheckConstraint(
                condition=Q(cause=HandoverCause.LEFT, to_person=None)
                | (Q(cause=HandoverCause.HANDED_OVER, to_person__isnull=False) & ~Q(reason="")),
                name="handovers_go_to_somebody",
            )
        ]
        triggers = [
            pgtrigger.Protect(
                name="handovers_append_only", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.cause}"

"""Another corporation runs an agency from a day on (指定管理者の交代): what is kept is confirmed."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from carenet.agencies.models.agency import Agency, Operator, User
from carenet.agencies.states import OperatorChangeState
from carenet.core import clock
from carenet.core.models import UUIDModel, VersionedModel


class OperatorChange(UUIDModel, VersionedModel):
    """One change. The agency and its people stay; what nobody has confirmed by `on` ends on that day.

    Under review is what there was at `planned_at`: what is added later is wanted.
    Without `planned_by_agency` the operator of the service has planned it.
    """

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="operator_changes")
    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    state = models.CharField(
        max_length=10, choices=OperatorChangeState, default=OperatorChangeState.PLANNED
    )
    planned_at = models.DateTimeField(default=clock.now)
    planned_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    planned_by_agency = models.ForeignKey(
        Agency, null=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)  # carried out, or withdrawn
    failures = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["agency", "-id"], name="operator_change_of_agency")]
        constraints = [
            models.UniqueConstraint(
                fields=["agency"],
                condition=Q(state=OperatorChangeState.PLANNED),
                name="one_planned_operator_change",
            ),
            models.CheckConstraint(
                condition=Q(state=OperatorChangeState.PLANNED, ended_at=None)
                | (
                    Q(state__in=[OperatorChangeState.DONE, OperatorChangeState.WITHDRAWN])
                    & Q(ended_at__isnull=False)
                ),
                name="operator_change_ends_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency_id} {self.on}"


class OperatorChangeReview(UUIDModel):
    """That one account, system or grant stays: somebody has looked at it and said so."""

    change = models.ForeignKey(OperatorChange, on_delete=models.CASCADE, related_name="reviews")
    kind = models.CharField(max_length=40)
    object_id = models.CharField(max_length=40)
    by_user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    by_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["change", "kind", "object_id"], name="reviewed_once_per_change"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"

"""The handover of a term: whose watches go to whom, and what became of each."""

from __future__ import annotations

from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from carenet.core import clock
from carenet.core.clock import midnight
from carenet.core.models import UUIDModel, VersionedModel
from carenet.watchover.models.assignment import WatchAssignment
from carenet.watchover.states import HandoverRemark, HandoverStatus, Obstacle

_STATUS = HandoverStatus
_UNDONE = [_STATUS.DRAFT, _STATUS.SCHEDULED]


class WatchHandover(UUIDModel, VersionedModel):
    """One plan: commissioners whose term ends give their watches to those who come after them.

    It is about the watches for which `agency` answers, of a ward office's coordinator those of the
    ward. `effective_on` begins at midnight in Japan; without it the plan waits to be carried out by
    hand. `consented` are watches over people who were asked anew. Until it is done its lines are
    read from how things stand.
    """

    created_at = models.DateTimeField(default=clock.now)
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    ward_wide = models.BooleanField(default=False)
    status = models.CharField(max_length=10, choices=_STATUS, default=_STATUS.DRAFT)
    effective_on = models.DateField(null=True, blank=True)
    term_until = models.DateField()
    consented = ArrayField(models.UUIDField(), default=list, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(
        "agencies.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=_STATUS.values), name="handover_status_known"
            ),
            models.CheckConstraint(
                condition=Q(status__in=_UNDONE, done_at=None)
                | ~Q(status__in=_UNDONE) & Q(done_at__isnull=False),
                name="handover_done_at_some_time",
            ),
            models.CheckConstraint(
                condition=~Q(status=_STATUS.SCHEDULED) | Q(effective_on__isnull=False),
                name="handover_scheduled_for_a_day",
            ),
            models.CheckConstraint(
                condition=Q(effective_on=None) | Q(term_until__gte=F("effective_on")),
                name="handover_term_ends_later",
            ),
        ]
        indexes = [
            models.Index(fields=["agency", "-id"], name="handover_of_agency"),
            models.Index(
                fields=["effective_on"],
                condition=Q(status=_STATUS.SCHEDULED),
                name="handover_scheduled",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency_id} {self.effective_on}"

    @property
    def effective_at(self) -> datetime | None:
        """The midnight from which those who come after look in."""
        day = self.effective_on
        return midnight(day) if day else None

    @property
    def is_open(self) -> bool:
        """Whether it may still be changed and carried out."""
        return self.status in _UNDONE


class HandoverPair(UUIDModel):
    """Who leaves, and who comes after them; the same person where they were appointed again.

    `open` and `agency` are those of the handover: nobody hands the same watches over twice.
    """

    handover = models.ForeignKey(WatchHandover, on_delete=models.CASCADE, related_name="pairs")
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    open = models.BooleanField(default=True)
    outgoing = models.ForeignKey("agencies.User", on_delete=models.PROTECT, related_name="+")
    outgoing_agency = models.ForeignKey(
        "agencies.Agency", on_delete=models.PROTECT, related_name="+"
    )
    successor = models.ForeignKey(
        "agencies.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    successor_agency = models.ForeignKey(
        "agencies.Agency", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "outgoing", "outgoing_agency"],
                condition=Q(open=True),
                name="one_open_handover_per_person",
            ),
            models.CheckConstraint(
                condition=Q(successor=None, successor_agency=None)
                | Q(successor__isnull=False, successor_agency__isnull=False),
                name="successor_acts_for_an_agency",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.outgoing_id} → {self.successor_id}"


class HandoverLine(UUIDModel):
    """One watch of a handover: in whose hands it is afterwards, and what kept it from more.

    Kept once it is done; before that the lines are unsaved and say what would become of each.
    """

    handover = models.ForeignKey(WatchHandover, on_delete=models.PROTECT, related_name="lines")
    assignment = models.ForeignKey(WatchAssignment, on_delete=models.PROTECT, related_name="+")
    outgoing = models.ForeignKey(
        "agencies.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    watcher = models.ForeignKey(
        "agencies.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    watcher_agency = models.ForeignKey(
        "agencies.Agency", null=True, on_delete=models.PROTECT, related_name="+"
    )
    backup = models.ForeignKey(
        "agencies.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    backup_agency = models.ForeignKey(
        "agencies.Agency", null=True, on_delete=models.PROTECT, related_name="+"
    )
    obstacle = models.CharField(max_length=20, choices=Obstacle, blank=True)
    remarks = ArrayField(models.CharField(max_length=20, choices=HandoverRemark), default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["handover", "assignment"], name="one_line_per_handover_and_watch"
            )
        ]

    def __str__(self) -> str:
        return f"{self.assignment_id} → {self.watcher_id}"

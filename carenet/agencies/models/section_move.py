"""Things of the ward office on their way to its sections: a preview, and what a person made of it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from carenet.agencies.models.agency import Agency, User
from carenet.agencies.models.ward_section import WardSection
from carenet.agencies.states import SectionGround, SectionMoveState, SectionOutcome
from carenet.core import clock
from carenet.core.models import UUIDModel, VersionedModel


class SectionMove(UUIDModel, VersionedModel):
    """One batch: prepared as a preview, and carried out once a person has confirmed that version."""

    office = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="section_moves")
    state = models.CharField(
        max_length=10, choices=SectionMoveState, default=SectionMoveState.PREPARED
    )
    prepared_at = models.DateTimeField(default=clock.now)
    prepared_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    confirmed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["office", "-id"], name="section_move_of_office")]
        constraints = [
            models.UniqueConstraint(
                fields=["office"],
                condition=Q(state=SectionMoveState.PREPARED),
                name="one_open_section_move",
            ),
            models.CheckConstraint(
                condition=Q(state=SectionMoveState.PREPARED, ended_at=None, confirmed_by=None)
                | Q(state=SectionMoveState.WITHDRAWN, ended_at__isnull=False, confirmed_by=None)
                | Q(
                    state=SectionMoveState.DONE,
                    ended_at__isnull=False,
                    confirmed_by__isnull=False,
                ),
                name="section_move_by_a_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.office_id} {self.state}"


class SectionMoveLine(UUIDModel):
    """One thing: by its code, which section is suggested and why, which one was chosen."""

    move = models.ForeignKey(SectionMove, on_delete=models.CASCADE, related_name="lines")
    kind = models.CharField(max_length=40)
    object_id = models.UUIDField()
    code = models.CharField(max_length=100)
    suggested = models.CharField(max_length=20, choices=WardSection, blank=True)
    because = models.CharField(max_length=10, choices=SectionGround)
    # None: it stays with the office.
    section = models.ForeignKey(Agency, null=True, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=10, choices=SectionOutcome, blank=True)

    class Meta:
        indexes = [models.Index(fields=["object_id"], name="section_line_of_object")]
        constraints = [
            models.UniqueConstraint(fields=["move", "object_id"], name="one_line_per_thing")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.code}"

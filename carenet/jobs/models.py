"""A piece of long work: an import or an export, how far it has come, and what it has come to."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from carenet.core import clock
from carenet.core.models import UUIDModel
from carenet.jobs.states import ACTIVE, ENDED, JobState

_ACTIVE, _ENDED = sorted(ACTIVE), sorted(ENDED)

#: As many lines as are told; the numbers beside them count all.
MOST_TOLD = 1000


class Job(UUIDModel):
    """Long work that a person has asked for, for an agency; nobody else sees it.

    It goes on in steps, each a transaction that also moves `done` and `at`. `told` names lines of
    which nothing came, by line and key, never a person. `files` are names in the storage: what was
    uploaded, or the parts of what is produced, in their order.
    """

    kind = models.CharField(max_length=40)
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(
        "agencies.User", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    language = models.CharField(max_length=8)
    options = models.JSONField(default=dict)
    preview = models.BooleanField(default=False)
    # The preview of which this is the real thing.
    follows = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="followed_by"
    )
    state = models.CharField(max_length=10, choices=JobState, default=JobState.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField()
    at = models.CharField(max_length=100, blank=True)
    counts = models.JSONField(default=dict)
    told = models.JSONField(default=list)
    files = models.JSONField(default=list)
    failures = models.PositiveSmallIntegerField(default=0)
    reason = models.CharField(max_length=1000, blank=True)
    cancel_asked_at = models.DateTimeField(null=True, blank=True)
    # Whether somebody else has to agree before it begins, and who has agreed when.
    needs_release = models.BooleanField(default=False, db_default=False)
    released_by = models.ForeignKey(
        "agencies.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        db_index=False,
    )  # fmt: skip
    released_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    moved_at = models.DateTimeField(default=clock.now)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=JobState.values), name="job_state_known"),
            models.CheckConstraint(
                condition=Q(state__in=_ACTIVE, finished_at=None)
                | Q(state__in=_ENDED, finished_at__isnull=False),
                name="job_ends_once",
            ),
            models.CheckConstraint(
                condition=Q(follows=None) | Q(preview=False), name="job_follows_a_preview"
            ),
        ]
        indexes = [
            models.Index(
                fields=["moved_at"], condition=Q(state__in=_ACTIVE), name="job_to_go_on_with"
            ),
            models.Index(fields=["owner", "id"], name="job_of_owner"),
            models.Index(
                fields=["finished_at"], condition=Q(state__in=_ENDED), name="job_to_forget"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"

    @property
    def waits_for_release(self) -> bool:
        """Whether nobody else has agreed yet; what is to end waits for nobody."""
        waits = self.needs_release and self.released_at is None
        return waits and self.state == JobState.WAITING and self.cancel_asked_at is None

    @property
    def ended(self) -> bool:
        return self.state in ENDED

    @property
    def row_errors(self) -> list[dict[str, Any]]:
        """The lines of which nothing came, the first of them."""
        return list(self.told[:MOST_TOLD])

    @property
    def has_more_told(self) -> bool:
        """Whether there are more such lines than are told."""
        return len(self.told) > MOST_TOLD

    @property
    def percent(self) -> int:
        """How far it has come; a hundred only when it is done."""
        if self.state == JobState.DONE:
            return 100
        return min(99, self.done * 100 // self.total) if self.total else 0

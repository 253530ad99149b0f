"""A task: what somebody has to do by a day, and through whose hands it has gone."""

from __future__ import annotations

from uuid import UUID

from django.db import models
from django.db.models import F, Q

from carenet.agencies.models.attribution import AttributedModel
from carenet.core import clock
from carenet.core.models import UUIDModel, VersionedModel, append_only
from carenet.tasks.states import HandOnCause, TaskSource, TaskStatus


class Task(UUIDModel, VersionedModel, AttributedModel):
    """What an agency, or a person there, has to do by a day. It hangs on what its columns name.

    That is a case; what else tasks will hang on gets a column of its own, and a place in
    `task_hangs_on_something`. `by_agency` and `by_user` have given it.
    """

    case = models.ForeignKey(
        "cases.Case", null=True, on_delete=models.PROTECT, related_name="tasks"
    )
    what = models.CharField(max_length=300)
    due_on = models.DateField()
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(  # None: whoever of the agency comes to it
        "agencies.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    status = models.CharField(max_length=8, choices=TaskStatus, default=TaskStatus.OPEN)
    reason = models.CharField(max_length=300, blank=True)  # why it was dropped
    # Dropped because what it hangs on has ended.
    with_case = models.BooleanField(default=False, db_default=False)
    # The one that stands in its case as the next action, and is chased as such.
    is_next_action = models.BooleanField(default=False, db_default=False)
    # With an agency that does not lead what it hangs on.
    elsewhere = models.BooleanField(default=False, db_default=False)
    source = models.CharField(max_length=8, choices=TaskSource, blank=True)
    source_id = models.UUIDField(null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        "agencies.User", null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(case__isnull=False), name="task_hangs_on_something"),
            models.CheckConstraint(
                condition=Q(status=TaskStatus.OPEN, settled_at=None)
                | (Q(status__in=[TaskStatus.DONE, TaskStatus.DROPPED], settled_at__isnull=False)),
                name="settled_tasks_say_when",
            ),
            models.CheckConstraint(
                condition=(Q(status=TaskStatus.DROPPED) & (~Q(reason="") | Q(with_case=True)))
                | (~Q(status=TaskStatus.DROPPED) & Q(reason="", with_case=False)),
                name="dropped_tasks_say_why",
            ),
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(status=TaskStatus.OPEN, is_next_action=True),
                name="one_next_action_per_case",
            ),
        ]
        indexes = [
            models.Index(fields=["agency", "status", "due_on", "id"], name="task_of_agency"),
            models.Index(
                fields=["person", "agency", "status", "due_on", "id"], name="task_of_person"
            ),
            models.Index(fields=["by_agency", "status", "due_on", "id"], name="task_given_by"),
            models.Index(fields=["case", "status", "due_on", "id"], name="task_of_case"),
            models.Index(
                fields=["case"],
                condition=Q(status=TaskStatus.OPEN, elsewhere=True),
                name="task_elsewhere",
            ),
        ]

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do it."""
        return self.status == TaskStatus.OPEN

    @property
    def seen_source_id(self) -> UUID | None:
        """The object from which it comes, where the query has found that its reader sees that."""
        return self.source_id if getattr(self, "source_seen", False) else None


class TaskHandover(UUIDModel):
    """One change of whoever has a task; None stands for the whole agency."""

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="handovers")
    from_agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    from_person = models.ForeignKey(
        "agencies.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    to_agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    to_person = models.ForeignKey(
        "agencies.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    cause = models.CharField(max_length=15, choices=HandOnCause)
    reason = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(default=clock.now)
    by_user = models.ForeignKey(
        "agencies.User", null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        indexes = [models.Index(fields=["task", "id"], name="handover_of_task")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(from_agency=F("to_agency"))
                | Q(from_person=None, to_person__isnull=False)
                | Q(from_person__isnull=False, to_person=None)
                | ~Q(from_person=F("to_person")),
                name="tasks_go_into_other_hands",
            )
        ]
        triggers = [append_only("task_handovers_append_only")]

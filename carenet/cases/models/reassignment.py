"""A case was put into other hands by its own agency: what came with it, so that it can be undone."""

from __future__ import annotations

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models

from carenet.core import clock
from carenet.core.models import UUIDModel


class CaseReassignment(UUIDModel):
    """One change of the person in charge, with what it moved; `taken_back_at` where it was undone.

    `case_version` and `task_versions` are those that it left: whatever has another one went on since.
    """

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="reassignments")
    from_person = models.ForeignKey("agencies.User", on_delete=models.PROTECT, related_name="+")
    to_person = models.ForeignKey("agencies.User", on_delete=models.PROTECT, related_name="+")
    by_user = models.ForeignKey("agencies.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)
    case_version = models.PositiveIntegerField()
    # The tasks that came into their hands with it; the next action only if it was one before.
    tasks = ArrayField(models.UUIDField(), default=list)
    task_versions = ArrayField(models.PositiveIntegerField(), default=list)
    # The naming to a restricted case that came with it.
    naming = models.ForeignKey(
        "cases.CaseMember", null=True, on_delete=models.PROTECT, related_name="+"
    )
    taken_back_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["case", "-id"], name="reassignment_of_case")]
        triggers = [pgtrigger.Protect(name="reassignment_is_kept", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.case_id} to {self.to_person_id}"

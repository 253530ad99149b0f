"""The closure of an agency: who wants it, who agrees, who takes over what, and what has gone where."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from carenet.agencies.models.agency import Agency, User
from carenet.agencies.states import CLOSURE_OPEN, ClosureState
from carenet.core import clock
from carenet.core.models import UUIDModel, VersionedModel, append_only

_OPEN = sorted(CLOSURE_OPEN)
_DECIDED = [ClosureState.CONFIRMED, ClosureState.DONE]


class AgencyClosure(UUIDModel, VersionedModel):
    """One closure. One person proposes it, another confirms it; then it is carried out in batches.

    Without `proposed_by` and with `proposed_by_agency` the operator of the service has proposed it; what
    the Ministry's file suggests has neither.
    """

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="closures")
    state = models.CharField(max_length=10, choices=ClosureState)
    reason = models.TextField(max_length=2000, blank=True)
    suggested_at = models.DateTimeField(null=True, blank=True)
    # Withdrawn because a later file names the agency again, not by a person.
    named_again = models.BooleanField(default=False)
    proposed_at = models.DateTimeField(null=True, blank=True)
    proposed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    proposed_by_agency = models.ForeignKey(
        Agency, null=True, on_delete=models.PROTECT, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_by_agency = models.ForeignKey(
        Agency, null=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)  # carried out, or withdrawn
    # After a batch that broke off: how often in a row, and when the next try may begin.
    failures = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["agency", "-id"], name="closure_of_agency")]
        constraints = [
            models.UniqueConstraint(
                fields=["agency"], condition=Q(state__in=_OPEN), name="one_open_closure"
            ),
            models.CheckConstraint(
                condition=Q(state__in=ClosureState.values), name="closure_state_known"
            ),
            # Nobody closes an agency alone, whatever the code forgets.
            models.CheckConstraint(
                condition=Q(confirmed_by=None)
                | Q(proposed_by=None)
                | ~Q(confirmed_by=F("proposed_by")),
                name="closure_needs_two_people",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=_DECIDED)
                | Q(proposed_at__isnull=False, confirmed_by__isnull=False),
                name="closure_confirmed_by_a_person",
            ),
            models.CheckConstraint(
                condition=Q(state__in=_OPEN, ended_at=None)
                | (~Q(state__in=_OPEN) & Q(ended_at__isnull=False)),
                name="closure_ends_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency_id} {self.state}"


class ClosureSuccessor(UUIDModel):
    """Which agency takes over the things of one kind; without a kind, all that has none of its own."""

    closure = models.ForeignKey(AgencyClosure, on_delete=models.CASCADE, related_name="successors")
    kind = models.CharField(max_length=40, blank=True)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["closure", "kind"], name="one_successor_per_kind")
        ]

    def __str__(self) -> str:
        return f"{self.kind} → {self.agency_id}"


class ClosureEntry(models.Model):
    """One thing that a closure has passed on: so its former agency is never forgotten."""

    id = models.BigAutoField(primary_key=True)
    closure = models.ForeignKey(AgencyClosure, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=40)
    object_id = models.UUIDField()
    successor = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [models.Index(fields=["object_id"], name="closure_entry_of_object")]
        triggers = [append_only("closure_entries_stay")]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"

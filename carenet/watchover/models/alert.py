"""What worries, who is to be told of it, and the story of an assignment and its alerts."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q

from carenet.agencies.models.attribution import AttributedModel
from carenet.core.models import EventModel, UUIDModel, VersionedModel, append_only
from carenet.reminders.escalation import Hours
from carenet.watchover.escalation import Tier
from carenet.watchover.models.assignment import WatchAssignment
from carenet.watchover.states import (
    AlertEnd,
    AlertKind,
    AlertLevel,
    AlertOutcome,
    AlertState,
)


class Alert(UUIDModel, VersionedModel):
    """Nobody looked in, nobody answered, or something worries: open until it is resolved.

    One is open per assignment and kind; what comes after joins it. An acknowledgement only stops
    the chase until it runs out. What a person resolved has an outcome, what was overtaken has none.
    """

    assignment = models.ForeignKey(
        WatchAssignment, on_delete=models.PROTECT, related_name="alerts", db_index=False
    )
    kind = models.CharField(max_length=16, choices=AlertKind)
    level = models.PositiveSmallIntegerField(choices=AlertLevel)
    opened_at = models.DateTimeField()
    joined = models.PositiveIntegerField(default=1)  # misses or check-ins, the first one included
    acknowledged_by = models.ForeignKey(
        "agencies.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # For which agency they act; of a partner's system its client id.
    acknowledged_agency = models.ForeignKey(
        "agencies.Agency",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    acknowledged_client = models.CharField(max_length=100, blank=True, db_default="")
    acknowledged_until = models.DateTimeField(null=True, blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(
        "agencies.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_by = models.CharField(max_length=12, choices=AlertEnd, blank=True)
    outcome = models.CharField(max_length=12, choices=AlertOutcome, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["assignment", "kind"],
                condition=Q(resolved_at=None),
                name="one_open_alert_per_kind",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=AlertKind.values) & Q(level__in=AlertLevel.values),
                name="alert_kind_and_level_known",
            ),
            models.CheckConstraint(
                condition=Q(resolved_at=None, ended_by="", outcome="")
                | (Q(resolved_at__isnull=False) & ~Q(ended_by="")),
                name="alert_resolved_for_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(ended_by=AlertEnd.PERSON) | ~Q(outcome=""),
                name="alert_judged_by_a_person",
            ),
        ]
        indexes = [
            models.Index(fields=["assignment", "id"], name="alert_of_watch"),
            models.Index(
                fields=["opened_at"], condition=Q(resolved_at=None), name="alert_open_since"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assignment_id} {self.kind}"

    def release(self) -> None:
        """Forget who has taken it on: it is open again."""
        self.acknowledged_by = self.acknowledged_agency = self.acknowledged_until = None
        self.acknowledged_client = ""
        self.version += 1

    def state_at(self, now: datetime) -> AlertState:
        """Return what it is then; an acknowledgement that has run out counts no more."""
        if self.resolved_at:
            return AlertState.RESOLVED
        if self.acknowledged_until and self.acknowledged_until > now:
            return AlertState.ACKNOWLEDGED
        return AlertState.OPEN


class WatchEvent(EventModel, AttributedModel):
    """One thing that happened to an assignment or one of its alerts; only ever added."""

    assignment = models.ForeignKey(
        WatchAssignment, on_delete=models.PROTECT, related_name="events", db_index=False
    )
    alert = models.ForeignKey(
        Alert, null=True, blank=True, on_delete=models.PROTECT, related_name="events"
    )
    verb = models.CharField(max_length=20)
    by_client = models.CharField(max_length=100, blank=True)
    note = models.CharField(max_length=2000, blank=True)

    class Meta:
        indexes = [models.Index(fields=["assignment", "id"], name="event_of_watch")]
        triggers = [append_only("watch_events_stay")]


class EscalationPolicy(UUIDModel, VersionedModel):
    """An agency's own escalation policy for one kind of alert.

    Without steps `carenet.watchover.escalation` counts.
    """

    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16, choices=AlertKind)
    repeat_minutes = models.PositiveSmallIntegerField()
    acknowledged_minutes = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name_plural = "escalation policies"
        constraints = [
            models.UniqueConstraint(fields=["agency", "kind"], name="one_policy_per_kind"),
            models.CheckConstraint(
                condition=Q(repeat_minutes__gte=1, acknowledged_minutes__gte=1),
                name="policy_minutes_positive",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency_id} {self.kind}"

    @property
    def is_own(self) -> bool:
        """Whether it holds, or the default policy does."""
        return bool(self.version and self.steps.all())


class EscalationStep(UUIDModel):
    """One step of an agency's own escalation policy, so many minutes after the alert began."""

    policy = models.ForeignKey(EscalationPolicy, on_delete=models.CASCADE, related_name="steps")
    after_minutes = models.PositiveIntegerField()
    tier = models.CharField(max_length=8, choices=Tier)
    hours = models.CharField(max_length=6, choices=Hours)
    channel = models.CharField(max_length=20, blank=True)  # every one that reaches them, without

    class Meta:
        ordering = ["after_minutes"]
        constraints = [
            models.UniqueConstraint(
                fields=["policy", "after_minutes"], name="one_escalation_step_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(tier__in=Tier.values) & Q(hours__in=Hours.values),
                name="escalation_step_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.policy_id} +{self.after_minutes} {self.tier}"

"""When somebody is to look in, what those found who did, and the link to say so with one tap."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from carenet.agencies.models.attribution import AttributedModel
from carenet.core import clock
from carenet.core.models import UUIDModel, not_ended
from carenet.watchover.models.assignment import Outage, Pause, WatchAssignment, WatchSchedule
from carenet.watchover.states import CheckInOutcome, ExpectationState

_EXPECTED = ExpectationState.EXPECTED


class ExpectationQuerySet(models.QuerySet["Expectation"]):
    """Expectations by what the clock says of them: the one definition of late and overdue."""

    def late(self, now: datetime) -> ExpectationQuerySet:
        """Those whose window has closed, and for whom nobody has a pause to explain it."""
        return self.filter(~_paused(), state=_EXPECTED, due_at__lte=now)

    def paused(self) -> ExpectationQuerySet:
        """Those that a pause touches."""
        return self.filter(_paused())

    def overdue(self, now: datetime) -> ExpectationQuerySet:
        """Those whose grace is over: what a sweep flips, through the partial index on that time."""
        return self.filter(state=_EXPECTED, grace_until__lte=now)


def _paused() -> Exists:
    pauses = Pause.objects.filter(
        not_ended(OuterRef("window_start")),
        ~Q(until=F("since")),
        resident=OuterRef("assignment__resident"),
        since__lte=OuterRef("grace_until"),
    )
    return Exists(pauses)


class Expectation(UUIDModel):
    """One time at which somebody is to look in, laid out ahead; its past is never rewritten."""

    assignment = models.ForeignKey(
        WatchAssignment, on_delete=models.PROTECT, related_name="expectations", db_index=False
    )
    schedule = models.ForeignKey(
        WatchSchedule, on_delete=models.PROTECT, related_name="expectations", db_index=False
    )
    window_start = models.DateTimeField()
    due_at = models.DateTimeField()
    grace_until = models.DateTimeField()
    state = models.CharField(max_length=8, choices=ExpectationState, default=_EXPECTED)
    settled_at = models.DateTimeField(null=True, blank=True)
    # Which alert a miss opened or joined, and the outage of ours that lengthened its grace.
    alert = models.ForeignKey(
        "watchover.Alert",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="expectations",
        db_index=False,
    )
    outage = models.ForeignKey(
        Outage, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    objects = ExpectationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=ExpectationState.values), name="expectation_state_known"
            ),
            models.CheckConstraint(
                condition=Q(due_at__gte=F("window_start"), grace_until__gte=F("due_at")),
                name="expectation_in_order",
            ),
            models.CheckConstraint(
                condition=Q(state=_EXPECTED, settled_at=None)
                | ~Q(state=_EXPECTED) & Q(settled_at__isnull=False),
                name="expectation_settled_once",
            ),
            models.UniqueConstraint(
                fields=["assignment", "window_start"],
                condition=~Q(state=ExpectationState.VOID),
                name="one_expectation_per_window",
            ),
        ]
        indexes = [
            models.Index(
                fields=["grace_until"], condition=Q(state=_EXPECTED), name="expectation_due"
            ),
            models.Index(fields=["assignment", "window_start"], name="expectation_of_watch"),
            models.Index(
                fields=["alert"], condition=Q(alert__isnull=False), name="expectation_of_alert"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assignment_id} {self.window_start:%Y-%m-%d %H:%M} {self.state}"


class CheckIn(UUIDModel, AttributedModel):
    """Somebody has looked in: what was found, and when it was observed, which is not when recorded.

    `client_key` is made by the device that recorded it: sent again, it is the same check-in.
    `expectation` is the one that it met, or the missed one that it came too late for.
    """

    assignment = models.ForeignKey(
        WatchAssignment, on_delete=models.PROTECT, related_name="check_ins", db_index=False
    )
    expectation = models.ForeignKey(
        Expectation, null=True, blank=True, on_delete=models.PROTECT, related_name="check_ins"
    )
    outcome = models.CharField(max_length=10, choices=CheckInOutcome)
    observed_at = models.DateTimeField()
    recorded_at = models.DateTimeField(default=clock.now)
    by_client = models.CharField(max_length=100, blank=True)
    # Recorded for somebody else who looked in.
    by_proxy = models.BooleanField(default=False)
    note = models.CharField(max_length=2000, blank=True)
    offline = models.BooleanField(default=False)
    client_key = models.UUIDField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=CheckInOutcome.values), name="check_in_outcome_known"
            ),
            models.UniqueConstraint(
                fields=["assignment", "client_key"],
                condition=Q(client_key__isnull=False),
                name="one_check_in_per_client_key",
            ),
        ]
        indexes = [
            models.Index(fields=["assignment", "observed_at"], name="check_in_of_watch"),
            models.Index(
                fields=["client_key"],
                condition=Q(client_key__isnull=False) & ~Q(by_client=""),
                name="check_in_of_system",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assignment_id} {self.observed_at:%Y-%m-%d %H:%M} {self.outcome}"


class OneTapLink(UUIDModel):
    """Whoever holds its secret records one check-in of one person, for one expectation.

    Of the secret the hash alone is kept. It is good from the expectation's window to the end of its
    grace; a newer link of the same person and expectation takes its place.
    """

    secret = models.CharField(max_length=64, unique=True, editable=False)
    expectation = models.ForeignKey(
        Expectation, on_delete=models.PROTECT, related_name="links", db_index=False
    )
    person = models.ForeignKey("agencies.User", on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["expectation", "person"], name="one_link_per_person_and_time"
            )
        ]

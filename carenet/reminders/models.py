"""What must be said to whom and when: rows, because a row survives whoever was to act on it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from uuid_utils.compat import uuid7

from carenet.agencies.models import Agency, User
from carenet.reminders.registry import Occurrence
from carenet.reminders.states import FINAL, DeliveryState

KEY_LENGTH = 200
_FINAL = sorted(FINAL)


class Reminder(models.Model):
    """A reason to chase somebody about a subject, written in the transaction of its cause.

    One is open per kind and subject. It stays open, without a date, when its last step is out,
    until its reason ends.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    subject_code = models.CharField(max_length=40)  # the human code, never personal data
    # For whom it was written; the kind says at each step who then is told.
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    step = models.PositiveSmallIntegerField(default=0)  # the next one to fall due
    first_due_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    # After an error of its kind: when to try again. `due_at` stays, so that health shows the delay.
    errors = models.PositiveSmallIntegerField(default=0)
    retry_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True)
    settled_because = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject_id"],
                condition=Q(settled_at=None),
                name="one_open_reminder_per_subject",
            ),
            models.CheckConstraint(
                condition=Q(settled_at=None, settled_because="")
                | (Q(settled_at__isnull=False) & ~Q(settled_because="")),
                name="settled_for_a_reason",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(settled_at=None, due_at__isnull=False),
                name="reminder_due",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_code} #{self.step}"

    def occurrence(self, step: int) -> Occurrence:
        """Return one step as the kind is asked about it."""
        return Occurrence(self.subject_id, self.subject_code, self.agency, self.person, step)


class Delivery(models.Model):
    """One message: an occurrence, a recipient, a channel.

    `token` grows with each claim; an outcome counts only while the token is still the sender's.
    Without a recipient it goes to the agency itself, for its systems.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    reminder = models.ForeignKey(Reminder, on_delete=models.PROTECT, related_name="deliveries")
    step = models.PositiveSmallIntegerField()
    recipient = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=20)
    always = models.BooleanField(default=False)  # rings on closed days, too
    # The same at every try: what a channel that takes an idempotency key is given.
    dedupe_key = models.CharField(max_length=KEY_LENGTH, unique=True)
    state = models.CharField(max_length=12, choices=DeliveryState, default=DeliveryState.PENDING)
    reason = models.CharField(max_length=60, blank=True)  # why it was cancelled, or the last error
    due_at = models.DateTimeField()
    next_try_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    token = models.PositiveIntegerField(default=0)
    attempts = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=DeliveryState.values), name="delivery_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state=DeliveryState.ATTEMPTING, lease_until__isnull=False)
                | (~Q(state=DeliveryState.ATTEMPTING) & Q(lease_until=None)),
                name="delivery_leased_while_attempted",
            ),
            models.CheckConstraint(
                condition=Q(state__in=_FINAL, finished_at__isnull=False)
                | (~Q(state__in=_FINAL) & Q(finished_at=None)),
                name="delivery_finished_when_final",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_try_at"],
                condition=Q(state=DeliveryState.PENDING),
                name="delivery_claimable",
            ),
            models.Index(
                fields=["lease_until"],
                condition=Q(state=DeliveryState.ATTEMPTING),
                name="delivery_leased",
            ),
            models.Index(
                fields=["due_at"], condition=Q(finished_at=None), name="delivery_unfinished"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dedupe_key} {self.state}"

    def occurrence(self) -> Occurrence:
        """Return the step of the reminder that this message is about."""
        return self.reminder.occurrence(self.step)


class InboxEntry(models.Model):
    """What has arrived: the exactly-once ledger, one entry per key whatever happened on the way.

    Without a user it is the agency's own entry, which its systems read.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    dedupe_key = models.CharField(max_length=KEY_LENGTH, unique=True)
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    reminder = models.ForeignKey(Reminder, on_delete=models.PROTECT, related_name="entries")
    delivery = models.OneToOneField(Delivery, on_delete=models.PROTECT, related_name="entry")
    arrived_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "inbox entries"
        indexes = [models.Index(fields=["agency", "user", "-id"], name="inbox_newest_first")]

    def __str__(self) -> str:
        return self.dedupe_key


class Pulse(models.Model):
    """When a job last ran: a living process proves nothing, a fresh pulse does."""

    name = models.CharField(primary_key=True, max_length=40)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} {self.at:%Y-%m-%d %H:%M:%S}"


def dedupe_key(
    reminder: Reminder, step: int, agency: Agency, recipient: User | None, channel: str
) -> str:
    """Return the key of one message; the same occurrence never gets two of them."""
    whom = str(recipient.pk) if recipient else "-"
    return f"{reminder.pk}:{step}:{agency.pk}:{whom}:{channel}"

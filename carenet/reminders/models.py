"""What must be said to whom and when: rows, because a row survives whoever was to act on it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import models
from django.db.models import Q
from uuid_utils.compat import uuid7

from carenet.agencies.models import Agency, User
from carenet.core import clock
from carenet.core.models import UUIDModel, append_only
from carenet.reminders.states import FINAL, DeliveryState, Verb

KEY_LENGTH = 200
_FINAL = sorted(FINAL)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One step of one reminder, as its kind is asked about it; steps count from 0.

    `agency` and `person` are those that the reminder was written for: whom to tell at this step is
    what `recipients` answers.
    """

    subject_id: UUID
    subject_code: str
    agency: Agency
    person: User | None
    step: int


class Reminder(UUIDModel):
    """A reason to chase somebody about a subject, written in the transaction of its cause.

    One is open per kind and subject. When its last step is out, that step comes again and again until
    the reason ends; a notice, and what something else chases, then stays open without a date.
    """

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
    # Who has taken it on, or was handed it: asked alone, before the chase goes on, when the hold is
    # over; told besides at every later step.
    holder = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    holder_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, related_name="+")
    asks_holder = models.BooleanField(default=False, db_default=False)  # next, and nobody else
    resumes_at = models.DateTimeField(
        null=True
    )  # after that, the chase goes on then at the earliest
    holds = models.PositiveSmallIntegerField(default=0, db_default=0)  # since the last step
    # Its last step is out: at `due_at` the same one comes again.
    repeats = models.BooleanField(default=False, db_default=False)
    # Occurrences beyond the plain steps: keeps their keys apart.
    turn = models.PositiveSmallIntegerField(default=0, db_default=0)
    created_at = models.DateTimeField(default=clock.now)
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

    @property
    def told_step(self) -> int:
        """The last step that fell due; the first one before any has."""
        return max(self.step - 1, 0)

    def occurrence(self, step: int) -> Occurrence:
        """Return one step as the kind is asked about it."""
        return Occurrence(self.subject_id, self.subject_code, self.agency, self.person, step)


class Delivery(UUIDModel):
    """One message: an occurrence, a recipient, a channel.

    `token` grows with each claim; an outcome counts only while the token is still the sender's.
    Without a recipient it goes to the agency itself, for its systems.
    """

    reminder = models.ForeignKey(Reminder, on_delete=models.PROTECT, related_name="deliveries")
    step = models.PositiveSmallIntegerField()
    turn = models.PositiveSmallIntegerField(default=0, db_default=0)
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
    created_at = models.DateTimeField(default=clock.now)
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
            models.Index(
                fields=["finished_at"],
                condition=Q(finished_at__isnull=False),
                name="delivery_finished",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dedupe_key} {self.state}"

    def occurrence(self) -> Occurrence:
        """Return the step of the reminder that this message is about."""
        return self.reminder.occurrence(self.step)


class InboxEntry(UUIDModel):
    """What has arrived: the exactly-once ledger, one entry per key whatever happened on the way.

    Without a user it is the agency's own entry, which its systems read.
    """

    dedupe_key = models.CharField(max_length=KEY_LENGTH, unique=True)
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    reminder = models.ForeignKey(Reminder, on_delete=models.PROTECT, related_name="entries")
    delivery = models.OneToOneField(Delivery, on_delete=models.PROTECT, related_name="entry")
    arrived_at = models.DateTimeField(default=clock.now)
    read_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "inbox entries"
        indexes = [models.Index(fields=["agency", "user", "-id"], name="inbox_newest_first")]

    def __str__(self) -> str:
        return self.dedupe_key


class ReminderEvent(UUIDModel):
    """What somebody who was told has done about a reminder: only ever added."""

    reminder = models.ForeignKey(Reminder, on_delete=models.PROTECT, related_name="events")
    verb = models.CharField(max_length=20, choices=Verb)
    at = models.DateTimeField(default=clock.now)
    by_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    by_user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    by_client = models.CharField(max_length=255, blank=True)  # client_id of a partner's system
    person = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    until = models.DateTimeField(null=True)
    reason = models.CharField(max_length=500, blank=True)  # shown within that agency alone
    # How the reminder stood, and which messages were held back by it: what taking it back restores.
    before = models.JSONField(null=True)

    class Meta:
        indexes = [models.Index(fields=["reminder", "id"], name="event_of_reminder")]
        triggers = [append_only("responses_are_append_only")]


class DigestRound(models.Model):
    """That the digests of an agency were written for a day: once, whoever else tries."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "on"], name="one_digest_round_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.agency_id} {self.on}"


class Pulse(models.Model):
    """When a job last ran: a living process proves nothing, a fresh pulse does."""

    name = models.CharField(primary_key=True, max_length=40)
    at = models.DateTimeField()
    # The process at this job whose own clock was worst: so many seconds early, and when that was.
    off_seconds = models.FloatField(null=True)
    off_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.name} {self.at:%Y-%m-%d %H:%M:%S}"


class Sending(models.Model):
    """Whether messages go out, and the marks by which a restored database is known: one row.

    `identity` names the database that last sent; a dump carries it into one that has another.
    `sweeps` only grows; Redis knows how far it had come, a copy of the disk does not. `mark` keeps
    databases apart that share a Redis.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    mark = models.UUIDField(default=uuid7)
    identity = models.CharField(max_length=80)
    sweeps = models.PositiveBigIntegerField(default=0)
    paused_at = models.DateTimeField(null=True)
    paused_because = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="one_sending")]

    def __str__(self) -> str:
        return f"paused {self.paused_because}" if self.paused_at else "sending"


def dedupe_key(
    reminder: Reminder,
    step: int,
    agency: Agency,
    recipient: User | None,
    channel: str,
    *,
    turn: int = 0,
) -> str:
    """Return the key of one message; the same occurrence never gets two of them."""
    when = f"{step}.{turn}" if turn else str(step)
    whom = str(recipient.pk) if recipient else "-"
    return f"{reminder.pk}:{when}:{agency.pk}:{whom}:{channel}"

"""Who looks in on whom, in which rhythm, and when nobody needs to."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.db.models import F, Func, Q, Value

from carenet.access.rules import SharingBasis
from carenet.core import clock
from carenet.core.clock import midnight
from carenet.core.models import UUIDModel, VersionedModel, code_of, not_ended
from carenet.watchover.states import (
    OPEN,
    HolidayPolicy,
    PauseReason,
    WatchEndReason,
    WatchMethod,
    WatchStatus,
)

_OPEN = sorted(OPEN)
#: A week in minutes: a longer window or grace would be a rhythm of its own.
LONGEST_MINUTES = 7 * 24 * 60
#: However long we were away, a watcher catches up within so much.
LONGEST_SHIFT = timedelta(hours=2)


class WatchAssignment(UUIDModel, VersionedModel):
    """Somebody looks in on a resident, for a responsible agency, on a basis and for a term.

    Watcher and backup each act for an agency of their own; without a watcher the backup and then
    the responsible agency are told. Dates are inclusive, in Japan. `safety_note` is all that a
    watcher is told besides name, address and telephone: the dog, the key, the stairs.
    """

    number = models.BigIntegerField(
        unique=True,
        editable=False,
        db_default=Func(Value("watchover_assignment_number"), function="nextval"),
    )
    created_at = models.DateTimeField(default=clock.now)
    resident = models.ForeignKey(
        "residents.Resident", on_delete=models.PROTECT, related_name="watch_assignments"
    )
    responsible_agency = models.ForeignKey(
        "agencies.Agency", on_delete=models.PROTECT, related_name="+"
    )
    watcher = models.ForeignKey(
        "agencies.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    watcher_agency = models.ForeignKey(
        "agencies.Agency", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    backup = models.ForeignKey(
        "agencies.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    backup_agency = models.ForeignKey(
        "agencies.Agency", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    method = models.CharField(max_length=10, choices=WatchMethod)
    sharing_basis = models.CharField(max_length=40, choices=SharingBasis)
    # What it rests on where that is words; which word of the person, once they have agreed.
    basis_words = models.CharField(max_length=300, blank=True, default="", db_default="")
    consent = models.ForeignKey(
        "residents.Consent",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,  # found through the person
    )
    basis_until = models.DateField(null=True, blank=True)
    term_from = models.DateField(null=True, blank=True)
    term_until = models.DateField(null=True, blank=True)
    safety_note = models.CharField(max_length=500, blank=True)
    status = models.CharField(max_length=10, choices=WatchStatus, default=WatchStatus.PROPOSED)
    end_reason = models.CharField(max_length=20, choices=WatchEndReason, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    # The rhythm was read up to here; and when to read on, only while watched over.
    laid_until = models.DateTimeField(null=True, blank=True)
    lay_out_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=WatchStatus.values), name="watch_status_known"
            ),
            models.CheckConstraint(
                condition=Q(watcher=None, watcher_agency=None)
                | Q(watcher__isnull=False, watcher_agency__isnull=False),
                name="watcher_acts_for_an_agency",
            ),
            models.CheckConstraint(
                condition=Q(backup=None, backup_agency=None)
                | Q(backup__isnull=False, backup_agency__isnull=False),
                name="backup_acts_for_an_agency",
            ),
            models.CheckConstraint(
                condition=Q(backup=None) | Q(watcher=None) | ~Q(backup=F("watcher")),
                name="backup_is_another",
            ),
            models.CheckConstraint(
                condition=Q(status=WatchStatus.ENDED, ended_at__isnull=False) & ~Q(end_reason="")
                | ~Q(status=WatchStatus.ENDED) & Q(ended_at=None, end_reason=""),
                name="watch_ended_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(term_from=None)
                | Q(term_until=None)
                | Q(term_until__gte=F("term_from")),
                name="watch_term_ends_later",
            ),
            models.CheckConstraint(
                condition=Q(status=WatchStatus.ACTIVE, lay_out_at__isnull=False)
                | ~Q(status=WatchStatus.ACTIVE) & Q(lay_out_at=None),
                name="watch_laid_out_while_active",
            ),
            models.UniqueConstraint(
                fields=["resident", "watcher"],
                condition=Q(status__in=_OPEN),
                name="one_open_watch_per_pair",
            ),
        ]
        indexes = [
            models.Index(
                fields=["lay_out_at"],
                condition=Q(lay_out_at__isnull=False),
                name="watch_to_lay_out",
            ),
            models.Index(fields=["responsible_agency", "id"], name="watch_of_agency"),
            models.Index(fields=["watcher", "id"], name="watch_of_watcher"),
            models.Index(fields=["backup", "id"], name="watch_of_backup"),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        """The human code, e.g. `W-26-004217`."""
        return code_of("W", self.created_at, self.number)

    @property
    def begins_at(self) -> datetime | None:
        """When the first window may open."""
        return midnight(self.term_from) if self.term_from else None

    @property
    def over_at(self) -> datetime | None:
        """When term or basis is over, whichever is first; None while neither has an end."""
        days = [day for day in (self.term_until, self.basis_until) if day]
        return midnight(min(days) + timedelta(days=1)) if days else None


class WatchScheduleQuerySet(models.QuerySet["WatchSchedule"]):
    """Schedules by the time for which they hold."""

    def current(self) -> WatchScheduleQuerySet:
        """Those that nothing has replaced yet."""
        return self.filter(effective_until=None)


class WatchSchedule(UUIDModel):
    """In which rhythm somebody looks in. Another rhythm is another row: the past stays as it was.

    `rule` is an RFC 5545 recurrence that begins at `begins_at`; its time of day, in Japan, is when
    each window opens. The window is as long as `window_minutes`; after `grace_minutes` more, nobody
    having looked in is a miss.
    """

    assignment = models.ForeignKey(
        WatchAssignment, on_delete=models.PROTECT, related_name="schedules"
    )
    rule = models.CharField(max_length=200)
    begins_at = models.DateTimeField()
    window_minutes = models.PositiveSmallIntegerField()
    grace_minutes = models.PositiveSmallIntegerField()
    holiday_policy = models.CharField(
        max_length=4, choices=HolidayPolicy, default=HolidayPolicy.KEEP
    )
    effective_from = models.DateTimeField()
    effective_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now)

    objects = WatchScheduleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["assignment"],
                condition=Q(effective_until=None),
                name="one_current_schedule",
            ),
            models.CheckConstraint(
                condition=Q(effective_until=None) | Q(effective_until__gte=F("effective_from")),
                name="schedule_ends_later",
            ),
            models.CheckConstraint(
                condition=Q(window_minutes__range=(1, LONGEST_MINUTES))
                & Q(grace_minutes__range=(0, LONGEST_MINUTES)),
                name="schedule_window_in_range",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.begins_at:%Y-%m-%d %H:%M}"


class PauseQuerySet(models.QuerySet["Pause"]):
    """Pauses by what the clock says of them."""

    def touching(self, begin: datetime, end: datetime) -> PauseQuerySet:
        """Those that cover any moment of an interval."""
        return self.filter(not_ended(begin), since__lte=end).exclude(until=F("since"))


class Pause(UUIDModel):
    """A time in which nobody needs to look in on a resident; one that ends where it began never was.

    `told_at`: its end was dealt with, so that what still worries is chased anew.
    """

    resident = models.ForeignKey(
        "residents.Resident", on_delete=models.PROTECT, related_name="watch_pauses"
    )
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=12, choices=PauseReason)
    recorded_at = models.DateTimeField(default=clock.now)
    by_user = models.ForeignKey(
        "agencies.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    by_agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    told_at = models.DateTimeField(null=True, blank=True)

    objects = PauseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="pause_ends_later"
            ),
            models.UniqueConstraint(
                fields=["resident"], condition=Q(until=None), name="one_open_pause_per_resident"
            ),
        ]
        indexes = [
            models.Index(fields=["resident", "since"], name="pause_of_resident"),
            models.Index(
                fields=["until"],
                condition=Q(told_at=None, until__isnull=False),
                name="pause_end_to_tell",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.resident_id} {self.since:%Y-%m-%d}"


class Outage(UUIDModel):
    """A time in which this service itself swept nothing: no watcher is blamed for it."""

    began_at = models.DateTimeField()
    recovered_at = models.DateTimeField(unique=True)
    shifted = models.PositiveIntegerField(default=0)  # ends of grace

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(recovered_at__gt=F("began_at")), name="outage_ends_later"
            )
        ]

    def __str__(self) -> str:
        return f"{self.began_at:%Y-%m-%d %H:%M} – {self.recovered_at:%H:%M}"

    @property
    def length(self) -> timedelta:
        """How long it lasted."""
        return self.recovered_at - self.began_at

    @property
    def grace_until(self) -> datetime:
        """Until when nothing that was expected meanwhile counts as missed."""
        return self.recovered_at + min(self.length, LONGEST_SHIFT)

"""The city's list scheme: whom the ward office has listed, and what became of each of them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from carenet.access.rules import SharingBasis
from carenet.core import clock
from carenet.core.models import EventModel, UUIDModel, VersionedModel, append_only
from carenet.watchlists.states import ListState, ListVerb, ScreenReason
from carenet.watchover.models import WatchAssignment

_S = ListState


_DECIDED = [_S.WANTS, _S.REFUSED]


class WatchList(UUIDModel):
    """A list as the ward office has delivered it to an agency, of an area or of all it serves.

    It is shared on a basis, which may end: who makes first visits sees nothing of it from then on.
    """

    name = models.CharField(max_length=100)
    delivered_on = models.DateField()
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    area = models.ForeignKey(
        "agencies.Area", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    sharing_basis = models.CharField(max_length=40, choices=SharingBasis)
    basis_until = models.DateField(null=True, blank=True)
    imported_at = models.DateTimeField(default=clock.now)
    by_user = models.ForeignKey(
        "agencies.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    by_agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")

    class Meta:
        app_label = "watchover"
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "area", "name", "delivered_on"],
                name="list_delivered_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(sharing_basis__in=SharingBasis.values), name="list_basis_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.delivered_on}"


class ListEntry(UUIDModel, VersionedModel):
    """One person on a list; `key` is the line's number in the list, as the ward office gave it.

    While it is not clear who of the register is meant there is no `resident`, and `words` hold what
    the list says; afterwards the record holds it, and the entry keeps a hash of the line alone.
    """

    watch_list = models.ForeignKey(
        WatchList, on_delete=models.PROTECT, related_name="entries", db_index=False
    )
    key = models.CharField(max_length=50)
    line_hash = models.CharField(max_length=64, editable=False)
    words = models.JSONField(null=True, blank=True)
    resident = models.ForeignKey(
        "residents.Resident", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField(max_length=10, choices=ListState, default=ListState.LISTED)
    screened_because = models.CharField(max_length=16, choices=ScreenReason, blank=True)
    screened_at = models.DateTimeField(null=True, blank=True)
    visitor = models.ForeignKey(
        "agencies.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    visitor_agency = models.ForeignKey(
        "agencies.Agency", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    visited_at = models.DateTimeField(null=True, blank=True)
    visited_by = models.ForeignKey(
        "agencies.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    assignment = models.OneToOneField(
        WatchAssignment, null=True, blank=True, on_delete=models.PROTECT, related_name="list_entry"
    )

    class Meta:
        app_label = "watchover"
        verbose_name_plural = "list entries"
        constraints = [
            models.UniqueConstraint(fields=["watch_list", "key"], name="line_once_on_a_list"),
            # Two records of one person may have been listed, and become one later.
            models.UniqueConstraint(
                fields=["watch_list", "resident"],
                condition=~Q(screened_because=ScreenReason.TWICE),
                name="person_once_on_a_list",
            ),
            models.CheckConstraint(
                condition=Q(state__in=ListState.values), name="list_state_known"
            ),
            models.CheckConstraint(
                condition=Q(resident=None, words__isnull=False)
                | Q(resident__isnull=False, words=None),
                name="entry_says_whom_it_means",
            ),
            models.CheckConstraint(
                condition=Q(resident__isnull=False)
                | Q(state__in=[_S.LISTED, _S.SCREENED], visitor=None, visited_at=None),
                name="nobody_calls_on_whom_nobody_knows",
            ),
            models.CheckConstraint(
                condition=Q(
                    state=_S.SCREENED,
                    screened_at__isnull=False,
                    screened_because__in=ScreenReason.values,
                )
                | ~Q(state=_S.SCREENED) & Q(screened_at=None, screened_because=""),
                name="screened_out_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(state=_S.LISTED, visited_at=None)
                | Q(state=_S.SCREENED)
                | Q(state__in=[_S.VISITED, *_DECIDED], visited_at__isnull=False),
                name="visited_at_some_time",
            ),
            models.CheckConstraint(
                condition=Q(visited_by=None) | Q(visited_at__isnull=False),
                name="visitor_has_visited",
            ),
            models.CheckConstraint(
                condition=Q(state__in=_DECIDED, decided_at__isnull=False)
                | ~Q(state__in=_DECIDED) & Q(decided_at=None),
                name="decided_at_some_time",
            ),
            models.CheckConstraint(
                condition=Q(assignment=None) | Q(state=_S.WANTS), name="watched_because_wanted"
            ),
            models.CheckConstraint(
                condition=Q(visitor=None, visitor_agency=None)
                | Q(visitor__isnull=False, visitor_agency__isnull=False),
                name="visitor_acts_for_an_agency",
            ),
        ]
        indexes = [
            models.Index(fields=["watch_list", "id"], name="entry_of_list"),
            models.Index(fields=["visitor", "id"], name="entry_of_visitor"),
        ]

    def __str__(self) -> str:
        return f"{self.watch_list_id} {self.key}"


class ListEvent(EventModel):
    """One thing that was done with an entry; only ever added."""

    entry = models.ForeignKey(
        ListEntry, on_delete=models.PROTECT, related_name="events", db_index=False
    )
    verb = models.CharField(max_length=10, choices=ListVerb)
    came_to = models.CharField(max_length=10, choices=ListState)
    by_agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    by_user = models.ForeignKey(
        "agencies.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    note = models.CharField(max_length=2000, blank=True)

    class Meta:
        app_label = "watchover"
        indexes = [models.Index(fields=["entry", "id"], name="event_of_entry")]
        triggers = [append_only("list_events_stay")]

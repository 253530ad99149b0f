"""Who is away, from when to when, and who stands in."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import F, Q

from carenet.agencies.models.agency import Membership, User
from carenet.core import clock
from carenet.core.models import UUIDModel, not_ended


class AbsenceQuerySet(models.QuerySet["Absence"]):
    """Absences by what the clock says of them."""

    def running(self, at: datetime | None = None) -> AbsenceQuerySet:
        """Those in which somebody is away at a moment, now without one."""
        now = at or clock.now()
        return self.filter(not_ended(now), since__lte=now)


class Absence(UUIDModel):
    """A time in which a member is away; without `until`, until further notice.

    No reason is kept: an illness is nobody's business here. One that ends before it began never
    took place, and stays as such.
    """

    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="absences")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    # Is told instead, as far as the deputy may see what it is about.
    deputy = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["membership", "since"], name="absence_of_member")]
        constraints = [
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="absence_ends_later"
            )
        ]

    def __str__(self) -> str:
        return f"{self.membership_id} {self.since:%Y-%m-%d}"

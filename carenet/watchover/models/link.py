"""A link by which somebody who looks in says so with one tap."""

from __future__ import annotations

from django.db import models

from carenet.core import clock
from carenet.core.models import UUIDModel
from carenet.watchover.models.expectation import Expectation


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

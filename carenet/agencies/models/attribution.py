"""By whom a row was written: what events and other rows that are only added have in common."""

from __future__ import annotations

from django.db import models


class AttributedModel(models.Model):
    """A row that says who wrote it, as `Actor.attribution` does: a person, or a partner's system."""

    by_agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    by_user = models.ForeignKey(
        "agencies.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    by_client = models.CharField(max_length=255, blank=True)  # client_id of a partner's system
    claimed_person = models.CharField(max_length=100, blank=True)  # whom that client named

    class Meta:
        abstract = True

"""Reads of long work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carenet.jobs import policy

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from carenet.agencies.actors import Actor
    from carenet.jobs.models import Job


def jobs(actor: Actor) -> QuerySet[Job]:
    """Return the actor's own work, asked for last first."""
    return policy.visible_to(actor).select_related("followed_by", "follows").order_by("-id")

"""What of a ward stands open with agencies other than the reader's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count, Min

from carenet.watchover import policy

if TYPE_CHECKING:
    from datetime import datetime

    from carenet.agencies.actors import Actor


def open_with_others(actor: Actor) -> tuple[int, int, datetime | None]:
    """Return how many alerts and concerns others have open, as far as one sees them, and since when."""
    own = actor.agency_id
    alerts = policy.alerts_visible_to(actor).filter(resolved_at=None)
    found = alerts.exclude(assignment__responsible_agency=own).aggregate(
        number=Count("pk"), since=Min("opened_at")
    )
    concerns = policy.concerns_visible_to(actor).filter(triaged_at=None)
    worries = concerns.exclude(agency=own).aggregate(number=Count("pk"), since=Min("received_at"))
    since = [each["since"] for each in (found, worries) if each["since"]]
    return found["number"], worries["number"], min(since, default=None)

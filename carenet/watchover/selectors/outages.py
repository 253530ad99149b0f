"""Our own outages, for as long as somebody may wonder about them."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from carenet.watchover.models import Expectation, Outage
from carenet.watchover.states import ExpectationState

#: So long after the recovery people are still told.
TOLD_FOR = timedelta(days=1)


def recent_outages(now: datetime) -> QuerySet[Outage]:
    """Return the outages that a banner names.

    Those that ended within a day, and those for which a time that was lengthened is still expected.
    """
    lengthened = Expectation.objects.filter(outage=OuterRef("pk"), state=ExpectationState.EXPECTED)
    recent = Q(recovered_at__gt=now - TOLD_FOR)
    return Outage.objects.filter(recent | Exists(lengthened))

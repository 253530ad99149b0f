"""What an auditor looks at first: what was refused, who read most, which incidents are open."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Max, Q, QuerySet

from carenet.agencies.actors import Actor
from carenet.audit.models import AuditAction, AuditEntry
from carenet.core.clock import midnight
from carenet.oversight import policy
from carenet.oversight.models import Incident, IncidentState

#: As many people as are named who were refused most, or have read most.
MOST_NAMED = 5
#: So many days back one looks for who was refused.
DAYS_OF_DENIALS = 7


def counts_of(actor: Actor, day: date, left_by: list[str]) -> dict[str, int]:
    """Return how often something was refused on a day, and went out by one of these actions."""
    denied, out = Q(deed=AuditAction.DENIAL), Q(action__in=left_by)
    return (
        _on(actor, day, day)
        .filter(denied | out)
        .aggregate(
            denials=Count("id", filter=denied), left=Count("request_id", filter=out, distinct=True)
        )
    )


def open_incidents(actor: Actor) -> int:
    """Return how many incidents wait for a finding."""
    return policy.incidents_visible_to(actor).filter(state=IncidentState.OPEN).count()


def refused_most(actor: Actor, day: date) -> QuerySet[Any, Any]:
    """Return who was refused most often in the days up to this one: by id, number, and the last time."""
    entries = _on(actor, day - timedelta(days=DAYS_OF_DENIALS - 1), day)
    return _by_actor(entries.filter(deed=AuditAction.DENIAL))


def read_most(actor: Actor, day: date) -> QuerySet[Any, Any]:
    """Return who has read most on a day: by id, number of looks, and the last time."""
    return _by_actor(_on(actor, day, day).filter(deed=AuditAction.READ))


def listed_incidents(actor: Actor, state: str) -> QuerySet[Incident]:
    """Return the visible incidents, of a state or of both, the latest first."""
    found = policy.incidents_visible_to(actor).select_related("referral", "sender", "receiver")
    return found.filter(Q(state=state) if state else Q()).order_by("-id")


def _on(actor: Actor, since: date, until: date) -> QuerySet[AuditEntry]:
    return policy.visible_to(actor).filter(
        time__gte=midnight(since), time__lt=midnight(until + timedelta(days=1))
    )


def _by_actor(entries: QuerySet[AuditEntry]) -> QuerySet[Any, Any]:
    people = entries.exclude(actor_id="").values("actor_kind", "actor_id", "agency_id")
    counted = people.annotate(number=Count("id"), last=Max("time"))
    return counted.order_by("-number", "actor_id")[:MOST_NAMED]

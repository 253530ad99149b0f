"""Reads of incidents, and of the trail that they rest on."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Min, QuerySet

from carenet.agencies.actors import Actor
from carenet.audit.models import AuditAction, AuditEntry
from carenet.oversight import policy
from carenet.oversight.models import Incident
from carenet.referrals.models import Referral


def incidents(actor: Actor) -> QuerySet[Incident]:
    """Return the visible incidents with what their representation shows."""
    return policy.incidents_visible_to(actor).select_related(
        "referral", "sender", "receiver", "opened_by", "opened_by_agency", "closed_by"
    )


def readers_of(referral: Referral, since: datetime) -> list[dict[str, Any]]:
    """Return who of other agencies than the sender's has been shown a referral, first reader first."""
    reads = AuditEntry.objects.filter(
        deed=AuditAction.READ,
        object_kind="referral",
        object_ids__contains=[referral.pk],
        time__gte=since,
        agency_id__isnull=False,
    ).exclude(agency_id=referral.sender_id)
    by_reader = reads.values("agency_id", "actor_kind", "actor_id", "claimed_person").annotate(
        first_at=Min("time"), last_at=Max("time"), times=Count("id")
    )
    return [dict(reader) for reader in by_reader.order_by("first_at")]

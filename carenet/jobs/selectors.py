"""Reads of long work."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency, User
from carenet.audit.models import AuditAction, AuditEntry
from carenet.jobs import policy
from carenet.jobs.models import Job
from carenet.jobs.registry import SheetExport, kinds
from carenet.jobs.states import ACTIVE


def jobs(actor: Actor) -> QuerySet[Job]:
    """Return the actor's own work, asked for last first."""
    return policy.visible_to(actor).select_related("followed_by", "follows").order_by("-id")


def running_in_agency(actor: Actor) -> QuerySet[Job]:
    """Return the work under way of the whole agency, for its managers; asked for last first.

    Which it is, who has asked for it and how far it has come: not what it is about or has come to.
    """
    running = policy.overseen_by(actor).filter(state__in=sorted(ACTIVE))
    return running.select_related("owner").order_by("-id")


def to_release(actor: Actor) -> QuerySet[Job]:
    """Return what waits for the actor to agree, asked for first at the top, with who has asked."""
    return policy.to_release(actor).select_related("owner").order_by("id")


def to_go_on_with(now: datetime) -> QuerySet[Job]:
    """Return the work of anybody that has not ended; for no one's eyes."""
    return Job.objects.filter(state__in=sorted(ACTIVE), moved_at__lte=now)


@dataclass(frozen=True, slots=True)
class Download:
    """Who has taken the file of an export along, and when."""

    user: User
    agency: Agency
    at: datetime


def exports_with_addresses() -> QuerySet[Job]:
    """Return the exports that write addresses, whoever asked for them; for no one's eyes."""
    return Job.objects.filter(kind__in=[each.name for each in _sheets() if each.shows_address])


def exports_with_words() -> QuerySet[Job]:
    """Return the exports that write what people have said, whoever asked for them; for no one's eyes."""
    return Job.objects.filter(kind__in=[each.name for each in _sheets() if each.shows_words])


def _sheets() -> list[SheetExport]:
    return [each for each in kinds() if isinstance(each, SheetExport)]


def ids_showing(object_kind: str, object_ids: Collection[UUID], jobs: Sequence[Job]) -> set[UUID]:
    """Return which of these exports show one of the objects, by the trail."""
    if not jobs:
        return set()
    reads = AuditEntry.objects.filter(
        time__gte=min(each.created_at for each in jobs) - policy.CLOCKS_APART,
        request_id__in=[str(each.pk) for each in jobs],
        deed=AuditAction.READ,
        object_kind=object_kind,
        object_ids__overlap=list(object_ids),
    )
    return {UUID(each) for each in reads.values_list("request_id", flat=True)}


def downloads_showing(object_kind: str, object_ids: Collection[UUID]) -> list[Download]:
    """Return who has downloaded an export with an address of these objects, the latest first.

    As long as the work is kept: then nobody can download it any more either.
    """
    jobs = list(exports_with_addresses().select_related("owner", "agency"))
    showing = ids_showing(object_kind, object_ids, jobs)
    found = {each.pk: each for each in jobs if each.pk in showing}
    if not found:
        return []
    reads = AuditEntry.objects.filter(
        time__gte=min(each.created_at for each in found.values()) - policy.CLOCKS_APART,
        deed=AuditAction.READ,
        object_kind="job",
        object_ids__overlap=list(found),
    )
    return [
        Download(found[pk].owner, found[pk].agency, time)
        for time, ids in reads.order_by("-time").values_list("time", "object_ids")
        for pk in ids
        if pk in found
    ]

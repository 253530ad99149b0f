"""Giving and ending shares: ledger, guardian row and list index change together or not at all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.models import Permission
from django.db import transaction
from django.db.models import Model, Q

from carenet.access.models import NO_DATE, AccessEntry, Grant, GrantQuerySet
from carenet.access.policy import demand_object
from carenet.access.registry import guarded_kind, shares_of
from carenet.access.rules import SharingBasis
from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency
from carenet.agencies.registry import ClosureBatch
from carenet.audit.actions import log_write
from carenet.core import clock
from carenet.core.models import not_ended

#: The way of entries that come from explicit shares; all others belong to the rooms.
SHARE = "share"


@dataclass(frozen=True, slots=True)
class GrantCause:
    """Why a share exists: a referral, a meeting; its end takes the share with it."""

    kind: str
    id: UUID


@dataclass(frozen=True, slots=True)
class AccessPath:
    """A way in that follows from ownership: which agency, and until when."""

    name: str
    agency_id: UUID
    until: datetime | None = None


@transaction.atomic
def give(
    *,
    actor: Actor,
    agency: Agency,
    subject: Model,
    codename: str,
    cause: GrantCause,
    basis: SharingBasis | str,
    until: datetime | None = None,
    reason: str = "",
) -> Grant:
    """Let an agency's caseworkers in, from now until `until` (None: until the cause ends).

    The caller has asked the policy of the subject's room whether the actor may give this. Raises
    `NeedsItsObject` for a basis whose object no room keeps.
    """
    demand_object(basis)
    kind = _kind_of(subject)
    grant = Grant.objects.create(
        group_id=agency.group_id,
        permission=_permission(kind, codename),
        subject_kind=kind,
        subject_id=subject.pk,
        cause_kind=cause.kind,
        cause_id=cause.id,
        basis=basis,
        reason=reason,
        given_by=actor.user,
        given_by_agency=actor.agency,
        until=until,
    )
    _put_in_force(grant)
    log_write(actor.who, "grant.give", kind, subject.pk, grant=str(grant.pk), basis=str(basis))
    return grant


@transaction.atomic
def revoke(*, actor: Actor, grant: Grant) -> Grant:
    """End one grant now; other grants to the same agency stay."""
    grant.revoked_at = clock.now()
    grant.save(update_fields=["revoked_at"])
    _put_in_force(grant)
    log_write(actor.who, "grant.revoke", grant.subject_kind, grant.subject_id, grant=str(grant.pk))
    return grant


@transaction.atomic
def end_cause(
    *, actor: Actor, cause: GrantCause, until: datetime | None = None, agency: Agency | None = None
) -> None:
    """End what a cause has granted: now, or at `until` at the latest; to one agency, or to all."""
    grants = Grant.objects.live().filter(cause_kind=cause.kind, cause_id=cause.id)
    if agency:
        grants = grants.filter(group=agency.group_id)
    for grant in grants.select_for_update():
        if until is None:
            revoke(actor=actor, grant=grant)
            continue
        grant.until = min(grant.until, until) if grant.until else until
        grant.save(update_fields=["until"])
        _put_in_force(grant)
        log_write(
            actor.who, "grant.limit", grant.subject_kind, grant.subject_id, grant=str(grant.pk)
        )


@transaction.atomic
def limit(*, actor: Actor, grants: GrantQuerySet, until: datetime) -> None:
    """Let these live grants end at `until` at the latest."""
    later = grants.live().filter(not_ended(until))
    for grant in later.select_for_update(of=("self",)).order_by("pk"):
        grant.until = until
        grant.save(update_fields=["until"])
        _put_in_force(grant)
        log_write(
            actor.who, "grant.limit", grant.subject_kind, grant.subject_id, grant=str(grant.pk)
        )


@transaction.atomic
def move_grants(
    *,
    actor: Actor,
    source: Model,
    target: Model,
    codename: str,
    only: Iterable[str] | None = None,
) -> list[Grant]:
    """Let what is granted on one object be granted on another instead; return the new grants.

    Each ends on `source` and begins on `target` with its cause, basis and end: the ledger shows
    both. `only` limits them by id. The caller has asked the policy of the room of the two.
    """
    moved = []
    live = _live_on(source, codename)
    if only is not None:
        live = live.filter(pk__in=list(only))
    for grant in live.select_related("group__agency"):
        revoke(actor=actor, grant=grant)
        moved.append(
            give(
                actor=actor,
                agency=grant.group.agency,
                subject=target,
                codename=codename,
                cause=GrantCause(grant.cause_kind, grant.cause_id),
                basis=grant.basis,
                until=grant.until,
                reason=grant.reason,
            )
        )
    return moved


@transaction.atomic
def end_grants_on(*, actor: Actor, subject: Model, codename: str) -> None:
    """End now what is granted on an object, whatever its cause."""
    for grant in _live_on(subject, codename):
        revoke(actor=actor, grant=grant)


@transaction.atomic
def pass_cause(*, actor: Actor, cause: GrantCause, source: Agency, target: Agency) -> None:
    """Let what a cause has granted to one agency be granted to its successor instead.

    Each ends and begins with its basis and its end: the ledger shows both.
    """
    live = Grant.objects.live().filter(cause_kind=cause.kind, cause_id=cause.id)
    held = live.filter(group=source.group_id).select_for_update(of=("self",)).order_by("pk")
    for grant in held.select_related("permission__content_type"):
        subject = grant.permission.content_type.get_object_for_this_type(pk=grant.subject_id)
        revoke(actor=actor, grant=grant)
        give(
            actor=actor,
            agency=target,
            subject=subject,
            codename=grant.permission.codename,
            cause=cause,
            basis=grant.basis,
            until=grant.until,
            reason=grant.reason,
        )


def end_received(batch: ClosureBatch) -> None:
    """End what an agency that closes was granted: whoever comes after it asks for themselves."""
    for grant in Grant.objects.select_for_update().filter(pk__in=batch.ids).order_by("pk"):
        revoke(actor=batch.by, grant=grant)


@transaction.atomic
def reindex(
    *,
    kind: str,
    object_id: UUID,
    status: str,
    next_due: datetime | None,
    owners: Iterable[AccessPath],
    restricted: bool = False,
) -> None:
    """Bring an object's entries up to date: its owners' ways as given, its shares as in force."""
    ways = [*owners, *_shares_in_force(kind, object_id)]
    entries = AccessEntry.objects.filter(kind=kind, object_id=object_id)
    keep = Q(pk__in=[])
    for way in ways:
        keep |= Q(way=way.name, agency=way.agency_id)
    entries.exclude(keep).delete()
    AccessEntry.objects.bulk_create(
        [
            AccessEntry(
                kind=kind,
                object_id=object_id,
                agency_id=way.agency_id,
                way=way.name,
                status=status,
                next_due=next_due or NO_DATE,
                until=way.until,
                restricted=restricted,
            )
            for way in ways
        ],
        update_conflicts=True,
        unique_fields=["kind", "object_id", "agency", "way"],
        update_fields=["status", "next_due", "until", "restricted"],
    )


def _put_in_force(grant: Grant) -> None:
    """Make the guardian row say what the ledger now says for this group, permission and object."""
    shares = shares_of(grant.subject_kind)
    row: dict[str, Any] = {
        "group_id": grant.group_id,
        "permission_id": grant.permission_id,
        "content_object_id": grant.subject_id,
    }
    ends = list(_same(grant).live().values_list("until", flat=True))
    if not ends:
        shares.objects.filter(**row).delete()
    else:
        latest = None if None in ends else max(end for end in ends if end)
        shares.objects.update_or_create(**row, defaults={"until": latest})
    guarded_kind(grant.subject_kind).reindex(grant.subject_id)


def _same(grant: Grant) -> GrantQuerySet:
    return Grant.objects.filter(
        group=grant.group_id,
        permission=grant.permission_id,
        subject_kind=grant.subject_kind,
        subject_id=grant.subject_id,
    )


def _live_on(subject: Model, codename: str) -> GrantQuerySet:
    """Return the live grants of a permission on an object, locked in the order of their ids."""
    kind = _kind_of(subject)
    live = Grant.objects.live().filter(
        subject_kind=kind, subject_id=subject.pk, permission=_permission(kind, codename)
    )
    return live.select_for_update(of=("self",)).order_by("pk")


def _shares_in_force(kind: str, object_id: UUID) -> list[AccessPath]:
    """Return one way per agency that holds a share, with the latest end of its permissions."""
    shares = guarded_kind(kind).shares
    if shares is None:
        return []
    latest: dict[UUID, datetime | None] = {}
    rows = shares.objects.filter(content_object=object_id)
    for agency_id, until in rows.values_list("group__agency", "until"):
        known = latest.get(agency_id, until)
        latest[agency_id] = None if known is None or until is None else max(known, until)
    return [AccessPath(SHARE, agency_id, until) for agency_id, until in latest.items()]


def _kind_of(subject: Model) -> str:
    return str(subject._meta.model_name)


def _permission(kind: str, codename: str) -> Permission:
    model = guarded_kind(kind).model
    return Permission.objects.get(
        content_type__app_label=model._meta.app_label,
        content_type__model=model._meta.model_name,
        codename=codename,
    )

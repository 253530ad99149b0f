"""Lists from the access index, and the ledger of one object."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from carenet.access.models import NO_DATE, AccessEntry, Grant
from carenet.agencies.actors import Actor
from carenet.core import clock
from carenet.core.models import not_ended

Key = tuple[datetime, UUID]
OLDEST_DUE = datetime(1800, 1, 1, tzinfo=UTC)


def listed(
    actor: Actor,
    kind: str,
    *,
    ways: Iterable[tuple[str, str]],
    named: QuerySet[Any] | None = None,
    due_before: datetime | None = None,
    after: Key | None = None,
    backwards: bool = False,
    limit: int,
) -> list[Key]:
    """Return the keys (next due, id) of up to `limit` objects, soonest first.

    `ways` are the pairs of way and status that the list shows: the best `limit` of each pair are
    read from the index and merged, so the cost does not grow with what the agency holds. `named`
    are the ids of restricted objects that the actor may see by name. With `due_before` only what was
    due by then. With `after` the page starts behind that key, with `backwards` it ends before it; the
    order is the same either way.
    """
    entries = AccessEntry.objects.filter(kind=kind, agency=actor.agency_id)
    entries = entries.filter(not_ended(clock.now()))
    if due_before:
        entries = entries.filter(next_due__lt=due_before)
    if after:
        entries = entries.filter(_beyond(after, backwards=backwards))
    order = ("-next_due", "-object_id") if backwards else ("next_due", "object_id")
    keys = entries.order_by(*order).values_list("next_due", "object_id")
    pairs = list(ways)
    if not pairs:
        return []
    parts = [keys.filter(restricted=False, way=way, status=status)[:limit] for way, status in pairs]
    if named is not None:
        wanted = Q(pk__in=[])
        for way, status in pairs:
            wanted |= Q(way=way, status=status)
        # Distinct before the cut, or an object with two ways would take two places of the page.
        parts.append(keys.filter(wanted, restricted=True, object_id__in=named).distinct()[:limit])
    best = parts[0].union(*parts[1:]).order_by(*order)[:limit] if parts[1:] else parts[0]
    found = list(best)
    return found[::-1] if backwards else found


def key_from(parts: Sequence[str]) -> Key:
    """Return the key that a cursor carries; raises `ValueError` when it carries anything else."""
    if len(parts) != 2:  # noqa: PLR2004 - due and id
        raise ValueError(parts)
    due, object_id = datetime.fromisoformat(parts[0]), UUID(parts[1])
    if due.tzinfo is None or not OLDEST_DUE <= due <= NO_DATE:
        raise ValueError(parts)
    return due, object_id


def key_parts(key: Key) -> Sequence[str]:
    """Return a key as a cursor carries it."""
    due, object_id = key
    return due.isoformat(), str(object_id)


def grants_on(kind: str, object_id: UUID) -> QuerySet[Grant]:
    """Return the ledger of one object, newest first, with whom and by whom."""
    return (
        Grant.objects.filter(subject_kind=kind, subject_id=object_id)
        .select_related("group__agency", "permission", "given_by", "given_by_agency")
        .order_by("-given_at", "-id")
    )


def _beyond(key: Key, *, backwards: bool) -> Q:
    due, object_id = key
    if backwards:
        return Q(next_due__lt=due) | Q(next_due=due, object_id__lt=object_id)
    return Q(next_due__gt=due) | Q(next_due=due, object_id__gt=object_id)

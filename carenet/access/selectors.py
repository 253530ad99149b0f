"""Lists from the access index, and the ledger of one object."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from carenet.access.models import NO_DATE, Grant
from carenet.agencies.actors import Actor
from carenet.core import clock
from carenet.core.compiled_queries import Place

Key = tuple[datetime, UUID]
OLDEST_DUE = datetime(1800, 1, 1, tzinfo=UTC)
#: What an entry must be, whatever it leads to: of this kind and agency, not ended, within the page.
_ENTRY = "entry.kind = %s AND entry.agency_id = %s AND (entry.until IS NULL OR entry.until > %s)"
#: The best entries of each pair of way and status, read from the index and merged.
_LISTED = """
    SELECT next_due, object_id FROM (
        SELECT best.next_due, best.object_id
        FROM unnest(%s::text[], %s::text[]) AS wanted (way, status), LATERAL (
            SELECT entry.next_due, entry.object_id FROM access_accessentry AS entry
            WHERE {entry} AND NOT entry.restricted
              AND entry.way = wanted.way AND entry.status = wanted.status
            ORDER BY {order} LIMIT %s
        ) AS best
        {named}
    ) AS entry
    GROUP BY next_due, object_id ORDER BY {order} LIMIT %s
"""
#: Restricted objects besides, of those that are named.
_NAMED = """
        UNION ALL (
            SELECT DISTINCT entry.next_due, entry.object_id FROM access_accessentry AS entry
            WHERE {entry} AND entry.restricted AND entry.object_id IN ({ids})
              AND (entry.way, entry.status) IN (SELECT * FROM unnest(%s::text[], %s::text[]))
            ORDER BY {order} LIMIT %s
        )
"""
_SOONEST, _LATEST = "entry.next_due, entry.object_id", "entry.next_due DESC, entry.object_id DESC"


def listed(
    actor: Actor,
    kind: str,
    *,
    ways: Iterable[tuple[str, str]],
    named: tuple[str, Sequence[Any]] | None = None,
    due_before: datetime | None = None,
    after: Key | None = None,
    backwards: bool = False,
    limit: int,
) -> list[Key]:
    """Return the keys (next due, id) of up to `limit` objects, soonest first.

    `ways` are the pairs of way and status that the list shows: the best `limit` of each pair are
    read from the index and merged, so the cost does not grow with what the agency holds. `named`
    is a statement, and its parameters, with the ids of restricted objects that the actor may see by
    name. With `due_before` only what was
    due by then. With `after` the page starts behind that key, with `backwards` it ends before it; the
    order is the same either way. The statement is text: Django would take longer to put it together
    than PostgreSQL takes to answer (`docs/performance.md`).
    """
    pairs = list(ways)
    if not pairs:
        return []
    entry = _entry(actor, kind, due_before, after, backwards=backwards)
    order = _LATEST if backwards else _SOONEST
    statement, parameters = _statement(pairs, entry, named, order, limit)
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        found: list[Key] = cursor.fetchall()
    return found[::-1] if backwards else found


def soonest(
    kind: str,
    *,
    ways: Sequence[tuple[str, str]],
    named: tuple[str, Sequence[Any]] | None,
    agency: Place,
    now: Place,
    limit: int,
) -> tuple[str, list[Any]]:
    """Return the statement of the first page of `listed` and its parameters, for a text that is kept."""
    return _statement(ways, (_ENTRY, [kind, agency, now]), named, _SOONEST, limit)


def _statement(
    pairs: Sequence[tuple[str, str]],
    entry: tuple[str, list[Any]],
    named: tuple[str, Sequence[Any]] | None,
    order: str,
    limit: int,
) -> tuple[str, list[Any]]:
    """Return the statement of a page, and its parameters."""
    wanted = [[way for way, _status in pairs], [status for _way, status in pairs]]
    condition, of_entry = entry
    parameters = [*wanted, *of_entry, limit]
    besides = ""
    if named:
        # Distinct before the cut, or an object with two ways would take two places of the page.
        ids, of_ids = named
        besides = _NAMED.format(entry=condition, ids=ids, order=order)
        parameters += [*of_entry, *of_ids, *wanted, limit]
    statement = _LISTED.format(entry=condition, named=besides, order=order)
    return statement, [*parameters, limit]


def _entry(
    actor: Actor, kind: str, due_before: datetime | None, after: Key | None, *, backwards: bool
) -> tuple[str, list[Any]]:
    """Return the condition on an entry, and its parameters."""
    condition, parameters = _ENTRY, [kind, actor.agency_id, clock.now()]
    if due_before:
        condition += " AND entry.next_due < %s"
        parameters.append(due_before)
    if after:
        sign = "<" if backwards else ">"
        condition += f" AND (entry.next_due, entry.object_id) {sign} (%s, %s)"
        parameters += after
    return condition, parameters


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

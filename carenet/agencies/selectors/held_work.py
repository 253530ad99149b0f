"""What a member has in hand, kind by kind: told before they leave, or before it goes to others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet, Value

from carenet.agencies.models import Membership
from carenet.agencies.registry import HeldKind, held_kinds


@dataclass(frozen=True, slots=True)
class Held:
    """One kind, and how much of it somebody has in hand."""

    kind: HeldKind
    count: int


def held_by(membership: Membership) -> list[Held]:
    """Return each kind of which a member has something in hand, in one statement.

    Those that a colleague can take over stand first.
    """
    kinds = {kind.name: kind for kind in held_kinds()}
    first, *others = [_counted(kind, membership) for kind in kinds.values()]
    rows = first.union(*others, all=True) if others else first
    counts = {row["held_kind"]: row["held_count"] for row in rows}
    held = [Held(kind, counts[name]) for name, kind in kinds.items() if counts.get(name)]
    return sorted(held, key=lambda each: each.kind.pass_on is None)


def _counted(kind: HeldKind, membership: Membership) -> QuerySet[Any, dict[str, Any]]:
    found = kind.found(membership).order_by().annotate(held_kind=Value(kind.name))
    counted: QuerySet[Any, dict[str, Any]] = found.values("held_kind").annotate(
        held_count=Count("pk")
    )
    return counted

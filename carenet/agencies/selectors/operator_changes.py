"""What is under review when another corporation runs an agency, and what of it is confirmed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

from carenet.agencies import policy
from carenet.agencies.actors import Actor
from carenet.agencies.models import OperatorChange
from carenet.agencies.registry import ClosureBatch, ClosureKind, Review, closure_kinds

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class UnderReview:
    """One account, system or grant, and whether somebody has said that it stays."""

    kind: str
    label: StrOrPromise
    id: str
    what: str
    confirmed: bool


def reviewed_kinds() -> list[tuple[ClosureKind, Review]]:
    """Return the kinds that are reviewed, in the order in which they end."""
    return [(kind, kind.review) for kind in closure_kinds() if kind.review is not None]


def operator_changes(actor: Actor) -> QuerySet[OperatorChange]:
    """Return the visible changes, newest first."""
    found = policy.operator_changes_visible_to(actor)
    return found.select_related("agency", "operator", "planned_by", "planned_by_agency").order_by(
        "-id"
    )


def rows_under_review(change: OperatorChange, kind: ClosureKind, review: Review) -> QuerySet[Any]:
    """Return what there was of a kind when the change was planned, and still is."""
    found: QuerySet[Any] = kind.found(change.agency)
    return found.filter(**{f"{review.since}__lte": change.planned_at}).order_by("pk")


def unconfirmed(change: OperatorChange, kind: ClosureKind, review: Review) -> QuerySet[Any]:
    """Return what ends on the day as things stand."""
    confirmed = change.reviews.filter(kind=kind.name).values_list("object_id", flat=True)
    return rows_under_review(change, kind, review).exclude(pk__in=list(confirmed))


def under_review(change: OperatorChange) -> list[UnderReview]:
    """Return every account, system and grant under review: a fixed number of queries."""
    confirmed = set(change.reviews.values_list("kind", "object_id"))
    found = []
    for kind, review in reviewed_kinds():
        rows = list(rows_under_review(change, kind, review))
        words = review.describe(ClosureBatch(None, change.agency, rows))
        found += [
            UnderReview(
                kind.name,
                kind.label,
                str(row.pk),
                words[row.pk],
                (kind.name, str(row.pk)) in confirmed,
            )
            for row in rows
        ]
    return found

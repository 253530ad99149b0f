"""What of a ward office could go to its sections, and the batches in which it goes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import CharField, Count, Prefetch, QuerySet, Value

from carenet.agencies import policy
from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency, Membership, SectionMove, SectionMoveLine
from carenet.agencies.registry import ClosureKind, closure_kinds, kept_with_office, left_behind
from carenet.agencies.roles import CASEWORK_ROLES

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


def movable_kinds() -> list[ClosureKind]:
    """Return the kinds of things that can go to a section."""
    return [kind for kind in closure_kinds() if kind.to_section and kind.settle]


def movable(office: Agency, kind: ClosureKind) -> QuerySet[Any]:
    """Return what of a kind may go from the office to a section."""
    if kind.to_section is None:
        raise LookupError(kind.name)
    rows = kind.to_section.found(office)
    for condition in kept_with_office(kind.name):
        rows = rows.exclude(condition)
    return rows


def sections_of(office: Agency) -> QuerySet[Agency]:
    """Return the sections in which somebody does casework, and so can take something over."""
    working = Membership.objects.current().filter(roles__overlap=sorted(CASEWORK_ROLES))
    sections = Agency.objects.filter(parent=office, active=True, pk__in=working.values("agency"))
    return sections.order_by("name_kana", "name", "id")


def section_moves(actor: Actor) -> QuerySet[SectionMove]:
    """Return the visible batches, newest first, with their lines."""
    lines = SectionMoveLine.objects.select_related("section").order_by("id")
    return (
        policy.section_moves_visible_to(actor)
        .select_related("office", "prepared_by", "confirmed_by")
        .prefetch_related(Prefetch("lines", lines))
        .order_by("-id")
    )


def what_stays_behind(actor: Actor, lines: Iterable[SectionMoveLine]) -> dict[UUID, list[str]]:
    """Return by thing what of it stays behind, in words, as far as the actor may know of it."""
    told: dict[UUID, list[str]] = defaultdict(list)
    by_kind: dict[str, list[UUID]] = defaultdict(list)
    for line in lines:
        by_kind[line.kind].append(line.object_id)
    for kind, ids in by_kind.items():
        for tell in left_behind(kind):
            for pk, words in tell(actor, ids).items():
                told[pk].append(words)
    return told


def what_could_move(office: Agency) -> list[tuple[StrOrPromise, int]]:
    """Return each kind with how many the office still has of what could go: one statement."""
    kinds = movable_kinds()
    parts = [
        movable(office, kind)
        .order_by()
        .annotate(closure_kind=Value(kind.name, output_field=CharField()))
        .values("closure_kind")
        .annotate(number=Count("pk"))
        .values_list("closure_kind", "number")
        for kind in kinds
    ]
    first, *others = parts
    counts = dict(first.union(*others, all=True))
    return [(kind.label, counts.get(kind.name, 0)) for kind in kinds]

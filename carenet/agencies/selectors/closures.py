"""What hangs on an agency, kind by kind: one statement, however much it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import CharField, Count, Prefetch, Q, QuerySet, Value

from carenet.agencies import policy
from carenet.agencies.actors import Actor
from carenet.agencies.models import (
    Agency,
    AgencyClosure,
    ClosureSuccessor,
    Membership,
    OperatorChange,
)
from carenet.agencies.registry import ClosureKind, closure_kinds
from carenet.agencies.roles import CASEWORK_ROLES
from carenet.agencies.states import ClosureState, OperatorChangeState
from carenet.core.clock import ZONE

#: A closure, or a change of the operator, stands still after so many batches in a row that broke off, or
#: where it is not carried out so long after it could be.
MOST_FAILURES, LONGEST_CLOSING = 3, timedelta(days=1)


@dataclass(frozen=True, slots=True)
class KindFound:
    """One kind, and how many of it hang on the agency now."""

    kind: ClosureKind
    count: int


def what_hangs_on(agency: Agency) -> list[KindFound]:
    """Return every kind with its number, those with nothing to deal with included."""
    parts = [
        kind.found(agency)
        .order_by()
        .annotate(closure_kind=Value(kind.name, output_field=CharField()))
        .values("closure_kind")
        .annotate(number=Count("pk"))
        .values_list("closure_kind", "number")
        for kind in closure_kinds()
    ]
    first, *others = parts
    counts = dict(first.union(*others, all=True))
    return [KindFound(kind, counts.get(kind.name, 0)) for kind in closure_kinds()]


def closures(actor: Actor) -> QuerySet[AgencyClosure]:
    """Return the visible closures, newest first, with their people and successors."""
    successors = ClosureSuccessor.objects.select_related("agency").order_by("kind")
    return (
        policy.closures_visible_to(actor)
        .select_related(
            "agency", "proposed_by", "proposed_by_agency", "confirmed_by", "confirmed_by_agency"
        )
        .prefetch_related(Prefetch("successors", successors))
        .order_by("-id")
    )


def passed_on(closure: AgencyClosure) -> list[tuple[str, Agency, int]]:
    """Return how many things of each kind have gone to whom so far."""
    rows = closure.entries.values_list("kind", "successor").annotate(number=Count("pk"))
    agencies = Agency.objects.in_bulk({row[1] for row in rows})
    order = [kind.name for kind in closure_kinds()]
    known = sorted((row for row in rows if row[0] in order), key=lambda row: order.index(row[0]))
    return [(kind, agencies[pk], number) for kind, pk, number in known]


def stalled(now: datetime) -> int:
    """Return how many closures and changes of the operator are to be carried out, and stand still."""
    before = now - LONGEST_CLOSING
    failing = Q(failures__gte=MOST_FAILURES)
    closing = AgencyClosure.objects.filter(
        failing | Q(confirmed_at__lte=before), state=ClosureState.CONFIRMED
    )
    changing = OperatorChange.objects.filter(
        failing | Q(on__lte=before.astimezone(ZONE).date()), state=OperatorChangeState.PLANNED
    )
    return closing.count() + changing.count()


def fit_successors(actor: Actor, agency: Agency) -> QuerySet[Agency]:
    """Return the agencies that could take something over: somebody there works with this service."""
    working = Membership.objects.current().filter(roles__overlap=sorted(CASEWORK_ROLES))
    fit = policy.visible_to(actor).filter(pk__in=working.values("agency")).exclude(pk=agency.pk)
    return fit.order_by("name_kana", "name", "id")

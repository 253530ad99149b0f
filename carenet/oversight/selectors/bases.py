"""Which lawful bases are in use: of shares, referrals and watches that are open now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import CharField, Count, DateTimeField, F, Min, Q, QuerySet, Value
from django.db.models.functions import Cast

from carenet.access.models import Grant
from carenet.access.rules import SharingBasis
from carenet.agencies.actors import Actor
from carenet.core import clock
from carenet.oversight import policy
from carenet.referrals.models import Referral
from carenet.referrals.states import OPEN as OPEN_REFERRALS
from carenet.watchover.models import WatchAssignment
from carenet.watchover.states import OPEN as OPEN_WATCHES


@dataclass(slots=True)
class InUse:
    """A basis with how many objects rest on it, and since when the oldest does."""

    basis: SharingBasis
    number: int = 0
    oldest: datetime | None = None


def bases_in_use(actor: Actor) -> list[InUse]:
    """Return each basis with its count and its oldest, in the order of the law: in one statement."""
    first, *others = (
        found.order_by()
        .annotate(named=Cast(basis, CharField()))
        .values("named")
        .annotate(number=Count("pk"), oldest=Min(since))
        .values_list("named", "number", "oldest")
        for found, _kind, _pk, basis, since, _until in _tables(actor)
    )
    found = {each.value: InUse(each) for each in SharingBasis}
    for named, number, oldest in first.union(*others, all=True):
        one = found[named]
        one.number += number
        one.oldest = min(one.oldest or oldest, oldest)
    return [each for each in found.values() if each.number]


def objects_on(actor: Actor, basis: SharingBasis) -> QuerySet[Any, Any]:
    """Return what rests on a basis now, the oldest first: kind, id, since when, until when at most."""
    first, *others = (
        found.filter(**{named: basis.value})
        .order_by()
        .annotate(
            kind_of=Cast(kind, CharField()), id_of=F(pk), began=F(since),
            ends=Cast(until, DateTimeField()),
        )
        .values_list("kind_of", "id_of", "began", "ends")
        for found, kind, pk, named, since, until in _tables(actor)
    )  # fmt: skip
    found: QuerySet[Any, Any] = first.union(*others, all=True).order_by("began", "id_of")
    return found


def _tables(actor: Actor) -> Iterator[tuple[QuerySet[Any], Any, str, str, str, str]]:
    """Yield what may rest on a basis: rows, kind, and the columns of id, basis, beginning and end.

    The ward office's auditor reads all of it, another one what their agency gives or was given.
    """
    own = actor.agency_id
    grants = Grant.objects.live(clock.now())
    referrals = Referral.objects.filter(status__in=sorted(OPEN_REFERRALS), sent_at__isnull=False)
    watches = WatchAssignment.objects.filter(status__in=sorted(OPEN_WATCHES))
    if not actor.may("audit.view"):
        grants, referrals, watches = grants.none(), referrals.none(), watches.none()
    elif not policy.reads_whole_trail(actor):
        grants = grants.filter(Q(group__agency=own) | Q(given_by_agency=own))
        referrals = referrals.filter(Q(sender=own) | Q(receiver=own))
        watches = watches.filter(Q(responsible_agency=own) | Q(watcher_agency=own))
    yield grants, F("subject_kind"), "subject_id", "basis", "given_at", "until"
    kind = Value("referral", CharField())
    yield referrals, kind, "pk", "sharing_basis", "sent_at", "basis_until"
    kind = Value("watchassignment", CharField())
    yield watches, kind, "pk", "sharing_basis", "created_at", "basis_until"

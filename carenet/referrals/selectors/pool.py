"""What waits in open pools: codes and dates, until an agency claims it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from carenet.access.selectors import Key, listed
from carenet.agencies.actors import Actor
from carenet.core import clock
from carenet.referrals import policy
from carenet.referrals.models import AgeBand, age_band
from carenet.referrals.selectors import POOL
from carenet.referrals.states import ReferralStatus


@dataclass(frozen=True, slots=True)
class PoolEntry:
    """All that an agency of an open pool is told: codes and dates, nobody's words, nobody's name."""

    id: UUID
    kind: str
    need: str
    urgency: str
    area: str
    age_band: AgeBand
    sent_at: datetime | None
    due_at: datetime | None


def pool_page(
    actor: Actor, *, after: Key | None, backwards: bool, limit: int
) -> tuple[list[PoolEntry | None], list[Key]]:
    """Return one page of what waits for the claim of the actor's agency, soonest due first."""
    keys = listed(
        actor,
        "referral",
        ways=[(POOL, ReferralStatus.SENT.value)] if actor.does_casework else [],
        after=after,
        backwards=backwards,
        limit=limit,
    )
    found = {each.id: each for each in _pool_entries(actor, [pk for _due, pk in keys])}
    return [found.get(pk) for _due, pk in keys], keys


def pool_entry(actor: Actor, referral_id: UUID) -> PoolEntry | None:
    """Return what may be told of one referral that waits for the claim, None out of reach."""
    return next(_pool_entries(actor, [referral_id]), None)


def _pool_entries(actor: Actor, ids: Iterable[UUID]) -> Iterator[PoolEntry]:
    """Read the columns that may be told, and no others: nothing else can leak."""
    today = clock.today()
    rows = (
        policy.pool_visible_to(actor)
        .filter(pk__in=list(ids))
        .values_list(
            "pk",
            "kind",
            "need",
            "urgency",
            "sender__municipality_code",
            "sent_at",
            "due_at",
            "resident__birth_date",
            "resident__birth_year",
        )
    )
    for pk, kind, need, urgency, area, sent_at, due_at, born_on, born_in in rows:
        band = age_band(today, born_on, born_in)
        yield PoolEntry(pk, kind, need, urgency, area, band, sent_at, due_at)

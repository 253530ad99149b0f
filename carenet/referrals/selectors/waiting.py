"""What waits for the actor's side: which referrals, and what a line tells of each."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import QuerySet

from carenet.access.actor_queries import ActorQuery, Rows
from carenet.access.selectors import listed
from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency
from carenet.core.compiled_queries import CompiledQuery
from carenet.referrals import policy
from carenet.referrals.models import Referral
from carenet.referrals.selectors import (
    NAMED,
    SOME_IDS,
    WAY_SIDES,
    index_entries,
    name_agencies,
    overdue,
)
from carenet.referrals.states import ReferralStatus
from carenet.residents.models import NAMING

#: Whoever may take one of the steps that bring a referral on.
STEPS = ("referrals.send", "referrals.receive", "referrals.answer", "referrals.settle_up")


def ways_to_act(actor: Actor) -> list[tuple[str, str]]:
    """Return the entries of the index that say "the actor's side has to act".

    None for whoever may take none of its steps: it waits for their colleagues, not for them.
    """
    return _ways_of_side(actor) if any(actor.may(each) for each in STEPS) else []


def _ways_of_side(actor: Actor) -> list[tuple[str, str]]:
    return [
        entry
        for way in WAY_SIDES
        for entry in index_entries(actor, way, ReferralStatus, mine_only=True)
    ]


def waiting_ids(actor: Actor, *, limit: int) -> list[UUID]:
    """Return the ids of the referrals where it is the actor's side that has to act, soonest due first.

    Which of them are visible, `in_short` says.
    """
    return _listed(actor, ways_to_act(actor), limit)


def waiting_with_agency(actor: Actor, *, limit: int) -> list[UUID]:
    """Return the same for whoever looks over the work of the agency, whether or not they take steps."""
    return _listed(actor, _ways_of_side(actor), limit)


def _listed(actor: Actor, ways: list[tuple[str, str]], limit: int) -> list[UUID]:
    named = NAMED.sql(actor) if actor.user_id else None
    keys = listed(
        actor,
        "referral",
        ways=ways,
        named=named,
        after=None,
        backwards=False,
        limit=limit,
    )
    return [object_id for _due, object_id in keys]


def in_short(actor: Actor, *, ids: list[UUID]) -> Rows[Referral]:
    """Return the visible referrals among these: what a line of a list shows, and no more.

    Whoever shows their agencies calls `name_in_short`, once for all.
    """
    return _IN_SHORT(actor, ids=ids)


def name_in_short(rows: Collection[Referral]) -> None:
    """Give the rows their agencies with the calendars of these."""
    name_agencies(rows, known=_BARE_AGENCIES)


def _in_short(actor: Actor, *, ids: list[UUID]) -> QuerySet[Referral]:
    rows = policy.visible_to(actor).filter(pk__any_of=ids).annotate(overdue=overdue())
    own = (each.name for each in Referral._meta.concrete_fields)
    return rows.select_related("resident").only(*own, *(f"resident__{name}" for name in NAMING))


#: The ids of the visible referrals, for a statement that asks which of some are.
SEEN: ActorQuery[tuple[UUID]] = ActorQuery(
    lambda actor: policy.visible_to(actor).order_by().values_list("pk")
)
_IN_SHORT = ActorQuery(_in_short, ids=SOME_IDS)
_BARE_AGENCIES = CompiledQuery(lambda ids: Agency.objects.filter(pk__any_of=ids), ids=SOME_IDS)

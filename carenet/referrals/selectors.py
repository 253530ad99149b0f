"""Reads of referrals: always from the visible set, in a fixed number of queries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import BooleanField as Boolean
from django.db.models import ExpressionWrapper, Prefetch, Q
from django.db.models.functions import Coalesce, Now

from carenet.access.selectors import Key, listed
from carenet.cases import policy as cases
from carenet.referrals import policy
from carenet.referrals.models import Referral, ReferralEvent
from carenet.referrals.states import TURN, ReferralStatus, Side

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from django.db.models import QuerySet

    from carenet.agencies.actors import Actor

#: The ways in, as the access index names them, and in which part each puts the agency.
SENDER, RECEIVER, COORDINATOR = "sender", "receiver", "coordinator"
WAY_SIDES = {SENDER: Side.S, RECEIVER: Side.R, COORDINATOR: Side.C}
#: Not sent, so nobody's business but the sender's.
UNSENT = (ReferralStatus.DRAFT, ReferralStatus.DISCARDED)
#: Which ways each box shows.
BOXES = {"inbox": (RECEIVER,), "outbox": (SENDER,), "ward": (COORDINATOR,)}


def referrals(actor: Actor) -> QuerySet[Referral]:
    """Return the visible referrals with what their representation shows, `overdue` included.

    Overdue is computed here, in SQL, and nowhere else: due, and still somebody's turn.
    """
    overdue = Coalesce(ExpressionWrapper(Q(due_at__lt=Now()), output_field=Boolean()), False)
    parts = Referral.objects.exclude(status__in=UNSENT).select_related("receiver").order_by("pk")
    return (
        policy.visible_to(actor)
        .select_related(
            "case", "resident", "sender", "receiver", "sender_person", "person_in_charge",
            "part_of", "replaces", "replaced_by", "consent__withdrawal",
        )
        .prefetch_related(Prefetch("parts", parts, to_attr="sent_parts"))
        .annotate(overdue=overdue)
    )  # fmt: skip


def referral_page(
    actor: Actor,
    *,
    boxes: Iterable[str],
    statuses: Iterable[ReferralStatus],
    mine_only: bool,
    after: Key | None,
    backwards: bool,
    limit: int,
) -> tuple[list[Referral | None], list[Key]]:
    """Return one page of the actor's boxes in these statuses, soonest due first, with their keys.

    With `mine_only` only those where it is the actor's side that has to do something next. None
    stands for a referral that was hidden between index and look-up.
    """
    ways = [
        (way, status.value)
        for box in boxes
        for way in BOXES[box]
        if _holds(actor, way)
        for status in statuses
        if not mine_only or TURN.get(status) == WAY_SIDES[way]
    ]
    keys = listed(
        actor,
        "referral",
        ways=ways,
        named=_named(actor) if actor.user_id else None,
        after=after,
        backwards=backwards,
        limit=limit,
    )
    found = referrals(actor).in_bulk([object_id for _due, object_id in keys])
    return [found.get(object_id) for _due, object_id in keys], keys


def events(actor: Actor, referral: Referral) -> QuerySet[ReferralEvent]:
    """Return the story of a visible referral.

    Its sender and the coordinator read with it the story of what it replaces: that was theirs, too.
    A receiver reads what happened to its own.
    """
    story = [referral.pk] if policy.can_view(actor, referral) else []
    if policy.sides(actor, referral) & {Side.S, Side.C}:
        story += _replaced(referral)
    return ReferralEvent.objects.filter(referral__in=story).select_related(
        "by_agency", "by_user", "on_behalf_of"
    )


def _replaced(referral: Referral) -> list[UUID]:
    """Return what a referral has replaced, and what that had replaced before it."""
    found: list[UUID] = []
    before = referral.replaces_id
    while before:
        found.append(before)
        before = Referral.objects.values_list("replaces", flat=True).get(pk=before)
    return found


def _holds(actor: Actor, way: str) -> bool:
    return actor.coordinates if way == COORDINATOR else actor.does_casework


def _named(actor: Actor) -> QuerySet[Referral, UUID]:
    named = cases.named_cases(actor).values("case")
    return policy.visible_to(actor).filter(case__in=named).values_list("pk", flat=True)

"""A person leaves, or hands a case over: their part in referrals goes to somebody else, or to nobody."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from carenet.agencies.actions.locks import who_of
from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency, Membership, User
from carenet.audit.actions import log_write
from carenet.cases.actions.locks import name_members
from carenet.cases.actions.member_left import successor_of
from carenet.cases.models import Case
from carenet.referrals.models import Referral
from carenet.referrals.states import OPEN, ReferralStatus

PART = {"sender_person": "sender", "person_in_charge": "receiver", "addressee": "receiver"}
_UNDER_WAY = [ReferralStatus.DRAFT, *sorted(OPEN)]


@transaction.atomic
def release_referrals(*, actor: Actor | None, membership: Membership) -> None:
    """Take open referrals out of a leaver's hands: registered with `agencies`.

    They fall to the desk of the agency. Of a restricted case, whose referrals named persons alone
    see, a manager becomes the addressee and is named. Cases are not locked here: whoever holds one
    may be waiting for its referral, never the other way round.
    """
    user, agency = membership.user, membership.agency
    found = referrals_held(membership).order_by("pk")
    for referral in found.select_for_update(of=("self",)).select_related("case"):
        for field, side in PART.items():
            if getattr(referral, field) == user and getattr(referral, side) == agency:
                setattr(referral, field, None)
        if referral.case.restricted and referral.receiver == agency:
            _pass_to_successor(actor, referral, agency)
        _release(referral)
        log_write(
            who_of(actor), "referral.lose_person", "referral", referral.pk, person=str(user.pk)
        )


def referrals_held(membership: Membership) -> QuerySet[Referral]:
    """Return the referrals under way in which a member has a part for the agency."""
    held = Q(pk__in=[])
    for field, side in PART.items():
        held |= Q(**{field: membership.user_id, side: membership.agency_id})
    return Referral.objects.filter(held, status__in=_UNDER_WAY)


def hand_over_referrals(
    *, actor: Actor, case: Case, from_person: UUID | None, to_person: User
) -> None:
    """Let the successor be the sender's person of a case's open referrals: registered with `cases`."""
    found = Referral.objects.filter(
        case=case,
        sender=case.lead_agency_id,
        sender_person=from_person,
        status__in=_UNDER_WAY,
    ).order_by("pk")
    for referral in found.select_for_update(of=("self",)):
        referral.sender_person = to_person
        _release(referral)
        log_write(
            actor.who, "referral.hand_over", "referral", referral.pk, person=str(to_person.pk)
        )


def _pass_to_successor(actor: Actor | None, referral: Referral, agency: Agency) -> None:
    successor = successor_of(agency, actor)
    if successor and referral.status != ReferralStatus.DRAFT:
        referral.addressee = successor
        name_members(referral.case, actor.user if actor else None, successor)


def _release(referral: Referral) -> None:
    referral.save_version(*PART)

"""What a member has in hand goes to colleagues, before they leave or because they have too much."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from carenet.agencies import policy
from carenet.agencies.actions.locks import lock_agency, lock_membership
from carenet.agencies.actors import Actor
from carenet.agencies.models import Membership, User
from carenet.agencies.registry import HandsOn, HeldKind, held_kinds
from carenet.agencies.selectors import actor_of
from carenet.audit.actions import log_write
from carenet.core.decisions import demand
from carenet.core.errors import Invalid


@transaction.atomic
def hand_on_work(
    *, actor: Actor, membership: Membership, successors: Mapping[str, User], reason: str
) -> None:
    """Hand on what a member has in hand: of each kind that is named to the colleague beside it.

    What the actor or the successor does not see stays where it is. Raises `Invalid` without a reason,
    for a kind that nobody can take over, and for a colleague who may not.
    """
    demand(policy.can_manage_members(actor, membership.agency))
    if not reason.strip():
        raise Invalid({"reason": _("Say why: it stands in the story of each case.")})
    agency = lock_agency(membership.agency)
    for person in sorted(set(successors.values()), key=lambda each: each.pk):
        lock_membership(person, agency)
    kinds = {kind.name: kind for kind in held_kinds()}
    chosen = {name: kinds.get(name) for name in successors}
    takers = {
        name: _taker(name, kind, membership, successors[name]) for name, kind in chosen.items()
    }
    log_write(
        actor.who, "agency.hand_on_work", "agency", agency.pk,
        member=str(membership.user_id), kinds=sorted(takers),
    )  # fmt: skip
    for name, kind in kinds.items():
        if name in takers and kind.pass_on:
            kind.pass_on(HandsOn(actor, membership, takers[name], reason))


def _taker(name: str, kind: HeldKind | None, membership: Membership, person: User) -> Actor:
    """Return a colleague as they act for the agency; raises `Invalid` for who may not take it over."""
    theirs = actor_of(person, membership.agency)
    fits = kind and kind.pass_on and theirs and theirs.roles & kind.roles
    if not (fits and theirs) or person.pk == membership.user_id:
        raise Invalid({f"to/{name}": _("Choose a colleague who does this work.")})
    return theirs

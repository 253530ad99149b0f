"""Who sees where somebody is signed in, ends that, or hands out what opens an account."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from carenet.accounts.models import BrowserSession
from carenet.agencies.actors import Actor, Administrator, DirectoryKeeper
from carenet.agencies.models import Membership, User
from carenet.agencies.policy import can_end_membership, of_own_agency
from carenet.core import clock
from carenet.core.decisions import ALLOWED, Decision, Denied


def can_hand_out_code(
    actor: DirectoryKeeper, user: User, membership: Membership | None
) -> Decision:
    """Whether the actor may hand this person a code for a password or an authenticator.

    Whoever does could take the account over: a manager only of somebody who acts for no other
    agency, and not for themselves; of no auditor. An administrator only for an account that nobody
    has used yet.
    """
    if actor is None:
        return ALLOWED
    if isinstance(actor, Administrator):
        return _unused(user)
    if membership is None or membership.user_id != user.pk or user.pk == actor.user_id:
        return Denied(_("Ask another manager, or the operator of the service."))
    elsewhere = Membership.objects.current().filter(user=user).exclude(agency=actor.agency_id)
    if elsewhere.exists():
        return Denied(
            _("This person works for another agency too: the operator hands out the code."),
            code="acts_elsewhere",
        )
    return can_end_membership(actor, membership)


def _unused(user: User) -> Decision:
    """Whether nobody has signed in with this account, or been a member with it."""
    if user.last_login is None and not Membership.objects.filter(user=user).exists():
        return ALLOWED
    return Denied(
        _("This account is in use: a manager of the person's agency hands out the code."),
        code="account_in_use",
    )


def sessions_visible_to(actor: Actor) -> QuerySet[BrowserSession]:
    """Return where the actor is signed in, and as a manager where members act for the agency.

    A session that acts for nobody yet is shown to the manager of whoever acts for no other agency.
    """
    condition = Q(user=actor.user_id) if actor.user else Q(pk__in=[])
    if actor.may("agencies.manage_members"):
        current = Membership.objects.current()
        elsewhere = current.exclude(agency=actor.agency_id).values("user")
        ours = Q(agency=actor.agency_id) | (Q(agency=None) & ~Q(user__in=elsewhere))
        members = current.filter(agency=actor.agency_id)
        condition |= Q(user__in=members.values("user")) & ours
    return BrowserSession.objects.filter(condition, expire_date__gt=clock.now())


def can_end_sessions(actor: Actor, membership: Membership) -> Decision:
    """Whether the actor may sign this member out: oneself, and as a manager every member."""
    own = actor.user_id is not None and membership.user_id == actor.user_id
    ability = "agencies.view" if own else "agencies.manage_members"
    return of_own_agency(actor, membership.agency, ability)

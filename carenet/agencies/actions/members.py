"""Memberships, and the group that receives an agency's case grants.

The group follows the memberships: a current membership in one of `CASEWORK_ROLES` puts a person
into it, anything else takes them out.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from carenet.agencies import policy
from carenet.agencies.actions.locks import lock_agency, who_of
from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency, Membership, User
from carenet.agencies.models.agency import MembershipQuerySet
from carenet.agencies.registry import member_left, member_unavailable, readers_gained
from carenet.agencies.roles import CASEWORK_ROLES, HUMAN_ROLES, LOOKING_IN_ROLES, Role
from carenet.audit.actions import log_write
from carenet.core import clock
from carenet.core.decisions import demand
from carenet.core.errors import Conflict, Forbidden, Invalid
from carenet.core.models import check_version

#: Who has none of one of these any more hands on what they had by it.
_HANDS_FULL = (CASEWORK_ROLES, LOOKING_IN_ROLES)


@transaction.atomic
def add_member(
    *, actor: Actor | None, agency: Agency, user: User, roles: Iterable[Role | str]
) -> Membership:
    """Give the person of a new account their place: the operator alone, who has just made it.

    Everybody else is invited (`carenet.agencies.actions.invitations`), an auditor always. Raises
    `Conflict` for whoever is a member already.
    """
    demand(policy.can_keep_directory(actor))
    held = lock_agency(agency)
    given = known_roles(roles)
    if Role.AUDITOR in given:
        raise Forbidden(
            _("The operator of the service proposes an auditor, and a manager agrees."),
            code="auditor_by_operator",
        )
    return give_place(actor, held, user, given, "agency.add_member")


def give_place(
    actor: Actor | None, agency: Agency, user: User, roles: list[Role], action: str
) -> Membership:
    """Make a person a member; one who was there before takes up the old place.

    The caller has locked the agency. Raises `Conflict` for whoever is a member already.
    """
    membership = Membership.objects.filter(agency=agency, user=user).first()
    if membership is None:
        membership = Membership(agency=agency, user=user, version=0)
    elif not _has_ended(membership):
        raise Conflict(
            _("This person is a member already. Change their roles instead."),
            code="already_member",
        )
    membership.since, membership.until = clock.now(), None
    _save(actor, membership, action, roles)
    readers_gained(agency=membership.agency)
    return membership


@transaction.atomic
def change_roles(
    *,
    actor: Actor | None,
    membership: Membership,
    roles: Iterable[Role | str],
    version: int | None = None,
) -> Membership:
    """Change what a member does in the agency.

    Raises `Conflict` when the agency would be left without a manager, `Forbidden` where somebody would
    become an auditor or be none any more, `PreconditionFailed` when `version` is stale.
    """
    demand(policy.can_manage_members(actor, membership.agency))
    held = _lock_current(membership, version)
    given = known_roles(roles)
    demand(policy.can_change_roles(actor, held, given))
    if Role.MANAGER not in given:
        _demand_another_manager(actor, held)
    if Role.AUDITOR not in given:
        _demand_agreed(held, None)
    fewer, more = held.role_set - set(given), set(given) - held.role_set
    leaves = any(held.role_set & roles and not roles & set(given) for roles in _HANDS_FULL)
    _save(actor, held, "agency.change_roles", given)
    if leaves:
        member_left(actor=actor, membership=held)
    elif fewer:
        member_unavailable(actor=actor, membership=held)
    if more:
        readers_gained(agency=held.agency)
    return held


@transaction.atomic
def end_membership(
    *,
    actor: Actor | None,
    membership: Membership,
    version: int | None = None,
    agreed_by: User | None = None,
) -> Membership:
    """End a membership now; the account and what the person wrote stay, what they had in hand goes on.

    An auditor's is ended by the operator with a manager of the agency, `agreed_by`. Raises `Conflict`
    when the agency would be left without a manager, `Forbidden` for an auditor's to one alone,
    `PreconditionFailed` when `version` is stale.
    """
    demand(policy.can_manage_members(actor, membership.agency))
    held = _lock_current(membership, version)
    demand(policy.can_end_membership(actor, held))
    _demand_another_manager(actor, held)
    _demand_agreed(held, agreed_by)
    _end(actor, held, agreed_by)
    return held


def _demand_agreed(membership: Membership, agreed_by: User | None) -> None:
    """Demand that a manager stands behind the end of an auditor, where the agency has one."""
    if Role.AUDITOR not in membership.role_set:
        return
    managers = _managers_besides(membership)
    if managers.exists() and not (agreed_by and managers.filter(user=agreed_by).exists()):
        raise Forbidden(
            _("An auditor's place ends by two people: name the manager of the agency who agrees."),
            code="auditor_by_operator",
        )


def end_place(actor: Actor | None, membership: Membership) -> None:
    """End a membership, the last manager's too: of an agency that closes, of an account that is shut."""
    _end(actor, _lock_current(membership, None))


def _end(actor: Actor | None, membership: Membership, agreed_by: User | None = None) -> None:
    membership.until = max(clock.now(), membership.since)
    detail = {"agreed_by": str(agreed_by.pk)} if agreed_by else {}
    _save(actor, membership, "agency.end_membership", membership.roles, **detail)
    member_left(actor=actor, membership=membership)


def _lock_current(membership: Membership, version: int | None) -> Membership:
    """Lock agency and membership, in this order; raises `Conflict` when it has ended."""
    lock_agency(membership.agency)
    held = (
        Membership.objects.select_for_update(of=("self",), no_key=True)
        .select_related("user", "agency")
        .get(pk=membership.pk)
    )
    check_version(held, version)
    if _has_ended(held):
        raise Conflict(_("This membership has ended."), code="membership_ended")
    return held


def _save(
    actor: Actor | None,
    membership: Membership,
    action: str,
    roles: Iterable[Role | str],
    **detail: str,
) -> None:
    membership.roles = [str(role) for role in roles]
    membership.save_version()
    in_casework = not _has_ended(membership) and membership.role_set & CASEWORK_ROLES
    groups = membership.user.groups
    (groups.add if in_casework else groups.remove)(membership.agency.group_id)
    log_write(
        who_of(actor),
        action,
        "agency",
        membership.agency_id,
        member=str(membership.user_id),
        roles=membership.roles,
        **detail,
    )


def _has_ended(membership: Membership) -> bool:
    return membership.until is not None and membership.until <= clock.now()


def known_roles(roles: Iterable[Role | str]) -> list[Role]:
    """Return the roles in the table's order; raises `Invalid` for none, or one nobody can hold."""
    wanted = {str(role) for role in roles}
    given = [role for role in Role if role in wanted & HUMAN_ROLES]
    if not given or len(given) < len(wanted):
        told = _("Choose at least one of: %(roles)s.")
        known = ", ".join(role.value for role in Role if role in HUMAN_ROLES)
        raise Invalid({"roles": told % {"roles": known}})
    if Role.AUDITOR in given and len(given) > 1:
        raise Invalid({"roles": _("An auditor has no other role in the same agency.")})
    return given


def _demand_another_manager(actor: Actor | None, membership: Membership) -> None:
    """Refuse to leave an agency without a manager: nobody in it could appoint one again.

    The operator may, on the way to appointing another. The caller holds the agency, so that two
    managers cannot dismiss each other at the same time.
    """
    if actor is None or Role.MANAGER not in membership.role_set:
        return
    if not _managers_besides(membership).exists():
        raise Conflict(
            _("An agency needs a manager. Make somebody else a manager first."),
            code="last_manager",
        )


def _managers_besides(membership: Membership) -> MembershipQuerySet:
    managers = Membership.objects.current().filter(
        agency=membership.agency_id, roles__contains=[Role.MANAGER]
    )
    return managers.exclude(pk=membership.pk)

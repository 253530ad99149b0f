"""Who sees the directory, and who manages an agency: its own managers, and nobody else's.

Where an action takes `actor=None`, the operator of the service stands at the command line; where it
takes a `DirectoryKeeper`, an administrator may as well, on the screens.
"""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from carenet.agencies.actors import Actor, DirectoryKeeper
from carenet.agencies.models import Absence, Agency, ChasingRule, Invitation, Membership
from carenet.agencies.policy.closures import (
    can_confirm_closure,
    can_plan_operator_change,
    can_prepare_closure,
    can_review_operator_change,
    closures_visible_to,
    operator_changes_visible_to,
)
from carenet.agencies.policy.section_moves import (
    can_move_to_sections,
    section_moves_visible_to,
)
from carenet.agencies.roles import Role
from carenet.core import clock
from carenet.core.decisions import ALLOWED, Decision, Denied

__all__ = [
    "absences_visible_to",
    "can_agree_to_auditor",
    "can_change_roles",
    "can_confirm_closure",
    "can_end_membership",
    "can_give_roles",
    "can_keep_directory",
    "can_manage_calendar",
    "can_manage_chasing",
    "can_manage_members",
    "can_manage_settings",
    "can_move_to_sections",
    "can_plan_operator_change",
    "can_prepare_closure",
    "can_publish_capacity",
    "can_record_absence",
    "can_review_operator_change",
    "can_view",
    "can_view_absence",
    "can_view_member",
    "can_view_members",
    "can_view_settings",
    "chasing_rules_visible_to",
    "closures_visible_to",
    "invitations_visible_to",
    "members_visible_to",
    "of_own_agency",
    "operator_changes_visible_to",
    "own_memberships",
    "section_moves_visible_to",
    "visible_to",
]


def visible_to(actor: Actor) -> QuerySet[Agency]:
    """Return the directory: all active agencies, for everybody who has signed in."""
    if not actor.may("agencies.view"):
        return Agency.objects.none()
    return Agency.objects.filter(active=True)


def can_view(actor: Actor, agency: Agency) -> Decision:
    """Whether the actor finds this agency in the directory; the object rule of `visible_to`."""
    allowed = actor.may("agencies.view")
    if allowed and not agency.active:
        return Denied(_("This agency no longer takes part."), code="agency_inactive")
    return allowed


def members_visible_to(actor: Actor) -> QuerySet[Membership]:
    """Return the memberships of the actor's own agency that have not ended."""
    if not actor.may("agencies.view_members"):
        return Membership.objects.none()
    return Membership.objects.lasting().filter(agency=actor.agency_id)


def can_view_members(actor: Actor, agency: Agency) -> Decision:
    """Whether the actor may see who works in this agency."""
    return of_own_agency(actor, agency, "agencies.view_members")


def can_view_member(actor: Actor, membership: Membership) -> Decision:
    """Whether the actor may see this membership; the object rule of `members_visible_to`."""
    allowed = of_own_agency(actor, membership.agency, "agencies.view_members")
    if allowed and membership.until is not None and membership.until <= clock.now():
        return Denied(_("This membership has ended."), code="membership_ended")
    return allowed


def can_manage_members(actor: Actor | None, agency: Agency) -> Decision:
    """Whether the actor may add members, change their roles and end memberships."""
    return of_own_agency(actor, agency, "agencies.manage_members")


def can_end_membership(actor: Actor | None, membership: Membership) -> Decision:
    """Whether the actor may end this membership: an auditor's the operator alone, with a manager."""
    allowed = can_manage_members(actor, membership.agency)
    return _no_auditors(actor, membership) if allowed else allowed


def _no_auditors(actor: Actor | None, membership: Membership) -> Decision:
    """Refuse to a manager what would put out, or put in the place of, who looks at their doings."""
    if actor is None or Role.AUDITOR not in membership.role_set:
        return ALLOWED
    return Denied(
        _("An auditor's place and account are for the operator and a manager together."),
        _("Ask the operator of the service: both of you decide."),
        code="auditor_by_operator",
    )


def can_change_roles(
    actor: Actor | None, membership: Membership, roles: Collection[Role]
) -> Decision:
    """Whether the actor may give a member these roles: not to themselves, and nobody the auditor's.

    An auditor is made by two people (`invite`, `agree_to_auditor`): never by a change of roles.
    """
    if Role.AUDITOR in roles and Role.AUDITOR not in membership.role_set:
        return Denied(
            _("The operator of the service proposes an auditor, and a manager agrees."),
            code="auditor_by_operator",
        )
    if actor is None:
        return ALLOWED
    if membership.user_id == actor.user_id:
        return Denied(
            _(
                "Nobody changes their own roles. Ask another manager, or the operator of the service."
            ),
            code="own_roles",
        )
    given = can_give_roles(actor, membership.agency, roles)
    return _no_auditors(actor, membership) if given else given


def can_give_roles(actor: DirectoryKeeper, agency: Agency, roles: Collection[Role]) -> Decision:
    """Whether the actor may give somebody these roles in this agency."""
    if not isinstance(actor, Actor):
        return can_keep_directory(actor)
    if Role.AUDITOR in roles:
        return Denied(
            _("The operator of the service proposes an auditor, and a manager agrees."),
            code="auditor_by_operator",
        )
    return can_manage_members(actor, agency)


def invitations_visible_to(actor: Actor) -> QuerySet[Invitation]:
    """Return the invitations of the actor's own agency, for its managers."""
    if not actor.may("agencies.manage_members"):
        return Invitation.objects.none()
    return Invitation.objects.filter(agency=actor.agency_id)


def can_agree_to_auditor(actor: Actor, invitation: Invitation) -> Decision:
    """Whether the actor may be the second person behind an auditor; nobody agrees to themselves."""
    if actor.user and actor.user.username == invitation.username:
        return Denied(_("Nobody changes their own roles. Ask another manager."), code="own_roles")
    return can_manage_members(actor, invitation.agency)


def can_manage_calendar(actor: Actor | None, agency: Agency) -> Decision:
    """Whether the actor may change when this agency works."""
    return of_own_agency(actor, agency, "agencies.manage_calendar")


def can_publish_capacity(actor: Actor | None, agency: Agency) -> Decision:
    """Whether the actor may say for the agency whether it takes on more."""
    return of_own_agency(actor, agency, "agencies.publish_capacity")


def absences_visible_to(actor: Actor) -> QuerySet[Absence]:
    """Return when the present members of the actor's own agency are away; of oneself always."""
    condition = Q(membership__in=members_visible_to(actor))
    if actor.may("agencies.record_absence"):
        condition |= Q(membership__in=own_memberships(actor))
    return Absence.objects.filter(condition)


def own_memberships(actor: Actor) -> QuerySet[Membership]:
    """Return the membership by which somebody acts: nobody has to see their colleagues for that."""
    found = Membership.objects.current().filter(agency=actor.agency_id)
    return found.filter(user=actor.user_id) if actor.user else found.none()


def can_view_absence(actor: Actor, absence: Absence) -> Decision:
    """Whether the actor may see this absence; the object rule of `absences_visible_to`."""
    allowed = can_view_member(actor, absence.membership)
    if allowed or not actor.may("agencies.record_absence"):
        return allowed
    own = own_memberships(actor).filter(pk=absence.membership_id).exists()
    return ALLOWED if own else allowed


def can_record_absence(actor: Actor, membership: Membership) -> Decision:
    """Whether the actor may say when this member is away: of oneself, and as a manager of all."""
    allowed = of_own_agency(actor, membership.agency, "agencies.record_absence")
    own = actor.user_id is not None and membership.user_id == actor.user_id
    if not allowed or own or actor.may("agencies.manage_members"):
        return allowed
    return Denied(
        _("You may only say when you are away yourself."),
        _("Being a manager of the agency."),
    )


def chasing_rules_visible_to(actor: Actor) -> QuerySet[ChasingRule]:
    """Return the chasing rules of the actor's own agency."""
    if not actor.may("agencies.manage_chasing"):
        return ChasingRule.objects.none()
    return ChasingRule.objects.filter(agency=actor.agency_id)


def can_manage_chasing(actor: Actor, agency: Agency) -> Decision:
    """Whether the actor may see and change how this agency's people are chased.

    The object rule of `chasing_rules_visible_to`.
    """
    return of_own_agency(actor, agency, "agencies.manage_chasing")


def can_view_settings(actor: Actor, agency: Agency) -> Decision:
    """Whether the actor may see how this agency is told of what waits."""
    return of_own_agency(actor, agency, "agencies.view_settings")


def can_manage_settings(actor: Actor | None, agency: Agency) -> Decision:
    """Whether the actor may change how this agency is told of what waits."""
    return of_own_agency(actor, agency, "agencies.manage_settings")


def can_keep_directory(actor: DirectoryKeeper) -> Decision:
    """Whether the actor may enter agencies, operators, accounts and clients: administrators alone."""
    if not isinstance(actor, Actor):
        return ALLOWED
    return Denied(
        _("Agencies, accounts and clients are entered by the operator of this service."),
        _("The operator's own command line."),
        code="operator_only",
    )


def of_own_agency(actor: Actor | None, agency: Agency, ability: str) -> Decision:
    """Whether the actor's roles include the ability, and the agency is the one that they act for."""
    if actor is None:
        return ALLOWED
    allowed = actor.may(ability)
    if allowed and agency.pk != actor.agency_id:
        return Denied(
            _("This belongs to another agency than the one you act for."),
            _("A membership in that agency."),
            code="other_agency",
        )
    return allowed

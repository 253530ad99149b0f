"""Who closes an agency, and who reviews it when another corporation runs it."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from carenet.agencies.actors import Actor
from carenet.agencies.models import (
    Agency,
    AgencyClosure,
    AgencyKind,
    ClosureSuccessor,
    Membership,
    OperatorChange,
)
from carenet.agencies.roles import Role
from carenet.core.decisions import ALLOWED, Decision, Denied


def can_prepare_closure(actor: Actor | None, agency: Agency) -> Decision:
    """Whether the actor may see what hangs on an agency, and have a part in its closure.

    Its own managers, and the managers and coordinators of its ward office. A ward office is not closed
    here: its municipality would have nobody who coordinates.
    """
    if agency.kind == AgencyKind.WARD_OFFICE:
        return Denied(
            _("A ward office is not closed here. Ask the operator of the service."),
            code="ward_office_stays",
        )
    if actor is None:
        return ALLOWED
    allowed = actor.may("agencies.close")
    own = actor.agency_id == agency.pk and Role.MANAGER in actor.roles
    if not allowed or own or is_ward_office_of(actor, agency):
        return allowed
    return Denied(
        _("Its own managers and the ward office close an agency."),
        _("Being a manager there, or a coordinator or manager of its ward office."),
        code="not_yours_to_close",
    )


def closures_visible_to(actor: Actor) -> QuerySet[AgencyClosure]:
    """Return the closures in which the actor has a part, or takes something over as a manager."""
    if not actor.may("agencies.close"):
        return AgencyClosure.objects.none()
    condition = Q(pk__in=[])
    if Role.MANAGER in actor.roles:
        condition |= Q(agency=actor.agency_id)
        condition |= Q(
            pk__in=ClosureSuccessor.objects.filter(agency=actor.agency_id).values("closure")
        )
    if actor.agency.kind == AgencyKind.WARD_OFFICE:
        condition |= Q(agency__municipality_code=actor.agency.municipality_code)
    return AgencyClosure.objects.filter(condition)


def can_confirm_closure(actor: Actor, closure: AgencyClosure) -> Decision:
    """Whether the actor may be the second person behind a closure.

    One of the two is of the ward office, or the operator; the other a manager of the agency. Where it
    has no manager any more, both are of the ward office.
    """
    allowed = can_prepare_closure(actor, closure.agency)
    if not allowed:
        return allowed
    if actor.user is None or actor.user.pk == closure.proposed_by_id:
        return Denied(
            _("Somebody else confirms what you have proposed."),
            _("A second person, signed in themselves."),
            code="second_person_needed",
        )
    managers = Membership.objects.current().filter(
        agency=closure.agency_id, roles__contains=[Role.MANAGER]
    )
    by_manager = closure.proposed_by_agency_id == closure.agency_id
    own = actor.agency_id == closure.agency_id
    if by_manager == own and (own or managers.exists()):
        return Denied(
            _("One of the two is a manager of the agency, the other one of the ward office."),
            _("A manager of the agency.") if not own else _("Somebody of the ward office."),
            code="other_side_needed",
        )
    return allowed


def operator_changes_visible_to(actor: Actor) -> QuerySet[OperatorChange]:
    """Return the changes of the actor's own agency, and for a ward office those of its municipality."""
    if not actor.may("agencies.view"):
        return OperatorChange.objects.none()
    condition = Q(agency=actor.agency_id)
    if actor.may("agencies.close") and actor.agency.kind == AgencyKind.WARD_OFFICE:
        condition |= Q(agency__municipality_code=actor.agency.municipality_code)
    return OperatorChange.objects.filter(condition)


def can_plan_operator_change(actor: Actor | None, agency: Agency) -> Decision:
    """Whether the actor may announce that another corporation runs an agency.

    Its ward office, which designates it, or the operator of the service.
    """
    allowed = can_prepare_closure(actor, agency)
    if actor is None or not allowed or is_ward_office_of(actor, agency):
        return allowed
    return Denied(
        _("The ward office announces who runs an agency from when on."),
        _("A manager or coordinator of its ward office."),
        code="ward_office_only",
    )


def can_review_operator_change(actor: Actor, change: OperatorChange) -> Decision:
    """Whether the actor may see what is under review, and say what stays.

    The managers of the agency and its ward office; nobody of their own account.
    """
    return can_prepare_closure(actor, change.agency)


def is_ward_office_of(actor: Actor, agency: Agency) -> bool:
    """Whether the actor acts for the ward office of the agency's municipality."""
    office = actor.agency
    return (
        office.kind == AgencyKind.WARD_OFFICE
        and office.municipality_code == agency.municipality_code
    )

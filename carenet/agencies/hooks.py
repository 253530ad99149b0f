"""What of this room itself hangs on an agency that closes."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from carenet.agencies.actions.closure_batches import (
    end_designations,
    end_members_for_closure,
    withdraw_invitations_for_closure,
)
from carenet.agencies.models import Agency, Designation, Invitation, Membership, User
from carenet.agencies.registry import (
    ClosureBatch,
    ClosureKind,
    Review,
    add_closure_kinds,
    stays_with_agency,
)
from carenet.agencies.roles import Role
from carenet.agencies.states import ClosureOutcome
from carenet.core import clock
from carenet.core.models import not_ended

#: Foreign keys to an agency that stay as they are when it closes.
STAYS = (
    "agencies.Agency.parent",
    "agencies.AgencyClosure.agency",
    "agencies.AgencyClosure.confirmed_by_agency",
    "agencies.AgencyClosure.proposed_by_agency",
    "agencies.AgencyService.agency",
    "agencies.CalendarException.agency",
    "agencies.Capacity.agency",
    "agencies.ChasingRule.agency",
    "agencies.ChasingRule.partner",
    "agencies.ClosureEntry.successor",
    "agencies.ClosureSuccessor.agency",
    "agencies.OperatorChange.agency",
    "agencies.OperatorChange.planned_by_agency",
    "agencies.OperatorChangeReview.by_agency",
    "agencies.SectionMove.office",
    "agencies.SectionMoveLine.section",
)


def register() -> None:
    """Called once, when the apps are ready."""
    add_closure_kinds(*_kinds())
    add_closure_kinds(*_last_kinds(), at_last=True)
    stays_with_agency(*STAYS)


def _kinds() -> tuple[ClosureKind, ...]:
    return (
        ClosureKind(
            name="invitations",
            label=_("invitations that wait for an answer"),
            fate=ClosureOutcome.ENDS,
            found=_invitations,
            settle=withdraw_invitations_for_closure,
            columns=("agencies.Invitation.agency",),
        ),
    )


def _last_kinds() -> tuple[ClosureKind, ...]:
    return (
        ClosureKind(
            name="members",
            label=_("people who work in it"),
            fate=ClosureOutcome.ENDS,
            found=_members,
            settle=end_members_for_closure,
            columns=("agencies.Membership.agency",),
            review=Review("since", _names_of_members),
        ),
        ClosureKind(
            name="designations",
            label=_("corporation that runs it"),
            fate=ClosureOutcome.ENDS,
            found=_designations,
            settle=end_designations,
            columns=("agencies.Designation.agency",),
        ),
    )


def _invitations(agency: Agency) -> QuerySet[Invitation]:
    return Invitation.objects.filter(agency=agency, answer="", until__gt=clock.now())


def _members(agency: Agency) -> QuerySet[Membership]:
    return Membership.objects.filter(not_ended(clock.now()), agency=agency)


def _designations(agency: Agency) -> QuerySet[Designation]:
    return Designation.objects.filter(agency=agency, until=None)


def _names_of_members(batch: ClosureBatch) -> dict[UUID, str]:
    people = User.objects.in_bulk([each.user_id for each in batch.rows])
    return {
        each.pk: f"{people[each.user_id].name} ({', '.join(str(Role(r).label) for r in each.roles)})"
        for each in batch.rows
    }

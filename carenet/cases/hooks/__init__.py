"""What this room hangs into lower rooms: its guarded model, a way to a resident, reminders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carenet.access.registry import Guarded, add_object_of_basis, add_standings, guard
from carenet.access.rules import SharingBasis
from carenet.agencies.registry import add_closure_kinds, on_member_leaving, stays_with_agency
from carenet.cases import policy
from carenet.cases.actions.abuse_constraints import refuse_to_end, refuse_to_open
from carenet.cases.actions.basis_review import SharedCases
from carenet.cases.actions.desk_calls import leave_consultations
from carenet.cases.actions.locks import index
from carenet.cases.actions.member_left import release_cases
from carenet.cases.actions.residents import close_cases, end_shares_of_consent
from carenet.cases.hooks.abuse import AbuseDeadlineDue, AbuseDecisionWaits
from carenet.cases.hooks.agency_closure import CLOSURE_KINDS, COLUMNS_THAT_STAY
from carenet.cases.hooks.case_reminders import GrantEnding, NextActionDue
from carenet.cases.hooks.plans import GoalDue, PlanReviewDue, WithoutPerson
from carenet.cases.hooks.residents import (
    ClosedWithResident,
    GoesOnAfterEnd,
    ShareEnded,
    in_charge,
)
from carenet.cases.hooks.unattended import MATTERS, AbuseStandsStill
from carenet.cases.models import Case, CaseShare, Consultation
from carenet.cases.policy import abuse
from carenet.cases.registry import on_case_ending, on_restriction
from carenet.cases.states import PROGRESS
from carenet.reminders import registry as reminders
from carenet.residents.registry import (
    PointsAtResident,
    Progress,
    ResidentVisibility,
    add_disclosures,
    add_progress,
    add_resident_visibility,
    add_those_in_charge,
    hides_from_matching,
    on_consent_withdrawn,
    on_merging,
    on_resident_ending,
)

if TYPE_CHECKING:
    from uuid import UUID

KINDS = (
    NextActionDue(),
    GrantEnding(),
    PlanReviewDue(),
    GoalDue(),
    WithoutPerson(),
    AbuseDeadlineDue(),
    AbuseStandsStill(),
    AbuseDecisionWaits(),
)
#: Of these there is nothing to do but to know.
NOTICES = (ClosedWithResident(), GoesOnAfterEnd(), ShareEnded())


def register() -> None:
    """Called once, when the apps are ready."""
    guard(Guarded("case", Case, CaseShare, policy.decide, _reindex))
    add_standings(policy.standings)
    add_object_of_basis(SharingBasis.ABUSE_REPORT, abuse.report_of)
    add_object_of_basis(SharingBasis.CHILD_WELFARE, abuse.child_report_of)
    add_resident_visibility(ResidentVisibility(policy.sees_resident, policy.edits_resident))
    add_progress(Progress("case", frozenset(PROGRESS), policy.has_case_in))
    add_disclosures(SharedCases())
    hides_from_matching(policy.has_restricted_case)
    hides_from_matching(abuse.has_report)
    on_merging(PointsAtResident(Case, "resident", versioned=True))
    on_merging(PointsAtResident(Consultation, "subject", versioned=True))
    add_those_in_charge(in_charge)
    on_resident_ending(close_cases)
    on_consent_withdrawn(end_shares_of_consent)
    on_member_leaving(release_cases)
    on_member_leaving(leave_consultations)
    on_case_ending(refuse_to_end)
    on_restriction(refuse_to_open)
    for kind in KINDS:
        reminders.register(kind)
    for notice in NOTICES:
        reminders.register(notice, notice=True)
    for matter in MATTERS:
        reminders.add_open_matter(matter)
    add_closure_kinds(*CLOSURE_KINDS)
    stays_with_agency(*COLUMNS_THAT_STAY)


def _reindex(case_id: UUID) -> None:
    index(Case.objects.get(pk=case_id))

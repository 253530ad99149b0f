"""What this room hangs into lower rooms: its guarded model, a way to a resident, reminders."""

from __future__ import annotations

from uuid import UUID

from carenet.access.registry import Guarded, add_standings, guard
from carenet.agencies.registry import (
    add_closure_kinds,
    add_held_kinds,
    member_left,
    stays_with_agency,
    tell_left_behind,
)
from carenet.cases import policy
from carenet.cases.actions.basis_review import SharedCases
from carenet.cases.actions.consultation_readers import leave_consultations
from carenet.cases.actions.locks import index
from carenet.cases.actions.member_left import release_cases
from carenet.cases.actions.residents import close_cases, end_shares_of_consent
from carenet.cases.hooks.agency_closure import CLOSURE_KINDS, COLUMNS_THAT_STAY
from carenet.cases.hooks.case_reminders import MATTERS, GrantEnding, NextActionDue
from carenet.cases.hooks.held_work import HELD_KINDS
from carenet.cases.hooks.plans import GoalDue, PlanReviewDue, WithoutPerson
from carenet.cases.hooks.residents import (
    ClosedWithResident,
    GoesOnAfterEnd,
    ShareEnded,
    in_charge,
)
from carenet.cases.hooks.sections import tell_own_entries, tell_own_facts
from carenet.cases.hooks.tasks import CaseTasks, notes_seen, plans_seen
from carenet.cases.models import Case, CaseShare, Consultation
from carenet.cases.states import PROGRESS
from carenet.reminders import registry as reminders
from carenet.residents.registry import (
    PointsAtResident,
    Progress,
    ResidentVisibility,
    add_progress,
    add_those_in_charge,
    conditions_of_concealment,
    consent_withdrawn,
    disclosures,
    pointers_at_residents,
    resident_ended,
    resident_visibilities,
)
from carenet.tasks.registry import add_source, add_subject
from carenet.tasks.states import TaskSource

KINDS = (
    NextActionDue(),
    GrantEnding(),
    PlanReviewDue(),
    GoalDue(),
    WithoutPerson(),
)
#: Of these there is nothing to do but to know.
NOTICES = (ClosedWithResident(), GoesOnAfterEnd(), ShareEnded())


def register() -> None:
    """Called once, when the apps are ready."""
    guard(Guarded("case", Case, CaseShare, policy.decide, _reindex))
    add_standings(policy.standings)
    resident_visibilities.append(
        ResidentVisibility(
            policy.sees_resident, policy.reaches, policy.edits_resident, by_case=True
        )
    )
    add_progress(Progress("case", frozenset(PROGRESS), policy.has_case_in))
    disclosures.append(SharedCases())
    conditions_of_concealment.append(policy.has_restricted_case)
    pointers_at_residents.append(PointsAtResident(Case, "resident", versioned=True))
    pointers_at_residents.append(PointsAtResident(Consultation, "subject", versioned=True))
    add_those_in_charge(in_charge)
    resident_ended.register(close_cases)
    consent_withdrawn.register(end_shares_of_consent)
    member_left.register(release_cases)
    member_left.register(leave_consultations)
    add_subject(CaseTasks())
    add_source(TaskSource.NOTE, notes_seen)
    add_source(TaskSource.PLAN, plans_seen)
    for kind in KINDS:
        reminders.register(kind)
    for notice in NOTICES:
        reminders.register(notice, notice=True)
    for matter in MATTERS:
        reminders.open_matters.append(matter)
    add_closure_kinds(*CLOSURE_KINDS)
    add_held_kinds(*HELD_KINDS)
    for kind_of_cases in ("cases", "ended_cases"):
        tell_left_behind(kind_of_cases, tell_own_entries)
        tell_left_behind(kind_of_cases, tell_own_facts)
    stays_with_agency(*COLUMNS_THAT_STAY)


def _reindex(case_id: UUID) -> None:
    index(Case.objects.get(pk=case_id))

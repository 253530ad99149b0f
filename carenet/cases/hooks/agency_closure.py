"""What of consultations and cases hangs on an agency that closes."""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from carenet.agencies.models import Agency
from carenet.agencies.registry import ClosureKind, SectionRule
from carenet.agencies.states import ClosureOutcome
from carenet.cases.actions.agency_closure import (
    pass_cases,
    pass_consultations,
    pass_goals,
    settle_tasks,
)
from carenet.cases.hooks.sections import suggest_for_cases, suggest_for_consultations
from carenet.cases.models import Case, Consultation, PlanGoal, ProgressNote
from carenet.cases.policy import visible_to
from carenet.cases.selectors import own_entries
from carenet.cases.states import ENDED, OPEN, GoalState
from carenet.tasks.models import Task
from carenet.tasks.states import TaskStatus


def _open_cases(agency: Agency) -> QuerySet[Case]:
    return Case.objects.filter(lead_agency=agency, status__in=sorted(OPEN))


def _next_actions(agency: Agency) -> QuerySet[Case]:
    return _open_cases(agency).filter(next_action_on__isnull=False)


def _ended_cases(agency: Agency) -> QuerySet[Case]:
    return Case.objects.filter(lead_agency=agency, status__in=sorted(ENDED))


def _goals(agency: Agency) -> QuerySet[PlanGoal]:
    return PlanGoal.objects.filter(agency=agency, state=GoalState.OPEN)


def _tasks(agency: Agency) -> QuerySet[Task]:
    return Task.objects.filter(agency=agency, status=TaskStatus.OPEN, is_next_action=False)


def _consultations(agency: Agency) -> QuerySet[Consultation]:
    return Consultation.objects.filter(agency=agency)


def _named(cases: Callable[[Agency], QuerySet[Case]]) -> Callable[[Agency], QuerySet[Case]]:
    """Return the same cases with what suggests a section."""
    return lambda agency: cases(agency).select_related("resident", "consultation")


def _without_case(agency: Agency) -> QuerySet[Consultation]:
    """Return the consultations that belong to no case; what is set apart stays with who took it."""
    return _consultations(agency).filter(case=None, joined_case=None, set_apart_at=None)


def _own_entries(agency: Agency) -> QuerySet[ProgressNote]:
    return own_entries(agency.pk)


CLOSURE_KINDS = (
    ClosureKind(
        name="own_entries",
        label=_("entries of records that are for it alone"),
        fate=ClosureOutcome.UNREAD,
        found=_own_entries,
    ),
    ClosureKind(
        name="goals",
        label=_("open goals of plans that it sees to"),
        fate=ClosureOutcome.FOLLOWS,
        follows="cases",
        found=_goals,
        settle=pass_goals,
        by_case=("plan__case",),
        columns=("cases.PlanGoal.agency",),
    ),
    ClosureKind(
        name="tasks",
        label=_("open tasks that it has; those in cases of others go back to whoever leads them"),
        fate=ClosureOutcome.FOLLOWS,
        follows="cases",
        found=_tasks,
        settle=settle_tasks,
        by_case=("case",),
        columns=("tasks.Task.agency",),
    ),
    ClosureKind(
        name="next_actions",
        label=_("next actions of its cases"),
        fate=ClosureOutcome.FOLLOWS,
        follows="cases",
        found=_next_actions,
    ),
    ClosureKind(
        name="cases",
        label=_("open cases that it leads"),
        fate=ClosureOutcome.PASSES,
        found=_open_cases,
        settle=pass_cases,
        to_section=SectionRule(_named(_open_cases), suggest_for_cases, visible_to=visible_to),
        of_cases=True,
        columns=("cases.Case.lead_agency",),
    ),
    ClosureKind(
        name="ended_cases",
        label=_("ended cases that it led"),
        fate=ClosureOutcome.PASSES,
        found=_ended_cases,
        settle=pass_cases,
        to_section=SectionRule(_named(_ended_cases), suggest_for_cases, visible_to=visible_to),
        of_cases=True,
        columns=("cases.Case.lead_agency",),
    ),
    ClosureKind(
        name="consultations",
        label=_("consultations that it took"),
        fate=ClosureOutcome.PASSES,
        found=_consultations,
        settle=pass_consultations,
        to_section=SectionRule(_without_case, suggest_for_consultations),
        by_case=("case", "joined_case"),
        columns=("cases.Consultation.agency",),
    ),
)
#: Who wrote something is history.
COLUMNS_THAT_STAY = (
    "cases.Assessment.author_agency",
    "cases.PlanReview.by_agency",
    "cases.ProgressNote.author_agency",
    "cases.SupportPlan.written_by_agency",
)

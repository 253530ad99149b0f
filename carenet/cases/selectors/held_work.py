"""What of cases somebody has in hand in an agency: it is told before they leave, and then released."""

from __future__ import annotations

from django.db.models import QuerySet

from carenet.agencies.models import Membership
from carenet.cases.models import Case, PlanGoal
from carenet.cases.states import OPEN, GoalState
from carenet.tasks.models import Task
from carenet.tasks.states import TaskStatus


def cases_held(membership: Membership) -> QuerySet[Case]:
    """Return the open cases of the agency that a member is in charge of."""
    return Case.objects.filter(
        lead_agency=membership.agency_id,
        person_in_charge=membership.user_id,
        status__in=sorted(OPEN),
    )


def goals_held(membership: Membership) -> QuerySet[PlanGoal]:
    """Return the open goals that a member sees to for the agency, whoever leads the case."""
    return PlanGoal.objects.filter(
        person=membership.user_id, agency=membership.agency_id, state=GoalState.OPEN
    )


def tasks_held(membership: Membership) -> QuerySet[Task]:
    """Return the open tasks that a member has for the agency, whoever leads the case."""
    return Task.objects.filter(
        person=membership.user_id, agency=membership.agency_id, status=TaskStatus.OPEN
    )

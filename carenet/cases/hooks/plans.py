"""What is due in a plan, and whom a case waits for that nobody is in charge of."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency
from carenet.agencies.roles import Role
from carenet.agencies.selectors import actor_of
from carenet.cases import policy
from carenet.cases.actions.locks import WITHOUT_PERSON
from carenet.cases.actions.plan_reminders import PLAN_GOAL, PLAN_REVIEW
from carenet.cases.models import Case, PlanGoal, SupportPlan
from carenet.cases.states import OPEN, GoalState, PlanStatus
from carenet.reminders.kinds import BaseKind, members
from carenet.reminders.models import Occurrence
from carenet.reminders.registry import Recipient


class _PlanDue(BaseKind):
    """A day of a plan has come: who sees to it and the person in charge, then the managers.

    Both are looked up now: the case may be in other hands, or led by another agency, than when the
    day was set. When nobody of them is left, the whole staff hears of it.
    """

    subject_kind = "case"
    working_days = 1

    def _case(self, occurrence: Occurrence) -> Case:
        return Case.objects.select_related("lead_agency", "person_in_charge").get(
            pk=occurrence.subject_id
        )

    def _also(self, occurrence: Occurrence) -> list[Recipient]:
        """Return who sees to it, besides the person in charge."""
        return []

    def recipients(self, occurrence: Occurrence) -> Iterable[Recipient]:
        case = self._case(occurrence)
        agency, person = case.lead_agency, case.person_in_charge
        if occurrence.step > 0:
            return members(agency, {Role.MANAGER})
        told = self._also(occurrence)
        if person and actor_of(person, agency):
            told.append(Recipient(person, agency))
        return list(dict.fromkeys(told)) or members(agency, {Role.STAFF})

    def may_see(self, actor: Actor, occurrence: Occurrence) -> bool:
        return policy.visible_to(actor).filter(pk=self._case(occurrence).pk).exists()

    def agency_of(self, occurrence: Occurrence) -> Agency:
        return self._case(occurrence).lead_agency


class PlanReviewDue(_PlanDue):
    """The plan in force is due for its review."""

    name = PLAN_REVIEW
    message = _("The plan of case %(code)s is due for review.")

    def still_applies(self, occurrence: Occurrence) -> bool:
        agreed = SupportPlan.objects.filter(status=PlanStatus.AGREED, case__ended_at=None)
        return agreed.filter(case=occurrence.subject_id).exists()


class GoalDue(_PlanDue):
    """The time of a goal is over, and nobody has said what has become of it."""

    name = PLAN_GOAL
    subject_kind = "goal"
    message = _("The time of a goal in the plan of case %(code)s is over.")

    def applicable(self) -> QuerySet[Any]:
        return PlanGoal.objects.filter(state=GoalState.OPEN, plan__status=PlanStatus.AGREED)

    def _case(self, occurrence: Occurrence) -> Case:
        return Case.objects.select_related("lead_agency", "person_in_charge").get(
            plans__goals=occurrence.subject_id
        )

    def _also(self, occurrence: Occurrence) -> list[Recipient]:
        goal = PlanGoal.objects.select_related("person", "agency").get(pk=occurrence.subject_id)
        if goal.person and goal.agency and actor_of(goal.person, goal.agency):
            return [Recipient(goal.person, goal.agency)]
        return []


class WithoutPerson(BaseKind):
    """Nobody is in charge of a case: the managers of its lead hear of it until somebody is.

    Without managers it is the staff. Where nobody may see the case, it is asked again each day.
    """

    name = WITHOUT_PERSON
    subject_kind = "case"
    message = _("Nobody is in charge of case %(code)s. Put it into somebody's hands.")
    working_days = 3
    endless = True
    visible_to = staticmethod(policy.visible_to)

    def still_applies(self, occurrence: Occurrence) -> bool:
        return Case.objects.filter(
            pk=occurrence.subject_id,
            person_in_charge=None,
            status__in=sorted(OPEN),
            lead_agency=occurrence.agency,
        ).exists()

    def recipients(self, occurrence: Occurrence) -> Iterable[Recipient]:
        agency = occurrence.agency
        return members(agency, {Role.MANAGER}) or members(agency, {Role.STAFF})

    def next_due(self, occurrence: Occurrence, now: datetime) -> datetime | None:
        actors = (actor_of(each.user, each.agency) for each in self.recipients(occurrence))
        if not any(actor and self.may_see(actor, occurrence) for actor in actors):
            return None  # the last step is the one that waits for somebody to come
        return super().next_due(occurrence, now)

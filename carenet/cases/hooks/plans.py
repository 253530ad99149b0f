"""What is due in a plan, and whom a case waits for that nobody is in charge of."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from carenet.agencies.models import Agency
from carenet.agencies.roles import Role
from carenet.cases.actions.locks import WITHOUT_PERSON
from carenet.cases.actions.plan_reminders import PLAN_GOAL, PLAN_REVIEW
from carenet.cases.hooks.case_reminders import CaseKind
from carenet.cases.models import Case, PlanGoal
from carenet.cases.states import OPEN, GoalState, PlanStatus
from carenet.reminders.models import Occurrence
from carenet.reminders.registry import Recipient


class _PlanDue(CaseKind):
    """A day of a plan has come: who sees to it and the person in charge, then the managers.

    Both are looked up now: the case may be in other hands, or led by another agency, than when the
    day was set. When nobody of them is left, the whole staff hears of it.
    """

    subject_kind = "case"
    working_days = 1

    def _also(self, occurrence: Occurrence) -> list[Recipient]:
        """Return who sees to it, besides the person in charge."""
        return []

    def recipients(self, occurrence: Occurrence) -> Iterable[Recipient]:
        case = self.case_of(occurrence)
        agency, person = case.lead_agency, case.person_in_charge
        if occurrence.step > 0:
            return self.members(agency, {Role.MANAGER})
        told = self._also(occurrence)
        if person and self.roster.actor(person, agency):
            told.append(Recipient(person, agency))
        return list(dict.fromkeys(told)) or self.members(agency, {Role.STAFF})

    def agency_of(self, occurrence: Occurrence) -> Agency:
        return self.case_of(occurrence).lead_agency


class PlanReviewDue(_PlanDue):
    """The plan in force is due for its review."""

    name = PLAN_REVIEW
    message = _("The plan of case %(code)s is due for review.")

    def applicable(self) -> QuerySet[Any]:
        return Case.objects.filter(plans__status=PlanStatus.AGREED, ended_at=None)


class GoalDue(_PlanDue):
    """The time of a goal is over, and nobody has said what has become of it."""

    name = PLAN_GOAL
    subject_kind = "goal"
    message = _("The time of a goal in the plan of case %(code)s is over.")

    def applicable(self) -> QuerySet[Any]:
        return PlanGoal.objects.filter(state=GoalState.OPEN, plan__status=PlanStatus.AGREED)

    def case_ids(self, subjects: Collection[UUID]) -> Mapping[UUID, UUID]:
        return dict(PlanGoal.objects.filter(pk__in=subjects).values_list("pk", "plan__case"))

    def _also(self, occurrence: Occurrence) -> list[Recipient]:
        goal = PlanGoal.objects.select_related("person", "agency").get(pk=occurrence.subject_id)
        if goal.person and goal.agency and self.roster.actor(goal.person, goal.agency):
            return [Recipient(goal.person, goal.agency)]
        return []


class WithoutPerson(CaseKind):
    """Nobody is in charge of a case: the managers of its lead hear of it until somebody is.

    Without managers it is the staff. Where nobody may see the case, it is asked again each day.
    """

    name = WITHOUT_PERSON
    subject_kind = "case"
    message = _("Nobody is in charge of case %(code)s. Put it into somebody's hands.")
    working_days = 3
    endless = True

    def still_applies(self, occurrence: Occurrence) -> bool:
        waiting = Case.objects.filter(person_in_charge=None, status__in=sorted(OPEN))
        led = waiting.filter(lead_agency=occurrence.agency)
        return self.is_among(("led", occurrence.agency.pk), lambda: led, occurrence)

    def recipients(self, occurrence: Occurrence) -> Iterable[Recipient]:
        agency = occurrence.agency
        return self.members(agency, {Role.MANAGER}) or self.members(agency, {Role.STAFF})

    def next_due(self, occurrence: Occurrence, now: datetime) -> datetime | None:
        roster = self.roster
        actors = (roster.actor(each.user, each.agency) for each in self.recipients(occurrence))
        if not any(actor and self.may_see(actor, occurrence) for actor in actors):
            return None  # the last step is the one that waits for somebody to come
        return super().next_due(occurrence, now)

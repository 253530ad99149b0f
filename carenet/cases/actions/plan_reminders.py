"""The days that a plan sets: its review, and the ends of its goals, each with a reminder.

A day is told at the opening of the lead agency; on a closing day, at the opening before it. Whom to
tell is asked when it falls due (`carenet.cases.hooks`), so that a new person in charge is told.
"""

from __future__ import annotations

from datetime import date, datetime

from carenet.agencies.selectors import calendar_of
from carenet.cases.models import Case, PlanGoal, SupportPlan
from carenet.cases.states import GoalState, PlanStatus
from carenet.reminders.actions import cancel_reminder, schedule_reminder

#: The reminder that a plan is to be reviewed; its subject is the case.
PLAN_REVIEW = "case.plan_review"
#: The reminder that a goal's time is over.
PLAN_GOAL = "case.plan_goal"


def remind_of_plan(case: Case, plan: SupportPlan) -> None:
    """Chase the review of an agreed plan and its goals, of a plan that has ended nothing."""
    remind_of_review(case, plan)
    for goal in plan.goals.all():
        remind_of_goal(case, plan, goal)


def remind_of_review(case: Case, plan: SupportPlan) -> None:
    """Chase the review on its day."""
    if plan.status == PlanStatus.AGREED and plan.review_on:
        schedule_reminder(
            kind=PLAN_REVIEW,
            subject_id=case.pk,
            subject_code=case.code,
            agency=case.lead_agency,
            person=case.person_in_charge,
            due_at=_reminder_time(case, plan.review_on),
        )
    else:
        cancel_reminder(kind=PLAN_REVIEW, subject_id=case.pk, because=plan.status)


def remind_of_goal(case: Case, plan: SupportPlan, goal: PlanGoal) -> None:
    """Ask on its day what has become of an open goal; there is no reminder of one without a day."""
    if plan.status == PlanStatus.AGREED and goal.state == GoalState.OPEN and goal.until:
        schedule_reminder(
            kind=PLAN_GOAL,
            subject_id=goal.pk,
            subject_code=case.code,
            agency=case.lead_agency,
            person=case.person_in_charge,
            due_at=_reminder_time(case, goal.until),
        )
    else:
        because = goal.state if goal.state != GoalState.OPEN else plan.status
        cancel_reminder(kind=PLAN_GOAL, subject_id=goal.pk, because=because)


def _reminder_time(case: Case, day: date) -> datetime:
    calendar = calendar_of(case.lead_agency)
    return calendar.opening(calendar.last_open(day))

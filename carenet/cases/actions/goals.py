"""The goals of a plan: who sees to them, and what becomes of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency, User
from carenet.agencies.selectors import actor_of
from carenet.audit.actions import log_write
from carenet.cases import policy
from carenet.cases.actions.locks import demand_open, lock_case
from carenet.cases.actions.plan_reminders import remind_of_goal
from carenet.cases.models import Case, PlanGoal, SupportPlan
from carenet.cases.selectors import has_part
from carenet.cases.states import GOAL_MOVES, GoalState, GoalVerb, PlanStatus
from carenet.core import clock
from carenet.core.decisions import demand
from carenet.core.errors import Conflict, Invalid
from carenet.core.models import check_version, get_visible
from carenet.rest.limits import demand_near, demand_recent


def write_goals(case: Case, plan: SupportPlan, goals: Sequence[Mapping[str, Any]]) -> None:
    """Give a draft its goals, in this order; each is checked by whom it is seen to."""
    for position, given in enumerate(goals, start=1):
        goal = PlanGoal(plan=plan, position=position, **given)
        at = f"goals/{position - 1}/"
        _check_whose(case, goal.agency, goal.person, goal.others, at)
        demand_recent(f"{at}until", goal.until, born=case.resident.born_by, began=case.opened_at)
        demand_near(f"{at}until", goal.until, "CASE_GOAL_MOST_DAYS")
        goal.save()


@transaction.atomic
def move_goal(
    *,
    actor: Actor,
    case_id: UUID,
    goal_id: UUID,
    verb: GoalVerb,
    note: str = "",
    version: int | None = None,
) -> PlanGoal:
    """Say what has become of a goal of the plan in force, or that it is open after all.

    Raises `Forbidden` for anybody but the lead and the agency that sees to it, `Invalid` when a goal
    is dropped without a word, `Conflict` when the verb does not fit.
    """
    case, goal = _lock(actor, case_id, goal_id, version)
    demand(policy.can_settle_goal(actor, case, goal))
    target = GOAL_MOVES.demand(verb, goal.state)
    if target == GoalState.DROPPED and not note:
        raise Invalid({"note": _("Say why the goal is given up.")})
    goal.state, goal.note = target, note
    goal.settled_at = None if target == GoalState.OPEN else clock.now()
    goal.save_version()
    remind_of_goal(case, goal.plan, goal)
    log_write(actor.who, f"goal.{verb.value}", "goal", goal.pk)
    return goal


@transaction.atomic
def assign_goal(
    *,
    actor: Actor,
    case_id: UUID,
    goal_id: UUID,
    agency: Agency | None = None,
    person: User | None = None,
    others: str = "",
    version: int | None = None,
) -> PlanGoal:
    """Let somebody else see to a goal; the lead decides, and agrees with them outside."""
    case, goal = _lock(actor, case_id, goal_id, version)
    demand(policy.can_change(actor, case, "cases.plan"))
    if goal.state != GoalState.OPEN:
        raise Conflict(_("This goal is settled. Reopen it first."))
    _check_whose(case, agency, person, others)
    goal.agency, goal.person, goal.others = agency, person, others
    goal.save_version()
    log_write(actor.who, "goal.assign", "goal", goal.pk)
    return goal


def _lock(actor: Actor, case_id: UUID, goal_id: UUID, version: int | None) -> tuple[Case, PlanGoal]:
    """Lock a case and look up a goal of its plan in force; raises `Conflict` for another plan's."""
    case = lock_case(actor, case_id)
    plans = policy.plans_visible_to(actor, case)
    found = PlanGoal.objects.select_related("plan").filter(pk=goal_id, plan__in=plans)
    goal = get_visible(found)
    demand_open(case)
    check_version(goal, version)
    if goal.plan.status != PlanStatus.AGREED:
        raise Conflict(_("This goal is not of the plan in force."))
    return case, goal


def _check_whose(
    case: Case, agency: Agency | None, person: User | None, others: str, at: str = ""
) -> None:
    if agency is None and not others:
        raise Invalid({f"{at}agency": _("Say which agency sees to it, or who else does.")})
    if agency and not has_part(case, agency):
        raise Invalid({f"{at}agency": _("Choose an agency that has a part in the case.")})
    if person is None:
        return
    if agency is None or actor_of(person, agency) is None:
        raise Invalid({f"{at}person": _("Choose a member of the agency that sees to it.")})
    if case.restricted and not policy.live_members(case).filter(user=person).exists():
        raise Invalid({f"{at}person": _("Name this person to the restricted case first.")})

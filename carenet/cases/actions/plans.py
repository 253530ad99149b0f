"""Writing a support plan, agreeing on it with the person, reviewing it, ending it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from carenet.agencies.actors import Actor
from carenet.audit.actions import log_write
from carenet.cases import policy
from carenet.cases.actions.goals import write_goals
from carenet.cases.actions.locks import demand_open, lock_case, save_version
from carenet.cases.actions.plan_reminders import remind_of_plan, remind_of_review
from carenet.cases.models import Case, PlanGoal, PlanReview, ReviewOutcome, SupportPlan
from carenet.cases.states import PLAN_MOVES, GoalState, PlanStatus, PlanVerb
from carenet.core import clock
from carenet.core.decisions import demand
from carenet.core.errors import Conflict, Invalid
from carenet.core.models import check_version, get_visible
from carenet.rest.limits import demand_near, demand_recent

Goals = Sequence[Mapping[str, Any]]


@transaction.atomic
def write_plan(*, actor: Actor, case_id: UUID, goals: Goals, **fields: Any) -> SupportPlan:
    """Begin a plan as a draft of the lead.

    `fields` are overall_aim and wishes; `goals` are mappings as `write_goals` takes them. Raises
    `Conflict` on an ended case or beside another draft, `Invalid` for a goal that is nobody's.
    """
    case = _lock_case(actor, case_id)
    if case.plans.filter(status=PlanStatus.DRAFT).exists():
        raise Conflict(_("This case has a plan in draft already. Change that one, or end it."))
    plan = _new_draft(actor, case, **fields)
    write_goals(case, plan, goals)
    log_write(actor.who, "plan.write", "plan", plan.pk)
    return plan


@transaction.atomic
def edit_plan(
    *,
    actor: Actor,
    case_id: UUID,
    plan_id: UUID,
    goals: Goals | None = None,
    version: int | None = None,
    **changes: Any,
) -> SupportPlan:
    """Change a draft; `goals` replace all that it has. What is agreed on is frozen."""
    case, plan = _lock(actor, case_id, plan_id, version)
    if plan.status != PlanStatus.DRAFT:
        raise Conflict(_("Only a draft can be changed. Review the plan to begin another one."))
    for name, value in changes.items():
        setattr(plan, name, value)
    if goals is not None:
        plan.goals.all().delete()
        write_goals(case, plan, goals)
    plan.save_version()
    named = {*changes, "goals"} if goals is not None else set(changes)
    log_write(actor.who, "plan.edit", "plan", plan.pk, fields=sorted(named))
    return plan


@transaction.atomic
def agree(
    *,
    actor: Actor,
    case_id: UUID,
    plan_id: UUID,
    agreed_on: date,
    valid_from: date,
    review_on: date,
    version: int | None = None,
) -> SupportPlan:
    """Put a draft into force, as agreed with the person; it replaces the plan before it.

    Its aim becomes what the case shows as its plan. Raises `Conflict` for anything but a draft or a
    plan without a goal, `Invalid` for days that do not fit together.
    """
    case, plan = _lock(actor, case_id, plan_id, version)
    if agreed_on > clock.today():
        raise Invalid({"agreed_on": _("Give the day on which the person has agreed.")})
    for name, day in (("agreed_on", agreed_on), ("valid_from", valid_from)):
        demand_recent(name, day, born=case.resident.born_by, began=case.opened_at)
    demand_near("valid_from", valid_from, "CASE_REVIEW_MOST_DAYS")
    _check_next_review(review_on, max(valid_from, agreed_on), "review_on")
    plan.status = PLAN_MOVES.demand(PlanVerb.AGREE, plan.status)
    if not plan.goals.exists():
        raise Conflict(_("A plan needs a goal before it is agreed on."))
    for before in case.plans.filter(status=PlanStatus.AGREED):
        _end(case, before, PlanVerb.REPLACE)
    plan.agreed_on, plan.valid_from, plan.review_on = agreed_on, valid_from, review_on
    plan.save_version()
    case.plan = plan.overall_aim
    save_version(case)
    remind_of_plan(case, plan)
    log_write(actor.who, "plan.agree", "plan", plan.pk)
    return plan


@transaction.atomic
def review(
    *,
    actor: Actor,
    case_id: UUID,
    plan_id: UUID,
    reviewed_on: date,
    outcome: str,
    note: str,
    next_review_on: date | None = None,
    version: int | None = None,
) -> SupportPlan:
    """Write down a review of the agreed plan, and what follows from it.

    To go on sets the next review; to change begins a draft with the goals that are still open, while
    this plan stays in force; to end ends it. Raises `Conflict` for a plan that is not in force.
    """
    case, plan = _lock(actor, case_id, plan_id, version)
    if plan.status != PlanStatus.AGREED:
        raise Conflict(_("Only the plan that is in force is reviewed."))
    _check_review(plan, reviewed_on, outcome, next_review_on)
    PlanReview.objects.create(
        plan=plan,
        reviewed_on=reviewed_on,
        outcome=outcome,
        note=note,
        next_review_on=next_review_on,
        by_agency=actor.agency,
        by_user=actor.user,
    )
    if outcome == ReviewOutcome.END:
        _end(case, plan, PlanVerb.END)
    else:
        plan.review_on = next_review_on
        plan.save_version()
        remind_of_review(case, plan)
    if outcome == ReviewOutcome.CHANGE:
        _begin_successor(actor, case, plan)
    log_write(actor.who, "plan.review", "plan", plan.pk, outcome=outcome)
    return plan


@transaction.atomic
def end_plan(
    *, actor: Actor, case_id: UUID, plan_id: UUID, note: str = "", version: int | None = None
) -> SupportPlan:
    """End a plan, or give up a draft."""
    case, plan = _lock(actor, case_id, plan_id, version)
    _end(case, plan, PlanVerb.END, note)
    log_write(actor.who, "plan.end", "plan", plan.pk)
    return plan


def end_plans_of(actor: Actor, case: Case) -> None:
    """End what is planned on a case that ends, in its transaction and under its lock."""
    for plan in case.plans.filter(status__in=[PlanStatus.DRAFT, PlanStatus.AGREED]):
        _end(case, plan, PlanVerb.END)
        log_write(actor.who, "plan.end", "plan", plan.pk, cause="case_ended")


def _lock_case(actor: Actor, case_id: UUID) -> Case:
    case = lock_case(actor, case_id)
    demand(policy.can_change(actor, case, "cases.plan"))
    demand_open(case)
    return case


def _lock(
    actor: Actor, case_id: UUID, plan_id: UUID, version: int | None
) -> tuple[Case, SupportPlan]:
    """Lock a case and look up its plan: whoever changes a plan holds its case."""
    case = _lock_case(actor, case_id)
    plan = get_visible(policy.plans_visible_to(actor, case), pk=plan_id)
    check_version(plan, version)
    return case, plan


def _new_draft(actor: Actor, case: Case, **fields: Any) -> SupportPlan:
    return SupportPlan.objects.create(
        case=case,
        number=case.plans.count() + 1,
        written_by_agency=actor.agency,
        written_by=actor.user,
        **fields,
    )


def _begin_successor(actor: Actor, case: Case, plan: SupportPlan) -> None:
    """Begin a draft where this plan stands, unless somebody has begun one already."""
    if case.plans.filter(status=PlanStatus.DRAFT).exists():
        return
    draft = _new_draft(actor, case, overall_aim=plan.overall_aim, wishes=plan.wishes)
    still_open = plan.goals.filter(state=GoalState.OPEN)
    PlanGoal.objects.bulk_create(
        PlanGoal(
            plan=draft, position=position, what=goal.what, measures=goal.measures,
            agency_id=goal.agency_id, person_id=goal.person_id, others=goal.others,
            until=goal.until,
        )
        for position, goal in enumerate(still_open, start=1)
    )  # fmt: skip


def _end(case: Case, plan: SupportPlan, verb: PlanVerb, note: str = "") -> None:
    plan.status = PLAN_MOVES.demand(verb, plan.status)
    plan.ended_at, plan.end_note = clock.now(), note
    plan.save_version()
    if plan.agreed_on:
        remind_of_plan(case, plan)


def _check_review(
    plan: SupportPlan, reviewed_on: date, outcome: str, next_review_on: date | None
) -> None:
    if reviewed_on > clock.today():
        raise Invalid({"reviewed_on": _("Give the day on which the review took place.")})
    if plan.agreed_on and reviewed_on < plan.agreed_on:
        raise Invalid({"reviewed_on": _("The plan was not agreed on yet. Give a later day.")})
    if (outcome == ReviewOutcome.END) != (next_review_on is None):
        raise Invalid({"next_review_on": _("Give the next review, unless the plan ends.")})
    if next_review_on:
        _check_next_review(next_review_on, reviewed_on, "next_review_on")


def _check_next_review(day: date, earliest: date, name: str) -> None:
    if day < max(earliest, clock.today()):
        raise Invalid({name: _("Give a day that is still to come.")})
    demand_near(name, day, "CASE_REVIEW_MOST_DAYS")

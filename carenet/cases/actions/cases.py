"""Changing a case: its text, its state, its person in charge, its confidentiality."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from carenet.agencies.actions import lock_membership
from carenet.agencies.actors import Actor
from carenet.agencies.models import User
from carenet.audit.actions import log_write
from carenet.cases import policy
from carenet.cases.actions.locks import (
    assign_person,
    demand_open,
    lock_case,
    may_be_given,
    name_members,
    remind_of_next_action,
    save_version,
)
from carenet.cases.actions.next_action import (
    drop_tasks,
    finish_next_action,
    follow_tasks,
    open_tasks,
    pass_tasks,
    take_tasks_back,
)
from carenet.cases.actions.plans import end_plans_of
from carenet.cases.actions.reassignments import named_to, note_reassignment
from carenet.cases.actions.share_expiry import limit_to_case
from carenet.cases.models import Case, Confidentiality
from carenet.cases.registry import case_ended, restriction_changed
from carenet.cases.states import ENDED, MOVES, CaseVerb, PlanStatus
from carenet.core import clock
from carenet.core.decisions import demand
from carenet.core.errors import Conflict, Invalid
from carenet.residents.actions.locks import lock_living_resident
from carenet.rest.limits import demand_near, demand_recent
from carenet.tasks.actions import Assignee
from carenet.tasks.states import HandOnCause


@transaction.atomic
def edit(*, actor: Actor, case_id: UUID, version: int | None = None, **changes: Any) -> Case:
    """Change summary, plan or next action; a next action always has a date.

    The next action is a task: without one it is done, and the one that is due first comes after it.
    Raises `Conflict` on an ended case, and for the plan's words once a plan is agreed on; `Invalid`
    when action and date do not come together.
    """
    case = lock_case(actor, case_id, version)
    demand(policy.can_change(actor, case))
    demand_open(case)
    before = (case.next_action, case.next_action_on)
    if "plan" in changes and case.plans.filter(status=PlanStatus.AGREED).exists():
        raise Conflict(
            _("This case has a plan that was agreed on: its aim stands here. Review that plan.")
        )
    for name, value in changes.items():
        setattr(case, name, value)
    if bool(case.next_action) != bool(case.next_action_on):
        raise Invalid({"next_action_on": _("Give the next action and its date together.")})
    if case.next_action_on != before[1]:
        born, began = case.resident.born_by, case.opened_at
        demand_recent("next_action_on", case.next_action_on, born=born, began=began)
        demand_near("next_action_on", case.next_action_on, "CASE_NEXT_ACTION_MOST_DAYS")
    if before[0] and not case.next_action:
        finish_next_action(actor, case)
    save_version(case)
    if (case.next_action, case.next_action_on) != before:
        remind_of_next_action(case)
        follow_tasks(case)
    log_write(actor.who, "case.edit", "case", case.pk, fields=sorted(changes))
    return case


@transaction.atomic
def move(
    *,
    actor: Actor,
    case_id: UUID,
    verb: CaseVerb,
    reason: str = "",
    note: str = "",
    version: int | None = None,
) -> Case:
    """Move a case along its table of states.

    Ending it needs a `reason` (an `EndReason`) and settles what every room has open on it, in the
    same transaction. Raises `Conflict` when the verb does not fit the status, or when a case would be
    reopened whose person's record has ended.
    """
    if verb is CaseVerb.REOPEN:
        _lock_person_of(actor, case_id)
    case = lock_case(actor, case_id, version)
    demand(policy.can_change(actor, case, "cases.change_state"))
    case.status = MOVES.demand(verb, case.status)
    if case.status in ENDED:
        if not reason:
            raise Invalid({"reason": _("Say why the case ends.")})
        _end(case, reason, note)
        drop_tasks(actor.who, case)
        save_version(case)
        end_plans_of(actor, case)
        case_ended(actor=actor, case=case)
        limit_to_case(actor, case)
    else:
        case.ended_at, case.end_reason, case.end_note = None, "", ""
        if verb is CaseVerb.REOPEN and not _still_there(case):
            case.person_in_charge = None
        save_version(case)
    remind_of_next_action(case)
    log_write(actor.who, f"case.{verb.value}", "case", case.pk, reason=reason)
    return case


@transaction.atomic
def reassign(*, actor: Actor, case_id: UUID, person: User, version: int | None = None) -> Case:
    """Put a case into the hands of another member of the lead agency.

    What whoever had it still had to do in it comes with it, as in a handover. For some minutes whoever
    did it may take it back (`reassignments.take_back`).
    """
    lock_membership(person, actor.agency)  # so that nobody leaves while being handed something
    case = lock_case(actor, case_id, version)
    demand(policy.can_change(actor, case, "cases.reassign"))
    demand_open(case)
    before, named = case.person_in_charge, named_to(case)
    tasks = list(open_tasks(case).filter(is_next_action=True))
    assign_person(actor, case, person, "person")
    if before and before != person:
        to = Assignee(case.lead_agency, person, HandOnCause.WITH_CASE, by=actor.user)
        tasks += pass_tasks(actor.who, case, before.pk, to)
    follow_tasks(case)
    if before and before != person:
        note_reassignment(actor, case, before, tasks=tasks, named=named)
    log_write(actor.who, "case.reassign", "case", case.pk, person=str(person.pk))
    return case


@transaction.atomic
def restrict(*, actor: Actor, case_id: UUID, version: int | None = None) -> Case:
    """Restrict a case to named members: whoever restricts it, and the person in charge, come first."""
    case = lock_case(actor, case_id, version)
    demand(policy.can_change(actor, case, "cases.restrict"))
    if case.restricted:
        raise Conflict(_("This case is restricted already."))
    case.confidentiality = Confidentiality.RESTRICTED
    name_members(case, actor.user, actor.user, case.person_in_charge)
    save_version(case)
    take_tasks_back(actor.who, case)
    restriction_changed(actor=actor, case=case)
    log_write(actor.who, "case.restrict", "case", case.pk)
    return case


@transaction.atomic
def unrestrict(*, actor: Actor, case_id: UUID, version: int | None = None) -> Case:
    """Open a restricted case to the agencies involved again."""
    case = lock_case(actor, case_id, version)
    demand(policy.can_change(actor, case, "cases.restrict"))
    if not case.restricted:
        raise Conflict(_("This case is not restricted."))
    case.confidentiality = Confidentiality.NORMAL
    save_version(case)
    restriction_changed(actor=actor, case=case)
    log_write(actor.who, "case.unrestrict", "case", case.pk)
    return case


def _lock_person_of(actor: Actor, case_id: UUID) -> None:
    """Lock the person before the case, as everybody does who locks both; demand that they live here."""
    case = policy.visible_to(actor).select_related("resident").filter(pk=case_id).first()
    if case:
        lock_living_resident(case.resident)


def _end(case: Case, reason: str, note: str) -> None:
    case.ended_at, case.end_reason, case.end_note = clock.now(), reason, note
    case.next_action, case.next_action_on = "", None


def _still_there(case: Case) -> bool:
    """Whether the person in charge still does casework where the case is led."""
    return case.person_in_charge is not None and may_be_given(case, case.person_in_charge)

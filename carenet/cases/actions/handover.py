"""The handover (引継ぎ) of one or many cases, because somebody leaves or has too many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from carenet.agencies.actions import lock_membership
from carenet.agencies.actors import Actor
from carenet.agencies.models import User
from carenet.audit.actions import log_write, no_such
from carenet.cases import policy
from carenet.cases.actions.locks import assign_person, demand_open
from carenet.cases.actions.next_action import follow_tasks, pass_tasks
from carenet.cases.models import Case, CaseHandover, HandoverCause, PlanGoal
from carenet.cases.registry import case_handed_over
from carenet.cases.states import OPEN, GoalState
from carenet.core.decisions import demand
from carenet.core.errors import Conflict, Invalid
from carenet.tasks.actions import Assignee
from carenet.tasks.states import HandOnCause

#: As many cases as change hands at once.
MOST_CASES = 200


@dataclass(frozen=True, slots=True)
class Wanted:
    """One case to be handed over, and to whom, if not to the successor of all."""

    case: UUID
    to_person: User | None = None


@transaction.atomic
def hand_over(
    *,
    actor: Actor,
    from_person: UUID | None,
    reason: str,
    to_person: User | None = None,
    cases: Sequence[Wanted] | None = None,
) -> list[Case]:
    """Put cases that the actor's agency leads into other hands: all of them, or none.

    `from_person` is whoever has them now, None for those that nobody is in charge of. Without
    `cases` it is every open one that the actor sees. Next actions stay; the leaver's part in goals,
    tasks and referrals passes with the case; of a restricted case the successor becomes a named member.
    Raises `Invalid` for a case out of reach or without a successor, `Conflict` for one that is in
    other hands by now, or when there is none.
    """
    demand(actor.may("cases.hand_over"))
    wanted = _named(cases) if cases is not None else _all_of(actor, from_person)
    if not wanted:
        raise Conflict(_("There is no open case to hand over."))
    _lock_successors(actor, {each.to_person or to_person for each in wanted})
    held = _lock(actor, [each.case for each in wanted])
    for index, each in enumerate(wanted):
        at = f"cases/{index}/" if cases is not None else ""
        case, successor = held.get(each.case), each.to_person or to_person
        if case is None:
            raise no_such(f"{at}case", "case", [each.case])
        if successor is None:
            raise Invalid({f"{at}to_person": _("Say who takes the case over.")})
        _hand_over_one(actor, case, from_person, successor, reason, at)
    return [held[each.case] for each in wanted]


def _named(cases: Sequence[Wanted]) -> Sequence[Wanted]:
    if len({each.case for each in cases}) < len(cases):
        raise Invalid({"cases": _("Name each case once.")})
    return cases


def _all_of(actor: Actor, from_person: UUID | None) -> Sequence[Wanted]:
    found = policy.visible_to(actor).filter(
        lead_agency=actor.agency, person_in_charge=from_person, status__in=sorted(OPEN)
    )
    ids = list(found.order_by("pk").values_list("pk", flat=True)[: MOST_CASES + 1])
    if len(ids) > MOST_CASES:
        told = _("These are more than %(most)s cases: name up to %(most)s of them at once.")
        raise Invalid({"cases": told % {"most": MOST_CASES}})
    return [Wanted(case_id) for case_id in ids]


def _lock_successors(actor: Actor, people: set[User | None]) -> None:
    """Lock their memberships, always in the same order, so that none leaves meanwhile."""
    for person in sorted((person for person in people if person), key=lambda each: each.pk):
        lock_membership(person, actor.agency)


def _lock(actor: Actor, ids: Sequence[UUID]) -> dict[UUID, Case]:
    """Lock the visible ones among these cases, always in the same order."""
    found = policy.visible_to(actor).filter(pk__in=ids).select_related("lead_agency")
    return {case.pk: case for case in found.select_for_update(of=("self",)).order_by("pk")}


def _hand_over_one(
    actor: Actor, case: Case, from_person: UUID | None, successor: User, reason: str, at: str
) -> None:
    demand(policy.can_change(actor, case, "cases.hand_over"))
    demand_open(case)
    if case.person_in_charge_id != from_person:
        raise Conflict(
            _("Case %(code)s is in other hands now. Read the list again.") % {"code": case.code}
        )
    assign_person(actor, case, successor, f"{at}to_person")
    CaseHandover.objects.create(
        case=case,
        from_person_id=from_person,
        to_person=successor,
        cause=HandoverCause.HANDED_OVER,
        reason=reason,
        by_user=actor.user,
    )
    _pass_goals(case, from_person, successor)
    if from_person and from_person != successor.pk:
        to = Assignee(case.lead_agency, successor, HandOnCause.WITH_CASE, reason, by=actor.user)
        pass_tasks(actor.who, case, from_person, to)
    follow_tasks(case)
    case_handed_over(actor=actor, case=case, from_person=from_person, to_person=successor)
    log_write(actor.who, "case.hand_over", "case", case.pk, person=str(successor.pk))


def _pass_goals(case: Case, from_person: UUID | None, successor: User) -> None:
    if from_person is None:
        return  # what nobody sees to by name, the agency has left open on purpose
    for goal in PlanGoal.objects.filter(
        plan__case=case, agency=case.lead_agency, person=from_person, state=GoalState.OPEN
    ):
        goal.person = successor
        goal.save_version("person")

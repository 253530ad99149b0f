"""A case that was put into other hands by mistake goes back: it, what came with it, nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from carenet.agencies.actions import lock_membership
from carenet.agencies.actors import Actor
from carenet.agencies.models import User
from carenet.audit.actions import log_write
from carenet.cases import policy
from carenet.cases.actions.locks import assign_person, demand_open, lock_case, may_be_given
from carenet.cases.actions.next_action import (
    follow_tasks,
    leave_next_action,
    open_tasks,
    take_tasks_back,
)
from carenet.cases.models import Case, CaseMember, CaseReassignment
from carenet.cases.registry import naming_ends
from carenet.core import clock
from carenet.core.decisions import demand
from carenet.core.errors import Conflict
from carenet.reminders.policy import take_back_span
from carenet.tasks.actions import Assignee, pass_on
from carenet.tasks.models import Task
from carenet.tasks.states import HandOnCause


def note_reassignment(
    actor: Actor, case: Case, from_person: User, *, tasks: Sequence[Task], named: set[UUID]
) -> None:
    """Note what came with a case into other hands; `named` were named to it before.

    A system names nobody who could take it back.
    """
    if actor.user is None or case.person_in_charge is None:
        return
    came_along = policy.live_members(case).filter(user=case.person_in_charge).exclude(pk__in=named)
    now = dict(
        open_tasks(case).filter(pk__in=[task.pk for task in tasks]).values_list("pk", "version")
    )
    CaseReassignment.objects.create(
        case=case,
        from_person=from_person,
        to_person=case.person_in_charge,
        by_user=actor.user,
        case_version=case.version,
        tasks=list(now),
        task_versions=list(now.values()),
        naming=came_along.first() if case.restricted else None,
    )


def named_to(case: Case) -> set[UUID]:
    """Return the live namings to a restricted case."""
    return set(policy.live_members(case).values_list("pk", flat=True)) if case.restricted else set()


def reassignment_to_take_back(actor: Actor, case: Case) -> CaseReassignment:
    """Return the reassignment of a visible case that the actor may take back now.

    The page asks this before it offers it, the action again under its lock. Raises `Conflict` when
    somebody else did something last, when it is too late, or when something has happened since.
    """
    found = CaseReassignment.objects.select_related("from_person", "to_person", "naming")
    last = found.filter(case=case).order_by("-id").first()
    if last is None or last.taken_back_at or last.by_user_id != actor.user_id:
        raise Conflict(
            _("You have not put this case into other hands, or that was taken back already."),
            code="nothing_to_take_back",
        )
    if last.case_version != case.version or _have_gone_on(last):
        raise Conflict(
            _("Something has happened in this case since. Put it into other hands anew."),
            code="too_late_to_take_back",
        )
    if clock.now() - last.at > take_back_span() or not may_be_given(case, last.from_person):
        raise Conflict(
            _("It is too late to take this back. Put the case into other hands anew."),
            code="too_late_to_take_back",
        )
    return last


def can_be_taken_back(actor: Actor, case: Case) -> bool:
    """Whether `take_back` would do it."""
    try:
        reassignment_to_take_back(actor, case)
    except Conflict:
        return False
    return case.is_open and bool(policy.can_change(actor, case, "cases.reassign"))


@transaction.atomic
def take_back(*, actor: Actor, case_id: UUID, version: int | None = None) -> Case:
    """Undo that the actor has just put a case into other hands.

    The case, the tasks and the naming that went with it go back; what else whoever had it has to do in
    it stays theirs. Raises `Conflict` as `reassignment_to_take_back` does.
    """
    _lock_person_before(actor, case_id)
    case = lock_case(actor, case_id, version)
    demand(policy.can_change(actor, case, "cases.reassign"))
    demand_open(case)
    last = reassignment_to_take_back(actor, case)
    moved = open_tasks(case).filter(pk__in=last.tasks)
    if not moved.filter(is_next_action=True).exists():
        leave_next_action(case)
    assign_person(actor, case, last.from_person, "person")
    to = Assignee(case.lead_agency, last.from_person, HandOnCause.WITH_CASE, by=actor.user)
    for task in moved.filter(is_next_action=False):
        task.case = case
        pass_on(actor.who, task, to, elsewhere=False)
    follow_tasks(case)
    _end_naming(actor, case, last.naming)
    last.taken_back_at = clock.now()
    last.save(update_fields=["taken_back_at"])
    log_write(actor.who, "case.take_back", "case", case.pk, person=str(last.from_person.pk))
    return case


def _lock_person_before(actor: Actor, case_id: UUID) -> None:
    """Lock the membership of whoever gets the case back, before the case."""
    seen = policy.visible_to(actor).filter(pk=case_id)
    found = CaseReassignment.objects.filter(case__in=seen, by_user=actor.user)
    last = found.select_related("from_person").order_by("-id").first()
    if last:
        lock_membership(last.from_person, actor.agency)


def _have_gone_on(last: CaseReassignment) -> bool:
    """Whether somebody did something about one of the tasks since they came with the case."""
    now = Task.objects.filter(pk__in=last.tasks).values_list("pk", "version")
    return dict(now) != dict(zip(last.tasks, last.task_versions, strict=True))


def _end_naming(actor: Actor, case: Case, naming: CaseMember | None) -> None:
    """End the naming of whoever had a restricted case by mistake, unless that was ended already."""
    others = policy.live_members(case)
    if naming is None or not others.filter(pk=naming.pk).exists():
        return
    naming_ends(case=case, remaining=others.exclude(pk=naming.pk))
    naming.until = clock.now()
    naming.save(update_fields=["until"])
    take_tasks_back(actor.who, case)
    log_write(actor.who, "case.end_member", "case", case.pk, person=str(naming.user_id))

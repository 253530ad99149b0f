"""The tasks of a case, and its next action: the task of whoever is in charge that comes first.

The caller has locked the case.
"""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from carenet.agencies.actions.locks import SYSTEM
from carenet.agencies.actors import Actor
from carenet.audit.actions import Who, log_write
from carenet.cases.actions.locks import (
    NEXT_ACTION,
    lock_case_unchecked,
    remind_of_next_action,
    save_version,
)
from carenet.cases.models import Case, CaseShare
from carenet.cases.policy import live_members
from carenet.cases.selectors import live_grants, parts
from carenet.core import clock
from carenet.core.models import not_ended
from carenet.reminders.actions import cancel_reminder
from carenet.tasks.actions import Assignee, drop_with_case, pass_on, remind
from carenet.tasks.models import Task
from carenet.tasks.states import HandOnCause, TaskStatus

#: As many cases as a sweep looks at before it looks again.
AT_ONCE = 200


def follow_tasks(case: Case) -> None:
    """Let the next action of an open case be a task of whoever is in charge.

    It stays the same one until that is settled or in other hands; then the one that is due first, which
    is chased from the first step on: what somebody did about the other one was not about this one.
    """
    current = open_tasks(case).filter(is_next_action=True).first()
    if current and (current.agency_id, current.person_id) != _hands(case):
        _mark(case, current, is_next_action=False)
        current = None
    follows = current is None and case.next_action_on is not None
    if current is None:
        agency, person = _hands(case)
        theirs = open_tasks(case).filter(agency=agency, person=person)
        current = theirs.order_by("due_on", "pk").first()
        if current:
            _mark(case, current, is_next_action=True)
    before = (case.next_action, case.next_action_on)
    wanted = (current.what, current.due_on) if current else ("", None)
    if wanted != before:
        case.next_action, case.next_action_on = wanted
        save_version(case)
    if follows:
        cancel_reminder(kind=NEXT_ACTION, subject_id=case.pk, because="next_action")
    if follows or wanted != before:
        remind_of_next_action(case)


def finish_next_action(actor: Actor, case: Case) -> None:
    """Say of a case whose next action is emptied that its task is done, and by whom."""
    task = open_tasks(case).filter(is_next_action=True).first()
    if task is None:
        return
    task.case, task.status = case, TaskStatus.DONE
    task.settled_at, task.settled_by = clock.now(), actor.user
    task.save_version("status", "settled_at", "settled_by")
    remind(task)
    log_write(actor.who, "task.finish", "task", task.pk)


def pass_tasks(who: Who, case: Case, from_person: UUID, to: Assignee) -> list[Task]:
    """Let whoever takes a case over have the open tasks that somebody of its lead had in it.

    The next action goes with the case. Returns what was passed on.
    """
    theirs = open_tasks(case).filter(agency=case.lead_agency, person=from_person)
    passed = list(theirs.filter(is_next_action=False))
    for task in passed:
        task.case = case
        pass_on(who, task, to, elsewhere=False)
    return passed


def leave_next_action(case: Case) -> None:
    """Let the next action be a task like others, which stays where it is when the case moves.

    The columns of the case are written by whoever saves it next.
    """
    task = open_tasks(case).filter(is_next_action=True).first()
    if task:
        _mark(case, task, is_next_action=False)
    case.next_action, case.next_action_on = "", None


def take_tasks_back(who: Who, case: Case) -> None:
    """Give the open tasks of whoever no longer sees the case to its lead, who is told."""
    agencies = {case.lead_agency_id, *(part.agency.pk for part in parts(live_grants(case.pk)))}
    named = set(live_members(case).values_list("user", flat=True)) if case.restricted else set()
    to = Assignee(case.lead_agency, case.person_in_charge, HandOnCause.OUT_OF_REACH)
    taken = [
        task
        for task in open_tasks(case).filter(is_next_action=False)
        if task.agency_id not in agencies
        or (case.restricted and task.person_id and task.person_id not in named)
    ]
    for task in taken:
        if (task.agency_id, task.person_id) != _hands(case):
            pass_on(who, task, to, elsewhere=False)
    if taken:
        follow_tasks(case)


def take_unseen_tasks_back() -> None:
    """Do so for the shares that have run out, or were ended, meanwhile: a sweep.

    Case by case, in the order of their keys: what breaks off is gone on with in the next run.
    """
    now = clock.now()
    shares = CaseShare.objects.filter(
        not_ended(now), content_object=OuterRef("case"), group__agency=OuterRef("agency")
    )
    away = Task.objects.filter(~Exists(shares), status=TaskStatus.OPEN, elsewhere=True)
    found = away.order_by("case").values_list("case", flat=True).distinct()
    batch = list(found[:AT_ONCE])
    while batch:
        for case_id in batch:
            with transaction.atomic():
                take_tasks_back(SYSTEM, lock_case_unchecked(case_id))
        # Of what is left in an earlier one, none is in the way of those behind it.
        batch = list(found.filter(case__gt=batch[-1])[:AT_ONCE])


def drop_tasks(who: Who, case: Case) -> None:
    """Drop what is still to be done in a case that ends."""
    drop_with_case(who, open_tasks(case), case.ended_at or clock.now())


def open_tasks(case: Case) -> QuerySet[Task]:
    """Return the open tasks of a locked case, locked."""
    found = case.tasks.filter(status=TaskStatus.OPEN).select_related("agency", "person")
    return found.select_for_update(of=("self",)).order_by("pk")


def _hands(case: Case) -> tuple[UUID, UUID | None]:
    return case.lead_agency_id, case.person_in_charge_id


def _mark(case: Case, task: Task, *, is_next_action: bool) -> None:
    task.case, task.is_next_action = case, is_next_action
    task.save_version("is_next_action")
    remind(task)

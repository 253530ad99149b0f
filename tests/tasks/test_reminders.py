"""Whoever has a task is told as it comes, on its day, and chased; then their managers, and the lead."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from carenet.agencies.actions import record_absence
from carenet.agencies.actors import Actor
from carenet.agencies.models import Membership
from carenet.agencies.roles import Role
from carenet.agencies.selectors import Roster
from carenet.cases.models import Case
from carenet.core import clock
from carenet.reminders.actions import due, fall_due_together
from carenet.reminders.models import Delivery, Reminder
from carenet.reminders.registry import kind_named, kinds_asked_about
from carenet.tasks.models import Task
from tests.factories import a_case, a_member
from tests.tasks.calls import a_task, told


def reminder(task: Task, kind: str = "task.due") -> Reminder:
    return Reminder.objects.get(kind=kind, subject_id=task.pk, settled_at=None)


def recipients(task: Task, step: int, kind: str = "task.due") -> set[object]:
    found = kind_named(kind).recipients(reminder(task, kind).occurrence(step))
    return {each.user for each in found}


def steps(task: Task) -> int:
    """Return how many steps there are until the last one comes again."""
    occurrence, number = reminder(task).occurrence, 0
    while kind_named("task.due").next_due(occurrence(number), clock.now()):
        number += 1
    return number + 1


def test_on_its_day_whoever_has_it_then_their_managers(worker: Actor, case: Case) -> None:
    colleague, manager = a_member(worker.agency), a_member(worker.agency, Role.MANAGER)
    task = a_task(worker, case, person=colleague.user)
    assert reminder(task).first_due_at.date() <= task.due_on
    assert recipients(task, 0) == {colleague.user}
    assert recipients(task, 1) == {manager.user}
    assert steps(task) == 2


def test_without_a_person_the_staff_is_told(worker: Actor, case: Case) -> None:
    colleague = a_member(worker.agency)
    assert recipients(a_task(worker, case), 0) == {worker.user, colleague.user}


def test_what_an_agency_elsewhere_forgets_the_lead_hears_of(
    worker: Actor, helper: Actor, shared: Case
) -> None:
    manager = a_member(helper.agency, Role.MANAGER)
    task = a_task(worker, shared, agency=helper.agency, person=helper.user)
    assert (recipients(task, 0), recipients(task, 1)) == ({helper.user}, {manager.user})
    assert recipients(task, 2) == {manager.user, worker.user}
    assert steps(task) == 3


def test_where_nobody_there_sees_the_case_the_lead_is_told(
    worker: Actor, helper: Actor, shared: Case
) -> None:
    task = a_task(worker, shared, agency=helper.agency)
    shared.shares.all().delete()
    assert recipients(task, 0) == {worker.user}


@pytest.mark.parametrize(("verb", "body"), [("finish", {}), ("drop", {"reason": "不要"})])
def test_settled_it_is_chased_no_more(
    worker: Actor, case: Case, verb: str, body: dict[str, str]
) -> None:
    task = a_task(worker, case)
    told(worker, task, verb, **body)
    assert not Reminder.objects.filter(subject_id=task.pk, settled_at=None).exists()


def test_handed_on_whoever_has_it_now_is_told_and_chased(worker: Actor, case: Case) -> None:
    colleague = a_member(worker.agency)
    task = a_task(worker, case)
    told(worker, task, "hand-on", person=str(colleague.user_id))
    assert recipients(task, 0) == recipients(task, 0, "task.given") == {colleague.user}


def test_whoever_takes_it_themselves_is_not_told_so(worker: Actor, case: Case) -> None:
    task = a_task(worker, case, person=worker.user)
    assert not Reminder.objects.filter(kind="task.given", subject_id=task.pk).exists()


def test_what_is_forgotten_is_chased_until_somebody_acts(worker: Actor, case: Case) -> None:
    manager = a_member(worker.agency, Role.MANAGER)
    task = a_task(worker, case, 1)
    now = clock.now()
    for days in range(0, 40, 2):
        while fall_due_together(now=now + timedelta(days=days)):
            pass
    found = Delivery.objects.filter(reminder=reminder(task), channel="inbox")
    assert found.filter(recipient=worker.user).exists()
    assert found.filter(recipient=manager.user).count() > 1
    told(worker, task, "finish")
    assert not Reminder.objects.filter(subject_id=task.pk, settled_at=None).exists()


def test_few_cost_as_many_statements_as_many(
    worker: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(due, "LONGEST_LOCK", 60)  # however slow it is here

    def cost(number: int) -> int:
        for _ in range(number):
            a_task(worker, a_case(worker))
        Reminder.objects.exclude(kind="task.due").delete()
        with CaptureQueriesContext(connection) as captured:
            fall_due_together(now=clock.now() + timedelta(days=20))
        return len(captured)

    assert cost(3) == cost(8)


def test_the_last_step_of_many_reads_their_cases_once(
    worker: Actor, helper: Actor, shared: Case
) -> None:
    tasks = [a_task(worker, shared, agency=helper.agency) for _ in range(3)]
    occurrences = [reminder(each).occurrence(2) for each in tasks]

    def cost(number: int) -> int:
        asked = [("task.due", each) for each in occurrences[:number]]
        kind = kinds_asked_about(asked, Roster())["task.due"]
        with CaptureQueriesContext(connection) as captured:
            for each in occurrences[:number]:
                list(kind.recipients(each))
        return len(captured)

    assert cost(1) == cost(3)


def test_for_whoever_is_away_their_deputy_is_told(worker: Actor, case: Case) -> None:
    owner, deputy = a_member(worker.agency), a_member(worker.agency)
    task = a_task(worker, case, person=owner.user)
    membership = Membership.objects.get(user=owner.user)
    record_absence(actor=owner, membership=membership, deputy=deputy.user)
    assert recipients(task, 0) == {deputy.user}

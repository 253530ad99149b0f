"""Tasks come into other hands with what happens around them; nothing is left to somebody who is gone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models import QuerySet

from carenet.access.models import Grant
from carenet.agencies.actions import end_membership
from carenet.agencies.actions.closure_batches import close_some
from carenet.agencies.actors import Actor
from carenet.agencies.models import Membership
from carenet.agencies.roles import Role
from carenet.cases.actions.cases import reassign
from carenet.cases.actions.handover import hand_over
from carenet.cases.models import Case, CaseShare
from carenet.cases.tasks import take_back_tasks
from carenet.core import clock
from carenet.reminders.models import Reminder
from carenet.tasks.models import Task, TaskHandover
from tests.agencies.plaza import Plaza, left_on
from tests.cases.paths import at, share
from tests.factories import a_case, a_member, api
from tests.tasks.calls import a_task


def owner(task: Task) -> tuple[object, object]:
    task.refresh_from_db()
    return task.agency, task.person


def handovers(task: Task) -> list[tuple[str, object]]:
    found: QuerySet[TaskHandover] = task.handovers.order_by("id")
    return [(each.cause, each.to_person) for each in found]


def is_told(task: Task) -> bool:
    found = Reminder.objects.filter(kind="task.given", subject_id=task.pk, settled_at=None)
    return found.filter(agency=task.agency, person=task.person).exists()


def test_whoever_leaves_leaves_their_tasks_to_the_agency_which_is_told(
    worker: Actor, helper: Actor, shared: Case
) -> None:
    task = a_task(worker, shared, agency=helper.agency, person=helper.user)
    end_membership(actor=None, membership=Membership.objects.get(user=helper.user))
    assert owner(task) == (helper.agency, None)
    assert handovers(task) == [("left", None)]
    assert is_told(task)


def test_the_next_action_of_whoever_leaves_is_the_leads(worker: Actor, case: Case) -> None:
    task = a_task(worker, case, person=worker.user)
    end_membership(actor=None, membership=Membership.objects.get(user=worker.user))
    assert owner(task) == (worker.agency, None)


def test_with_the_case_the_tasks_of_whoever_had_it_are_handed_over(
    worker: Actor, helper: Actor, shared: Case
) -> None:
    manager, successor = a_member(worker.agency, Role.MANAGER), a_member(worker.agency)
    colleague = a_member(worker.agency)
    a_task(worker, shared, 1, person=worker.user)
    task = a_task(worker, shared, 2, person=worker.user)
    others = [
        a_task(worker, shared, person=colleague.user), a_task(worker, shared),
        a_task(worker, shared, agency=helper.agency),
    ]  # fmt: skip
    before = [owner(each) for each in others]
    hand_over(actor=manager, from_person=worker.user_id, to_person=successor.user, reason="異動")
    assert {each.person for each in Task.objects.filter(is_next_action=True)} == {successor.user}
    assert (owner(task)[1], handovers(task)) == (
        successor.user, [("with_case", successor.user)],
    )  # fmt: skip
    assert [owner(each) for each in others] == before


def test_so_they_are_where_a_colleague_takes_the_case_over(
    worker: Actor, helper: Actor, shared: Case
) -> None:
    successor = a_member(worker.agency).user
    assert successor
    a_task(worker, shared, 1, person=worker.user)
    task = a_task(worker, shared, 2, person=worker.user)
    others = [a_task(worker, shared), a_task(worker, shared, agency=helper.agency)]
    before = [owner(each) for each in others]
    reassign(actor=worker, case_id=shared.pk, person=successor)
    assert (owner(task)[1], handovers(task)) == (successor, [("with_case", successor)])
    assert is_told(task)
    assert [owner(each) for each in others] == before


def test_what_whoever_takes_it_over_had_to_do_there_becomes_the_next_action(
    worker: Actor, case: Case
) -> None:
    successor = a_member(worker.agency).user
    assert successor
    task = a_task(worker, case, person=successor)
    reassign(actor=worker, case_id=case.pk, person=successor)
    task.refresh_from_db()
    case.refresh_from_db()
    assert (task.is_next_action, case.next_action) == (True, "電話")


def test_a_case_that_stays_with_whoever_has_it_keeps_its_tasks(worker: Actor, case: Case) -> None:
    manager = a_member(worker.agency, Role.MANAGER)
    a_task(worker, case, 1, person=worker.user)
    task = a_task(worker, case, 2, person=worker.user)
    hand_over(actor=manager, from_person=worker.user_id, to_person=worker.user, reason="異動")
    assert (owner(task), handovers(task)) == ((worker.agency, worker.user), [])


def test_when_a_share_is_ended_the_tasks_go_back_to_the_lead_who_is_told(
    worker: Actor, helper: Actor, shared: Case
) -> None:
    a_task(worker, shared, 1, person=worker.user)
    task = a_task(worker, shared, agency=helper.agency, person=helper.user)
    grant = Grant.objects.live().get(group=helper.group_id)
    api(worker).post(at(shared, "grants", grant.pk, "revoke"), {})
    assert owner(task) == (worker.agency, worker.user)
    assert handovers(task) == [("out_of_reach", worker.user)]
    assert is_told(task)


def test_so_they_do_when_it_has_run_out(worker: Actor, helper: Actor, shared: Case) -> None:
    task = a_task(worker, shared, agency=helper.agency)
    take_back_tasks()
    assert owner(task) == (helper.agency, None)
    over = clock.now() - timedelta(minutes=1)
    Grant.objects.filter(group=helper.group_id).update(until=over)
    CaseShare.objects.filter(group=helper.group_id).update(until=over)
    take_back_tasks()
    assert owner(task) == (worker.agency, worker.user)
    assert is_told(task)


def test_of_more_cases_than_are_looked_at_at_once_none_waits(
    worker: Actor, helper: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("carenet.cases.actions.next_action.AT_ONCE", 2)
    cases = [a_case(worker) for _ in range(5)]
    for case in cases:
        share(worker, case, helper.agency_id)
    tasks = [a_task(worker, case, agency=helper.agency) for case in cases]
    CaseShare.objects.filter(group=helper.group_id).update(until=clock.now())
    Grant.objects.filter(group=helper.group_id).update(until=clock.now())
    take_back_tasks()
    assert {owner(each) for each in tasks} == {(worker.agency, worker.user)}


@pytest.mark.parametrize("named", [False, True])
def test_in_a_case_that_is_restricted_whoever_is_not_named_has_no_task(
    worker: Actor, case: Case, *, named: bool
) -> None:
    colleague = a_member(worker.agency)
    if named:
        api(worker).post(at(case, "named-members"), {"user": str(colleague.user_id)})
    task = a_task(worker, case, person=colleague.user)
    api(worker).post(at(case, "restrict"), {})
    assert owner(task)[1] == (colleague.user if named else worker.user)


def test_of_an_agency_that_closes_own_cases_pass_and_the_others_are_their_leads_again(
    worker: Actor, case: Case
) -> None:
    plaza = Plaza()
    share(worker, case, plaza.agency.pk)
    own = a_task(plaza.staff, a_case(plaza.staff))
    elsewhere = a_task(worker, case, agency=plaza.agency, person=plaza.staff.user)
    plaza.confirmed()
    while close_some(now=clock.now()):
        pass
    assert owner(own) == (plaza.successor, None)
    assert owner(elsewhere) == (worker.agency, worker.user)
    assert is_told(elsewhere)
    assert {each.cause for each in TaskHandover.objects.all()} == {"agency_closed"}
    assert left_on(plaza.agency).get("tasks") is None

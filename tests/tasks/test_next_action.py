"""The next action of a case is a task: whichever of the two is written, the other one follows."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection

from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency
from carenet.cases.actions.cases import reassign
from carenet.cases.models import Case
from carenet.core import clock
from carenet.referrals.actions.acceptance_and_outcome import accept
from carenet.reminders.models import Reminder
from carenet.tasks.models import Task
from tests.cases.paths import change
from tests.factories import a_case, a_member, a_sent_referral, api
from tests.tasks.calls import a_task, in_days, told


def next_action(case: Case) -> tuple[str, str]:
    case.refresh_from_db()
    return case.next_action, f"{case.next_action_on or ''}"


def first(case: Case) -> Task:
    return Task.objects.get(case=case, is_next_action=True, status="open")


def chains(case: Case) -> list[tuple[str, UUID]]:
    """Return what is chased about a case and its tasks: of each thing once."""
    subjects = [case.pk, *case.tasks.values_list("pk", flat=True)]
    kinds = ("case.next_action", "task.due")
    found = Reminder.objects.filter(subject_id__in=subjects, settled_at=None, kind__in=kinds)
    return sorted(found.values_list("kind", "subject_id"))


def as_the_release_before(case: Case, **columns: object) -> None:
    """Write the columns of a case as the release before does, which knows no tasks."""
    Case.objects.filter(pk=case.pk).update(**columns)


def test_a_next_action_is_the_first_task(worker: Actor, case: Case) -> None:
    change(api(worker), case, next_action="電話", next_action_on=in_days(3))
    task = first(case)
    assert (task.what, f"{task.due_on}") == ("電話", in_days(3))
    assert (task.agency, task.person) == (worker.agency, worker.user)
    assert task.pk.version == 7


def test_so_it_is_for_the_release_before(case: Case) -> None:
    on = clock.today() + timedelta(days=2)
    as_the_release_before(case, next_action="電話", next_action_on=on)
    task = first(case)
    as_the_release_before(case, next_action="訪問", next_action_on=on)
    assert (first(case).pk, first(case).what) == (task.pk, "訪問")
    as_the_release_before(case, next_action="", next_action_on=None)
    task.refresh_from_db()
    assert (task.status, task.is_open) == ("done", False)


def test_a_case_that_is_copied_in_brings_its_task(worker: Actor, case: Case) -> None:
    other = a_case(worker)
    as_the_release_before(case, next_action="電話", next_action_on=clock.today())
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE copy AS SELECT * FROM cases_case WHERE id = %s", [case.pk]
        )
        cursor.execute("UPDATE copy SET id = gen_random_uuid(), number = 999999")
        cursor.execute("INSERT INTO cases_case SELECT * FROM copy")
    assert Task.objects.exclude(case__in=[case, other]).get().what == "電話"


def test_the_first_task_of_whoever_is_in_charge_is_the_next_action(
    worker: Actor, case: Case
) -> None:
    task = a_task(worker, case, 5, person=worker.user)
    assert task.is_next_action
    assert next_action(case) == ("電話", in_days(5))


def test_that_of_somebody_else_is_not(worker: Actor, case: Case) -> None:
    assert not a_task(worker, case, person=a_member(worker.agency).user).is_next_action
    assert not a_task(worker, case).is_next_action
    assert next_action(case) == ("", "")


def test_done_the_one_that_is_due_first_comes_next(worker: Actor, case: Case) -> None:
    done = a_task(worker, case, 5, person=worker.user)
    a_task(worker, case, 9, person=worker.user, what="後で")
    a_task(worker, case, 8, person=worker.user, what="次に")
    told(worker, done, "finish")
    assert next_action(case) == ("次に", in_days(8))
    told(worker, first(case), "drop", reason="不要")
    assert next_action(case) == ("後で", in_days(9))
    told(worker, first(case), "finish")
    assert next_action(case) == ("", "")


def test_handed_on_it_is_no_next_action_any_more(worker: Actor, case: Case) -> None:
    task = a_task(worker, case, person=worker.user)
    told(worker, task, "hand-on", person=str(a_member(worker.agency).user_id))
    task.refresh_from_db()
    assert (task.is_next_action, next_action(case)) == (False, ("", ""))


def test_a_change_of_the_task_is_one_of_the_next_action(worker: Actor, case: Case) -> None:
    task = a_task(worker, case, person=worker.user)
    answer = api(worker).patch(
        f"/api/v1/tasks/{task.pk}/", {"what": "訪問", "due_on": in_days(4)},
        headers={"If-Match": f'"{Task.objects.get(pk=task.pk).version}"'},
    )  # fmt: skip
    assert answer.status_code == 200
    assert next_action(case) == ("訪問", in_days(4))


def test_of_each_thing_there_is_one_chain(worker: Actor, case: Case) -> None:
    done = a_task(worker, case, 5, person=worker.user)
    after = a_task(worker, case, 6, person=worker.user)
    assert chains(case) == [("case.next_action", case.pk), ("task.due", after.pk)]
    told(worker, done, "finish")
    assert chains(case) == [("case.next_action", case.pk)]
    told(worker, after, "hand-on", person=str(a_member(worker.agency).user_id))
    assert chains(case) == [("task.due", after.pk)]
    told(worker, after, "drop", reason="不要")
    assert chains(case) == []


def test_emptied_over_the_case_it_is_done_by_whoever_did_that(worker: Actor, case: Case) -> None:
    task = a_task(a_member(worker.agency), case, 3, person=worker.user)
    change(api(worker), case, next_action="", next_action_on=None)
    task.refresh_from_db()
    assert (task.status, task.settled_by) == ("done", worker.user)
    assert not Reminder.objects.filter(subject_id=task.pk, settled_at=None).exists()


def test_what_comes_next_on_the_same_day_is_chased_from_the_first_step(
    worker: Actor, case: Case
) -> None:
    task, _next = (a_task(worker, case, 3, person=worker.user) for _ in range(2))
    chain = Reminder.objects.filter(kind="case.next_action", subject_id=case.pk, settled_at=None)
    chain.update(step=2, due_at=None)
    told(worker, task, "finish")
    assert (chain.get().step, chain.get().due_at) == (0, chain.get().first_due_at)


def test_whoever_takes_the_case_over_has_the_next_action(worker: Actor, case: Case) -> None:
    a_task(worker, case, person=worker.user)
    colleague = a_member(worker.agency)
    assert colleague.user
    reassign(actor=worker, case_id=case.pk, person=colleague.user)
    assert first(case).person == colleague.user


def test_with_the_lead_it_goes_there(worker: Actor, helper: Actor, case: Case) -> None:
    a_task(worker, case, person=worker.user)
    other = a_task(worker, case)
    referral = a_sent_referral(worker, helper.agency, case, kind="TRANSFER_OF_LEAD")
    accept(actor=helper, referral_id=referral.pk)
    other.refresh_from_db()
    assert (first(case).agency, other.agency, other.elsewhere) == (
        helper.agency, worker.agency, True,
    )  # fmt: skip


def test_what_whoever_leads_now_had_to_do_there_becomes_it(
    worker: Actor, helper: Actor, shared: Case
) -> None:
    theirs = a_task(worker, shared, agency=helper.agency, person=helper.user)
    referral = a_sent_referral(worker, helper.agency, shared, kind="TRANSFER_OF_LEAD")
    accept(actor=helper, referral_id=referral.pk)
    assert first(shared) == theirs


@pytest.mark.parametrize("verb", ["close", "discontinue"])
def test_with_the_case_all_of_them_end(
    worker: Actor, helper: Actor, shared: Case, verb: str
) -> None:
    a_task(worker, shared, person=worker.user)
    a_task(worker, shared, agency=helper.agency)
    api(worker).post(f"/api/v1/cases/{shared.pk}/{verb}/", {"reason": "goal_reached"})
    assert {(each.status, each.with_case) for each in Task.objects.all()} == {("dropped", True)}
    assert chains(shared) == []


def test_so_they_do_when_the_release_before_ends_it(worker: Actor, case: Case) -> None:
    a_task(worker, case)
    as_the_release_before(
        case, status="closed", ended_at=clock.now(), end_reason="other", next_action="",
        next_action_on=None,
    )  # fmt: skip
    assert Task.objects.get().with_case


def test_a_case_without_tasks_is_as_before(plaza: Agency, case: Case) -> None:
    as_the_release_before(case, summary="別の話")
    assert (Task.objects.count(), case.lead_agency) == (0, plaza)

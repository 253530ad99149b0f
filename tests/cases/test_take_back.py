"""Whoever put a case into other hands takes that back: what it moved, and nothing else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine

from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency
from carenet.audit.models import AuditEntry
from carenet.cases.actions.cases import edit, restrict
from carenet.cases.models import Case
from carenet.core import clock
from carenet.reminders.models import Reminder
from carenet.reminders.policy import take_back_span
from carenet.tasks.actions import change, finish
from tests.cases.paths import at, sees
from tests.factories import a_member, api
from tests.rest.raw_requests import code_of
from tests.tasks.calls import a_task


@pytest.fixture
def colleague(plaza: Agency) -> Actor:
    return a_member(plaza)


def put_into(worker: Actor, case: Case, person: Actor) -> None:
    answer = api(worker).post(at(case, "reassign"), {"person": str(person.user_id)})
    assert answer.status_code == 200, answer.content


def taken_back(worker: Actor, case: Case, **headers: str) -> Any:
    return api(worker).post(at(case, "take-back"), {}, headers=headers)


def has(case: Case) -> object:
    case.refresh_from_db()
    return case.person_in_charge


def test_the_case_and_what_came_with_it_go_back(
    worker: Actor, colleague: Actor, case: Case
) -> None:
    tasks = [a_task(worker, case, days, person=worker.user) for days in (1, 2)]
    put_into(worker, case, colleague)
    assert taken_back(worker, case).status_code == 200
    for task in tasks:
        task.refresh_from_db()
    assert (has(case), [task.person for task in tasks]) == (worker.user, [worker.user] * 2)


def test_what_whoever_had_it_had_to_do_there_before_stays_theirs(
    worker: Actor, colleague: Actor, case: Case
) -> None:
    a_task(worker, case, 1, person=worker.user)
    own = a_task(worker, case, 2, person=colleague.user)
    put_into(worker, case, colleague)
    taken_back(worker, case)
    own.refresh_from_db()
    assert (own.person, own.is_next_action) == (colleague.user, False)


def test_so_it_does_where_it_had_become_the_next_action(
    worker: Actor, colleague: Actor, case: Case
) -> None:
    own = a_task(worker, case, person=colleague.user)
    put_into(worker, case, colleague)
    taken_back(worker, case)
    own.refresh_from_db()
    case.refresh_from_db()
    assert (own.person, own.status, case.next_action) == (colleague.user, "open", "")


def test_whoever_had_a_task_by_mistake_is_no_longer_told_of_it(
    worker: Actor, colleague: Actor, case: Case
) -> None:
    a_task(worker, case, 1, person=worker.user)
    task = a_task(worker, case, 2, person=worker.user)
    put_into(worker, case, colleague)
    taken_back(worker, case)
    given = Reminder.objects.filter(kind="task.given", subject_id=task.pk, settled_at=None)
    assert not given.exists()


def test_the_sight_of_a_restricted_case_goes_back_too(
    worker: Actor, colleague: Actor, case: Case
) -> None:
    restrict(actor=worker, case_id=case.pk)
    put_into(worker, case, colleague)
    taken_back(worker, case)
    assert (sees(worker, case), sees(colleague, case)) == (True, False)


def test_who_was_named_to_it_before_stays_named(
    worker: Actor, colleague: Actor, case: Case
) -> None:
    restrict(actor=worker, case_id=case.pk)
    api(worker).post(at(case, "named-members"), {"user": str(colleague.user_id)})
    put_into(worker, case, colleague)
    taken_back(worker, case)
    assert sees(colleague, case)


def test_it_has_its_line_in_the_trail(worker: Actor, colleague: Actor, case: Case) -> None:
    put_into(worker, case, colleague)
    taken_back(worker, case)
    assert AuditEntry.objects.filter(action="case.take_back", object_ids=[case.pk]).count() == 1


def test_once_is_enough(worker: Actor, colleague: Actor, case: Case) -> None:
    put_into(worker, case, colleague)
    taken_back(worker, case)
    assert code_of(taken_back(worker, case), 409) == "nothing_to_take_back"


def test_nobody_takes_back_what_somebody_else_did(
    worker: Actor, colleague: Actor, case: Case
) -> None:
    put_into(worker, case, colleague)
    assert code_of(taken_back(colleague, case), 409) == "nothing_to_take_back"


def test_some_minutes_later_it_is_too_late(worker: Actor, colleague: Actor, case: Case) -> None:
    put_into(worker, case, colleague)
    later = clock.now() + take_back_span() + timedelta(minutes=1)
    with time_machine.travel(later, tick=False):
        assert code_of(taken_back(worker, case), 409) == "too_late_to_take_back"


def test_nor_is_it_taken_back_once_the_case_went_on(
    worker: Actor, colleague: Actor, case: Case
) -> None:
    put_into(worker, case, colleague)
    edit(actor=colleague, case_id=case.pk, summary="転居した")
    assert code_of(taken_back(worker, case), 409) == "too_late_to_take_back"
    assert has(case) == colleague.user


@pytest.mark.parametrize(("act", "fields"), [(finish, {}), (change, {"what": "訪問"})])
def test_nor_once_a_task_that_came_with_it_did(
    worker: Actor, colleague: Actor, case: Case, act: Any, fields: dict[str, Any]
) -> None:
    a_task(worker, case, 1, person=worker.user)
    task = a_task(worker, case, 2, person=worker.user)
    put_into(worker, case, colleague)
    act(actor=colleague, task_id=task.pk, **fields)
    assert code_of(taken_back(worker, case), 409) == "too_late_to_take_back"


def test_a_stale_version_is_refused(worker: Actor, colleague: Actor, case: Case) -> None:
    put_into(worker, case, colleague)
    assert code_of(taken_back(worker, case, **{"If-Match": '"1"'}), 412) == "version_changed"

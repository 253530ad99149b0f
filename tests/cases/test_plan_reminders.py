"""The days of a plan: whoever is in charge then is told, later the managers."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from pytest_django import Settings
from rest_framework.test import APIClient

from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency, User
from carenet.agencies.roles import Role
from carenet.cases.models import Case
from carenet.reminders.models import Reminder
from carenet.reminders.registry import kind_named
from tests.cases.paths import at, share
from tests.cases.plans import GOAL, agreed, day, review, settle, write
from tests.factories import a_member

WEDNESDAY, SUNDAY = "2030-06-05", "2030-06-09"
REVIEW, GOALS = "case.plan_review", "case.plan_goal"


@pytest.fixture(autouse=True)
def _far_enough(settings: Settings) -> None:
    """The days of these tests lie in 2030, so that no holiday of ours stands in their way."""
    settings.CASE_REVIEW_MOST_DAYS = settings.CASE_GOAL_MOST_DAYS = 2000


def opening(day: int) -> datetime:
    return datetime(2030, 6, day, 9, tzinfo=ZoneInfo("Asia/Tokyo"))


def open_one(kind: str) -> Reminder | None:
    return Reminder.objects.filter(kind=kind, settled_at=None).first()


def told(kind: str, step: int = 0) -> set[User]:
    reminder = open_one(kind)
    assert reminder
    return {each.user for each in kind_named(kind).recipients(reminder.occurrence(step))}


def holds(kind: str) -> bool:
    reminder = Reminder.objects.filter(kind=kind).latest("id")
    return kind_named(kind).still_applies(reminder.occurrence(0))


def test_a_draft_reminds_nobody(client: APIClient, case: Case) -> None:
    write(client, case, GOAL | {"until": WEDNESDAY})
    assert (open_one(REVIEW), open_one(GOALS)) == (None, None)


@pytest.mark.parametrize(("on", "told_on"), [(WEDNESDAY, 5), (SUNDAY, 8)])
def test_a_review_is_due_when_the_lead_opens(
    client: APIClient, plaza: Agency, case: Case, on: str, told_on: int
) -> None:
    plaza.closed_weekdays = [6]
    plaza.save()
    agreed(client, case, review_on=on)
    reminder = open_one(REVIEW)
    assert reminder
    assert reminder.due_at == opening(told_on)
    assert (reminder.subject_id, reminder.subject_code) == (case.pk, case.code)


def test_the_person_in_charge_hears_of_it_then_the_managers(
    client: APIClient, worker: Actor, plaza: Agency, case: Case
) -> None:
    manager = a_member(plaza, Role.MANAGER)
    agreed(client, case)
    assert told(REVIEW) == {worker.user}
    assert told(REVIEW, 1) == {manager.user}


def test_whoever_is_in_charge_by_then(client: APIClient, plaza: Agency, case: Case) -> None:
    colleague = a_member(plaza)
    agreed(client, case)
    client.post(at(case, "reassign"), {"person": str(colleague.user_id)})
    assert told(REVIEW) == {colleague.user}


def test_without_one_the_whole_staff(
    client: APIClient, worker: Actor, plaza: Agency, case: Case
) -> None:
    colleague = a_member(plaza)
    agreed(client, case)
    Case.objects.update(person_in_charge=None)
    assert told(REVIEW) == {worker.user, colleague.user}


def test_a_review_sets_the_next_day(client: APIClient, case: Case) -> None:
    review(client, case, agreed(client, case), next_review_on=WEDNESDAY)
    reminder = open_one(REVIEW)
    assert reminder
    assert reminder.due_at == opening(5)


def test_the_end_of_the_plan_ends_it(client: APIClient, case: Case) -> None:
    plan = agreed(client, case, GOAL | {"until": WEDNESDAY})
    client.post(at(case, "plans", plan["id"], "end"), {})
    assert (open_one(REVIEW), open_one(GOALS)) == (None, None)
    assert (holds(REVIEW), holds(GOALS)) == (False, False)


def test_so_does_the_end_of_the_case(client: APIClient, case: Case) -> None:
    agreed(client, case, GOAL | {"until": WEDNESDAY})
    client.post(at(case, "close"), {"reason": "goal_reached"})
    assert (open_one(REVIEW), open_one(GOALS)) == (None, None)


def test_who_sees_to_a_goal_hears_of_its_day_too(
    client: APIClient, worker: Actor, helper: Actor, case: Case
) -> None:
    share(worker, case, helper.agency_id)
    theirs: dict[str, Any] = {"agency": str(helper.agency_id), "person": str(helper.user_id)}
    agreed(client, case, GOAL | theirs | {"until": day(3)})
    assert told(GOALS) == {worker.user, helper.user}


@pytest.mark.parametrize(("verb", "note"), [("reach", ""), ("drop", "本人が望まない")])
def test_a_settled_goal_is_not_asked_about(
    client: APIClient, case: Case, verb: str, note: str
) -> None:
    (goal,) = agreed(client, case, GOAL | {"until": WEDNESDAY})["goals"]
    settle(client, case, goal, verb, note)
    assert open_one(GOALS) is None
    settle(client, case, goal, "reopen")
    assert open_one(GOALS)


def test_it_is_told_without_a_name(client: APIClient, case: Case) -> None:
    agreed(client, case, GOAL | {"until": WEDNESDAY})
    for kind in (REVIEW, GOALS):
        reminder = open_one(kind)
        assert reminder
        assert case.code in str(kind_named(kind).text(reminder.occurrence(0)))


def test_who_has_no_part_in_the_case_is_not_told(
    client: APIClient, worker: Actor, helper: Actor, case: Case
) -> None:
    agreed(client, case, GOAL | {"until": WEDNESDAY})
    for kind in (REVIEW, GOALS):
        reminder = open_one(kind)
        assert reminder
        assert kind_named(kind).may_see(worker, reminder.occurrence(0))
        assert not kind_named(kind).may_see(helper, reminder.occurrence(0))


def test_the_chase_ends_with_the_managers(client: APIClient, case: Case) -> None:
    agreed(client, case)
    reminder, now = open_one(REVIEW), timezone.now()
    assert reminder
    assert kind_named(REVIEW).next_due(reminder.occurrence(0), now)
    assert kind_named(REVIEW).next_due(reminder.occurrence(1), now) is None

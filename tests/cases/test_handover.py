"""One or many cases change hands at once, all of them or none, and nothing of theirs is dropped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from rest_framework.test import APIClient

from carenet.agencies.actions import end_membership
from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency, Membership, User
from carenet.agencies.roles import Role
from carenet.cases.actions.shares import name_member
from carenet.cases.models import Case, CaseHandover, PlanGoal
from carenet.reminders.models import Reminder
from tests.cases.paths import change, sees, share
from tests.cases.plans import GOAL, agreed, day
from tests.factories import a_case, a_member, api
from tests.rest.raw_requests import code_of, pointers_of

if TYPE_CHECKING:
    from rest_framework.response import _MonkeyPatchedResponse as Answer

HANDOVER = "/api/v1/cases/handover/"


@pytest.fixture
def manager(plaza: Agency) -> Actor:
    return a_member(plaza, Role.MANAGER)


@pytest.fixture
def successor(plaza: Agency) -> Actor:
    return a_member(plaza)


def hand_over(manager: Actor, worker: Actor | None, to: Actor | None, **more: Any) -> Answer:
    body: dict[str, Any] = {
        "from_person": str(worker.user_id) if worker else None,
        "reason": "異動",
    }
    if to:
        body["to_person"] = str(to.user_id)
    return api(manager).post(HANDOVER, body | more)


def one(case: Case, to: Actor | None = None) -> dict[str, str]:
    return {"case": str(case.pk)} | ({"to_person": str(to.user_id)} if to else {})


def in_charge(case: Case) -> User | None:
    return Case.objects.get(pk=case.pk).person_in_charge


def test_all_open_cases_of_a_person_go_at_once(
    client: APIClient, worker: Actor, manager: Actor, successor: Actor, case: Case
) -> None:
    other, closed = a_case(worker), a_case(worker)
    client.post(f"/api/v1/cases/{closed.pk}/close/", {"reason": "goal_reached"})
    answer = hand_over(manager, worker, successor)
    assert {row["id"] for row in answer.json()["cases"]} == {str(case.pk), str(other.pk)}
    assert in_charge(case) == in_charge(other) == successor.user
    assert in_charge(closed) == worker.user


def test_or_some_each_to_its_own_successor(
    plaza: Agency, worker: Actor, manager: Actor, successor: Actor, case: Case
) -> None:
    other, kept, third = a_case(worker), a_case(worker), a_member(plaza)
    hand_over(manager, worker, successor, cases=[one(case), one(other, third)])
    assert in_charge(case) == successor.user
    assert in_charge(other) == third.user
    assert in_charge(kept) == worker.user


def test_the_pool_is_emptied_the_same_way(
    worker: Actor, manager: Actor, successor: Actor, case: Case
) -> None:
    end_membership(actor=manager, membership=Membership.objects.get(user=worker.user))
    assert hand_over(manager, None, successor).status_code == 200
    assert in_charge(case) == successor.user


def test_the_next_action_stays_and_reminds_the_successor(
    client: APIClient, worker: Actor, manager: Actor, successor: Actor, case: Case
) -> None:
    change(client, case, next_action="電話", next_action_on=day(3))
    shown = hand_over(manager, worker, successor).json()["cases"][0]
    assert shown["next_action_on"] == day(3)
    reminder = Reminder.objects.get(kind="case.next_action", settled_at=None)
    assert reminder.person == successor.user


def test_so_do_goals_in_their_name(
    client: APIClient, plaza: Agency, worker: Actor, manager: Actor, successor: Actor, case: Case
) -> None:
    agreed(client, case, GOAL | {"agency": str(plaza.pk), "person": str(worker.user_id)})
    hand_over(manager, worker, successor)
    assert PlanGoal.objects.get().person == successor.user


def test_the_case_remembers_why(
    worker: Actor, manager: Actor, successor: Actor, case: Case
) -> None:
    hand_over(manager, worker, successor)
    (kept,) = CaseHandover.objects.filter(case=case)
    assert (kept.from_person, kept.to_person) == (worker.user, successor.user)
    assert (kept.reason, kept.by_user) == ("異動", manager.user)


def test_a_restricted_case_names_the_successor(
    worker: Actor, manager: Actor, successor: Actor
) -> None:
    case = a_case(worker, confidentiality="restricted")
    assert manager.user
    name_member(actor=worker, case_id=case.pk, user=manager.user)
    hand_over(manager, worker, successor)
    assert sees(successor, case)


def test_one_that_the_manager_does_not_see_is_not_touched(
    worker: Actor, manager: Actor, successor: Actor
) -> None:
    case = a_case(worker, confidentiality="restricted")
    assert code_of(hand_over(manager, worker, successor), 409) == "conflict"
    answer = hand_over(manager, worker, successor, cases=[one(case)])
    assert pointers_of(answer) == ["/cases/0/case"]


def test_all_or_none(
    worker: Actor, manager: Actor, successor: Actor, helper: Actor, case: Case
) -> None:
    other = a_case(worker)
    answer = hand_over(manager, worker, successor, cases=[one(case), one(other, helper)])
    assert pointers_of(answer) == ["/cases/1/to_person"]
    assert in_charge(case) == worker.user
    assert not CaseHandover.objects.exists()


def test_what_is_wrong_is_said(worker: Actor, manager: Actor, successor: Actor, case: Case) -> None:
    told: list[tuple[dict[str, Any], list[str]]] = [
        ({"cases": [{"case": str(uuid4())}]}, ["/cases/0/case"]),
        ({"cases": [one(case), one(case)]}, ["/cases"]),
        ({"cases": []}, ["/cases"]),
        ({"cases": [one(case)] * 201}, ["/cases"]),
        ({"reason": ""}, ["/reason"]),
        ({"to_person": str(uuid4())}, ["/to_person"]),
        ({"to_person": str(manager.user_id)}, ["/to_person"]),
        ({"to_person": None, "cases": [one(case)]}, ["/cases/0/to_person"]),
    ]
    for more, pointers in told:
        assert pointers_of(hand_over(manager, worker, successor, **more)) == pointers


def test_a_case_that_is_in_other_hands_by_now_stops_it(
    worker: Actor, manager: Actor, successor: Actor, case: Case
) -> None:
    hand_over(manager, worker, successor)
    answer = hand_over(manager, worker, successor, cases=[one(case)])
    assert code_of(answer, 409) == "conflict"


def test_a_case_that_another_agency_leads_is_not_ours_to_hand_over(
    worker: Actor, helper: Actor, case: Case
) -> None:
    share(worker, case, helper.agency_id)
    boss = a_member(helper.agency, Role.MANAGER)
    answer = hand_over(boss, worker, helper, cases=[one(case)])
    assert code_of(answer, 403) == "not_lead"


def test_staff_take_what_nobody_is_in_charge_of_by_themselves(
    worker: Actor, manager: Actor, successor: Actor, case: Case
) -> None:
    end_membership(actor=manager, membership=Membership.objects.get(user=worker.user))
    assert code_of(hand_over(successor, None, successor), 403) == "role_missing"
    pool = api(successor).get("/api/v1/cases/without-person/").json()["results"]
    assert [row["id"] for row in pool] == [str(case.pk)]
    body = {"person": str(successor.user_id)}
    assert api(successor).post(f"/api/v1/cases/{case.pk}/reassign/", body).status_code == 200

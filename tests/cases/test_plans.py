"""A support plan: written by the lead, agreed on with the person, reviewed on its day, ended."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from rest_framework.test import APIClient

from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency
from carenet.cases.models import Case, PlanReview
from carenet.cases.states import (
    GOAL_MOVES,
    PLAN_MOVES,
    GoalState,
    GoalVerb,
    PlanStatus,
    PlanVerb,
)
from tests.cases.paths import at, change, share
from tests.cases.plans import GOAL, agree, agreed, as_days, day, review, settle, statuses, write
from tests.factories import a_case, a_member, an_agency, api
from tests.rest.raw_requests import code_of, pointers_of


def test_the_tables_lead_where_they_say() -> None:
    for plan_verb, status in product(PlanVerb, PlanStatus):
        reached = PLAN_MOVES[plan_verb].targets.get(status, PLAN_MOVES.refusal)
        assert PLAN_MOVES.resolve(plan_verb, status) == reached
    for goal_verb, state in product(GoalVerb, GoalState):
        outcome = GOAL_MOVES[goal_verb].targets.get(state, GOAL_MOVES.refusal)
        assert GOAL_MOVES.resolve(goal_verb, state) == outcome


def test_it_begins_as_a_draft(client: APIClient, case: Case) -> None:
    answer = write(client, case, GOAL | {"measures": ["週一回の訪問"], "until": day(30)})
    shown = answer.json()
    assert (answer.status_code, answer["ETag"], shown["status"]) == (201, '"1"', "draft")
    assert shown["goals"][0]["measures"] == ["週一回の訪問"]


def test_a_draft_is_the_leads_alone(worker: Actor, helper: Actor, case: Case) -> None:
    share(worker, case, helper.agency_id)
    plan = write(api(worker), case).json()
    assert statuses(api(helper), case) == []
    assert code_of(api(helper).get(at(case, "plans", plan["id"])), 404) == "not_found"
    agree(api(worker), case, plan)
    assert statuses(api(helper), case) == ["agreed"]


def test_there_is_one_draft_at_a_time(client: APIClient, case: Case) -> None:
    write(client, case)
    assert code_of(write(client, case), 409) == "conflict"


def test_a_draft_is_changed_with_its_goals(client: APIClient, case: Case) -> None:
    address = at(case, "plans", write(client, case).json()["id"])
    more = {"wishes": "家にいたい", "goals": [GOAL, GOAL | {"what": "食べる"}]}
    answer = client.patch(address, more, headers={"If-Match": '"1"'})
    assert [goal["what"] for goal in answer.json()["goals"]] == [GOAL["what"], "食べる"]
    assert code_of(client.patch(address, more, headers={"If-Match": '"1"'}), 412)


def test_what_is_agreed_on_is_frozen(client: APIClient, case: Case) -> None:
    address = at(case, "plans", agreed(client, case)["id"])
    answer = client.patch(address, {"wishes": "x"}, headers={"If-Match": '"2"'})
    assert code_of(answer, 409) == "conflict"


def test_agreeing_shows_its_aim_as_the_plan_of_the_case(client: APIClient, case: Case) -> None:
    plan = agreed(client, case)
    assert client.get(at(case)).json()["plan"] == plan["overall_aim"]
    assert code_of(change(client, case, plan="別の言葉"), 409) == "conflict"
    assert change(client, case, summary="独居").status_code == 200


def test_it_replaces_the_plan_before_it(client: APIClient, case: Case) -> None:
    agreed(client, case)
    agreed(client, case)
    assert statuses(client, case) == ["agreed", "replaced"]


@pytest.mark.parametrize(
    ("days", "pointer"),
    [
        ({"agreed_on": 1}, "/agreed_on"),
        ({"review_on": -1}, "/review_on"),
        ({"valid_from": 100}, "/review_on"),
        ({"review_on": None}, "/review_on"),
    ],
)
def test_its_days_fit_together(
    client: APIClient, case: Case, days: dict[str, int | None], pointer: str
) -> None:
    plan = write(client, case).json()
    assert pointers_of(agree(client, case, plan, **as_days(days))) == [pointer]
    assert statuses(client, case) == ["draft"]


def test_a_plan_without_a_goal_is_no_plan(client: APIClient, case: Case) -> None:
    plan = write(client, case, goals=[]).json()
    assert code_of(agree(client, case, plan), 409) == "conflict"


def test_a_goal_is_somebodys(client: APIClient, worker: Actor, helper: Actor, case: Case) -> None:
    stranger = a_member(an_agency())
    share(worker, case, helper.agency_id)
    whose: list[tuple[dict[str, Any], list[str]]] = [
        ({}, ["/goals/0/agency"]),
        ({"agency": str(stranger.agency_id)}, ["/goals/0/agency"]),
        ({"agency": str(helper.agency_id), "person": str(worker.user_id)}, ["/goals/0/person"]),
        ({"others": "長男", "person": str(worker.user_id)}, ["/goals/0/person"]),
    ]
    for given, pointers in whose:
        assert pointers_of(write(client, case, {"what": "x"} | given)) == pointers
    theirs = {"agency": str(helper.agency_id), "person": str(helper.user_id)}
    assert write(client, case, {"what": "x"} | theirs).status_code == 201


def test_a_goal_of_a_restricted_case_goes_to_named_people(
    client: APIClient, plaza: Agency, case: Case
) -> None:
    client.post(at(case, "restrict"), {})
    theirs = {"agency": str(plaza.pk), "person": str(a_member(plaza).user_id)}
    assert pointers_of(write(client, case, {"what": "x"} | theirs)) == ["/goals/0/person"]


def test_a_goal_is_reached_or_given_up_for_a_reason(client: APIClient, case: Case) -> None:
    (goal,) = agreed(client, case)["goals"]
    assert pointers_of(settle(client, case, goal, "drop")) == ["/note"]
    assert settle(client, case, goal, "reach").json()["state"] == "reached"
    assert code_of(settle(client, case, goal, "drop", "x"), 409) == "conflict"
    assert settle(client, case, goal, "reopen").json()["settled_at"] is None


def test_who_sees_to_a_goal_says_what_became_of_it(
    client: APIClient, worker: Actor, helper: Actor, case: Case
) -> None:
    share(worker, case, helper.agency_id)
    plan = agreed(client, case, GOAL, GOAL | {"agency": str(helper.agency_id)})
    own, theirs = plan["goals"]
    assert settle(api(helper), case, theirs, "reach").status_code == 200
    assert code_of(settle(api(helper), case, own, "reach"), 403) == "forbidden"


def test_a_goal_passes_to_somebody_else(
    client: APIClient, plaza: Agency, helper: Actor, case: Case
) -> None:
    (goal,) = agreed(client, case)["goals"]
    address = at(case, "goals", goal["id"], "assign")
    theirs = {"agency": str(plaza.pk), "person": str(a_member(plaza).user_id)}
    assert client.post(address, theirs).json()["person"]["id"] == theirs["person"]
    assert pointers_of(client.post(address, {"agency": str(helper.agency_id)})) == ["/agency"]


def test_a_goal_of_a_draft_is_not_settled(client: APIClient, case: Case) -> None:
    (goal,) = write(client, case).json()["goals"]
    assert code_of(settle(client, case, goal, "reach"), 409) == "conflict"


def test_a_review_goes_on_and_sets_the_next_one(client: APIClient, case: Case) -> None:
    plan = review(client, case, agreed(client, case), next_review_on=day(30)).json()
    assert (plan["status"], plan["review_on"]) == ("agreed", day(30))
    assert plan["reviews"][0]["note"] == "順調"


def test_a_review_that_changes_begins_a_draft_with_what_is_open(
    client: APIClient, case: Case
) -> None:
    plan = agreed(client, case, GOAL, GOAL | {"what": "食べる"})
    settle(client, case, plan["goals"][0], "reach")
    review(client, case, plan, outcome="change")
    draft, current = client.get(at(case, "plans")).json()["results"]
    assert (draft["status"], current["status"]) == ("draft", "agreed")
    assert [goal["what"] for goal in draft["goals"]] == ["食べる"]


def test_a_review_may_end_the_plan(client: APIClient, case: Case) -> None:
    plan = agreed(client, case)
    assert pointers_of(review(client, case, plan, outcome="end")) == ["/next_review_on"]
    ended = review(client, case, plan, outcome="end", next_review_on=None).json()
    assert ended["status"] == "ended"
    assert code_of(review(client, case, plan), 409) == "conflict"


@pytest.mark.parametrize(
    ("more", "pointer"),
    [
        ({"reviewed_on": 1}, "/reviewed_on"),
        ({"next_review_on": None}, "/next_review_on"),
        ({"next_review_on": -1}, "/next_review_on"),
    ],
)
def test_a_review_says_when_the_next_one_is(
    client: APIClient, case: Case, more: dict[str, int | None], pointer: str
) -> None:
    answer = review(client, case, agreed(client, case), **as_days(more))
    assert pointers_of(answer) == [pointer]


def test_a_review_is_never_changed(client: APIClient, case: Case) -> None:
    review(client, case, agreed(client, case))
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        PlanReview.objects.update(note="x")


def test_it_ends_by_itself_with_the_case(client: APIClient, case: Case) -> None:
    agreed(client, case)
    write(client, case)
    client.post(at(case, "close"), {"reason": "goal_reached"})
    assert statuses(client, case) == ["ended", "ended"]
    assert code_of(write(client, case), 409) == "conflict"


def test_a_draft_may_be_given_up(client: APIClient, case: Case) -> None:
    plan = write(client, case).json()
    address = at(case, "plans", plan["id"], "end")
    assert client.post(address, {"note": "本人が望まない"}).json()["status"] == "ended"
    assert code_of(client.post(address, {}), 409) == "conflict"


def test_who_supports_does_not_plan(worker: Actor, helper: Actor, case: Case) -> None:
    share(worker, case, helper.agency_id)
    assert code_of(write(api(helper), case), 403) == "not_lead"


def test_a_plan_of_another_case_is_not_found_in_this_one(
    client: APIClient, worker: Actor, case: Case
) -> None:
    plan = agreed(client, case)
    answer = client.post(at(a_case(worker), "plans", plan["id"], "end"), {})
    assert code_of(answer, 404) == "not_found"

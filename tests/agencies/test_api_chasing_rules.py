"""`/agencies/{id}/chasing/`: a manager sets the pace at which the agency's own people are chased."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency, ChasingRule, ChasingStage
from carenet.agencies.roles import Role
from carenet.agencies.selectors import chasing_rule
from tests.factories import a_member, an_agency, api

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager() -> Actor:
    return a_member(an_agency(), Role.MANAGER)


def url(agency: Agency, *more: object) -> str:
    return "/".join(["/api/v1/agencies", str(agency.pk), "chasing", *map(str, more), ""])


def add(actor: Actor, **body: Any) -> Any:
    return api(actor).post(url(actor.agency), body)


def test_a_rule_for_a_partner_goes_before_the_rule_for_all(manager: Actor) -> None:
    partner, another = an_agency(), an_agency()
    add(manager, stage="answer", days_to_due=4)
    answer = add(manager, stage="answer", partner=str(partner.pk), days_to_due=2)
    assert (answer.status_code, answer.headers["ETag"]) == (201, '"1"')
    assert answer.json()["partner"]["id"] == str(partner.pk)
    found = [chasing_rule(manager.agency, each, ChasingStage.ANSWER) for each in (partner, another)]
    assert [rule and rule.days_to_due for rule in found] == [2, 4]
    assert chasing_rule(manager.agency, partner, ChasingStage.START) is None


def test_a_pair_has_one_rule_for_each_stage(manager: Actor) -> None:
    assert add(manager, stage="answer").status_code == 201
    answer = add(manager, stage="answer", switched_off=True)
    assert (answer.status_code, answer.json()["code"]) == (409, "chasing_rule_exists")
    assert add(manager, stage="start").status_code == 201


def test_a_change_says_which_version_was_seen(manager: Actor) -> None:
    rule = add(manager, stage="answer", days_between=3).json()
    where, client = url(manager.agency, rule["id"]), api(manager)
    assert client.patch(where, {"switched_off": True}).status_code == 428
    answer = client.patch(where, {"switched_off": True}, headers={"If-Match": '"1"'})
    assert (answer.status_code, answer.headers["ETag"]) == (200, '"2"')
    assert (answer.json()["switched_off"], answer.json()["days_between"]) == (True, 3)
    assert client.patch(where, {}, headers={"If-Match": '"1"'}).status_code == 412


def test_without_a_rule_the_installations_own_pace_holds_again(manager: Actor) -> None:
    rule = add(manager, stage="answer", switched_off=True).json()
    where = url(manager.agency, rule["id"], "remove")
    assert api(manager).post(where, {}).status_code == 204
    assert api(manager).get(url(manager.agency)).json()["results"] == []
    assert api(manager).post(where, {}).status_code == 404


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/stage"),
        ({"stage": "forever"}, "/stage"),
        ({"stage": "answer", "days_to_due": 0}, "/days_to_due"),
        ({"stage": "answer", "days_to_due": 21}, "/days_to_due"),
        ({"stage": "answer", "days_between": 6}, "/days_between"),
        ({"stage": "answer", "partner": "01890000-0000-7000-8000-000000000000"}, "/partner"),
        ({"stage": "answer", "hours": 2}, "/hours"),
    ],
)
def test_a_pace_that_means_nothing_is_refused_by_field(
    manager: Actor, body: dict[str, Any], pointer: str
) -> None:
    answer = add(manager, **body)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == pointer


def test_an_agency_is_no_partner_of_its_own(manager: Actor) -> None:
    answer = add(manager, stage="answer", partner=str(manager.agency_id))
    assert answer.json()["errors"][0]["pointer"] == "/partner"


def test_nobody_sets_the_pace_of_another_agency(manager: Actor) -> None:
    elsewhere = an_agency()
    assert api(manager).post(url(elsewhere), {"stage": "answer"}).status_code == 403


def test_few_rules_cost_as_many_queries_as_many(manager: Actor) -> None:
    group = manager.agency.group
    names = type(group).objects.bulk_create(type(group)(name=f"p{each}") for each in range(8))
    partners = Agency.objects.bulk_create(
        Agency(kind="MEDICAL", name=each.name, group=each) for each in names
    )

    def cost(number: int) -> int:
        ChasingRule.objects.all().delete()
        ChasingRule.objects.bulk_create(
            ChasingRule(agency=manager.agency, partner=each, stage="answer")
            for each in partners[:number]
        )
        client = api(manager)
        with CaptureQueriesContext(connection) as queries:
            rows = client.get(url(manager.agency) + "?limit=200").json()["results"]
        assert len(rows) == number
        return len(queries)

    assert cost(3) == cost(8)

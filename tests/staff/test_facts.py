"""Facts of a person on the desk: read on the person's page, written, corrected and ended beside it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from carenet.agencies.actors import Actor
from carenet.agencies.roles import Role
from carenet.residents.models import Resident, ResidentFact
from tests.factories import a_member, a_resident, an_agency
from tests.residents.samples import a_fact
from tests.staff.browser import session_of
from tests.staff.query_count import queries

pytestmark = pytest.mark.django_db
SAID = {
    "what": "power_device:ventilator",
    "source": "family",
    "known_on": "きのう",
    "audience": "work",
}


def desk(actor: Actor) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.cookies["sessionid"] = session_of(actor)
    return client


def of(person: Resident, *parts: object) -> str:
    return f"/desk/people/{person.pk}/facts/" + "".join(f"{part}/" for part in parts)


@pytest.fixture
def actor(db: None) -> Actor:  # noqa: ARG001
    return a_member(an_agency())


@pytest.fixture
def person(actor: Actor) -> Resident:
    return a_resident(actor)


@pytest.mark.operation("residents_facts_create")
def test_a_fact_is_written_down_and_stands_on_the_page_of_the_person(
    actor: Actor, person: Resident
) -> None:
    until = {"expires_on": "来週", "detail": "内蔵電池2時間"}
    assert desk(actor).post(of(person), SAID | until).status_code == 303
    fact = ResidentFact.objects.get()
    assert (fact.kind, fact.value, fact.detail) == ("power_device", "ventilator", "内蔵電池2時間")
    page = desk(actor).get(f"/desk/people/{person.pk}/")
    assert page.context["facts"] == [fact]
    assert "内蔵電池2時間" in page.content.decode()


@pytest.mark.parametrize(
    ("said", "wrong", "status"),
    [
        ({"what": "sex:42"}, "what", 422),
        ({"what": ""}, "what", 422),
        ({"source": ""}, "source", 422),
        ({"what": "school:"}, "detail", 400),
        ({"known_on": "いつか"}, "known_on", 422),
        ({"audience": "case"}, "audience", 400),
    ],
)
def test_what_cannot_be_meant_is_said_at_its_field(
    actor: Actor, person: Resident, said: dict[str, Any], wrong: str, status: int
) -> None:
    answer = desk(actor).post(of(person), SAID | said)
    assert answer.status_code == status
    assert set(answer.context["form"].errors) == {wrong}


@pytest.mark.operation("residents_facts_correct_create")
def test_a_correction_stands_in_its_place_and_the_earlier_one_below(
    actor: Actor, person: Resident
) -> None:
    fact = a_fact(actor, person)
    said = SAID | {"what": "power_device:oxygen", "version": fact.version}
    assert desk(actor).post(of(person, fact.pk), said).status_code == 303
    page = desk(actor).get(of(person)).context
    assert [each.value for each in page["facts"]] == ["oxygen"]
    assert page["earlier"] == [fact]


def test_nobody_corrects_what_they_have_not_seen(actor: Actor, person: Resident) -> None:
    fact = a_fact(actor, person)
    for said, status in ((SAID, 428), (SAID | {"version": fact.version + 1}, 412)):
        assert desk(actor).post(of(person, fact.pk), said).status_code == status


@pytest.mark.operation("residents_facts_end_create")
def test_a_fact_ends_on_a_day(actor: Actor, person: Resident) -> None:
    fact = a_fact(actor, person)
    given = {"version": fact.version, "ended_on": "今日"}
    assert desk(actor).post(of(person, fact.pk, "end"), given).status_code == 303
    assert desk(actor).get(of(person)).context["facts"] == []


def test_a_manager_reads_them_and_is_offered_no_form(actor: Actor, person: Resident) -> None:
    fact = a_fact(actor, person)
    manager = desk(a_member(actor.agency, Role.MANAGER))
    page, one = manager.get(of(person)), manager.get(of(person, fact.pk))
    assert page.context["facts"] == [fact]
    assert '<form method="post" class="card"' not in page.content.decode() + one.content.decode()


def test_a_fact_of_somebody_else_is_not_there(actor: Actor, person: Resident) -> None:
    other = a_fact(actor, a_resident(actor))
    assert desk(actor).get(of(person, other.pk)).status_code == 404


def test_many_cost_no_more_than_few(actor: Actor, person: Resident) -> None:
    asked = []
    for number in (1, 4):
        for _ in range(number):
            a_fact(actor, person)
        asked.append(len(queries(desk(actor), of(person))))
    assert asked == [asked[0]] * 2
    assert asked[0] <= 12

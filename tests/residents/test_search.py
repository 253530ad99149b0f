"""Searching people: however they are written, among those whom one's own work concerns, nobody else."""

# ruff: noqa: ARG001 - fixtures that only have to be there

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from carenet.agencies.actors import Actor
from carenet.agencies.roles import Role
from carenet.audit.models import AuditAction, AuditEntry
from carenet.cases.actions.cases import move, restrict
from carenet.cases.states import CaseVerb
from carenet.referrals.actions.acceptance_and_outcome import accept
from carenet.residents.models import Resident
from tests.factories import a_case, a_member, a_resident, a_sent_referral, api
from tests.rest.raw_requests import code_of, pointers_of

SEARCH = "/api/v1/residents/search/"


@pytest.fixture
def person(registrar: Actor) -> Resident:
    return a_resident(
        registrar,
        family_name="髙﨑",
        given_name="洋子",
        family_kana="タカサキ",
        given_kana="ヨウコ",
        birth_date=date(1941, 12, 8),
        phone="045-540-1111",
        address="横浜市港北区大豆戸町二十六番地の1",
        insured_number="0012345678",
    )


def found(client: APIClient, **wanted: Any) -> list[str]:
    answer = client.post(SEARCH, wanted)
    assert answer.status_code == 200, answer.content
    return [row["id"] for row in answer.json()["results"]]


@pytest.mark.parametrize(
    "wanted",
    [
        {"name": "高崎"},
        {"name": "高崎 洋"},
        {"name": "たかさきようこ"},
        {"name": "ﾖｰｺ"},
        {"birth": "昭和16年12月8日"},
        {"birth": "S16"},
        {"phone": "０４５（５４０）"},
        {"address": "大豆戸町26-1"},
        {"insured_number": "００１２３４５６７８"},
        {"name": "タカサキ", "birth": "1941", "phone": "5401111"},
    ],
)
def test_somebody_is_found_however_they_are_written(
    registrar: Actor, person: Resident, wanted: dict[str, str]
) -> None:
    a_resident(registrar, family_name="佐藤", family_kana="サトウ", birth_date=date(1950, 1, 1))
    assert found(api(registrar), **wanted) == [str(person.pk)]


@pytest.mark.parametrize(
    "wanted",
    [
        {"name": "髙木"},
        {"birth": "S16.12.9"},
        {"phone": "99999"},
        {"name": "高崎", "birth": "1942"},
    ],
)
def test_all_that_is_said_must_be_true(
    registrar: Actor, person: Resident, wanted: dict[str, str]
) -> None:
    assert found(api(registrar), **wanted) == []


def test_whoever_has_the_year_alone_may_be_born_on_that_day(registrar: Actor) -> None:
    person = a_resident(registrar, birth_year=1941)
    assert found(api(registrar), birth="1941-12-08") == [str(person.pk)]


def test_a_correction_is_found_at_once(registrar: Actor, person: Resident) -> None:
    address = f"/api/v1/residents/{person.pk}/"
    api(registrar).patch(address, {"family_name": "渡邉"}, headers={"If-Match": '"1"'})
    assert found(api(registrar), name="渡辺洋子") == [str(person.pk)]
    assert found(api(registrar), name="高崎") == []


def test_a_search_finds_nobody_out_of_sight(helper: Actor, person: Resident) -> None:
    assert found(api(helper), name="高崎", birth="1941") == []


def test_but_whoever_shares_a_case(registrar: Actor, helper: Actor, person: Resident) -> None:
    a_sent_referral(registrar, helper.agency, a_case(registrar, person))
    assert found(api(helper), name="高崎") == [str(person.pk)]


def test_by_a_protected_address_only_they_find_who_may_see_it(
    registrar: Actor, helper: Actor
) -> None:
    person = a_resident(registrar, address="大豆戸町26-1", address_protected=True)
    a_sent_referral(registrar, helper.agency, a_case(registrar, person))
    assert found(api(registrar), address="大豆戸町26") == [str(person.pk)]
    assert found(api(helper), address="大豆戸町26") == []
    assert found(api(helper), name="高橋") == [str(person.pk)]


def test_nor_is_it_shown(registrar: Actor, helper: Actor) -> None:
    person = a_resident(registrar, address="大豆戸町26-1", address_protected=True)
    a_sent_referral(registrar, helper.agency, a_case(registrar, person))
    (row,) = api(helper).post(SEARCH, {"name": "高橋"}).json()["results"]
    assert (row["address"], row["address_hidden"]) == (None, True)


def test_a_disclosure_makes_it_searchable(registrar: Actor, helper: Actor) -> None:
    person = a_resident(registrar, address="大豆戸町26-1", address_protected=True)
    case = a_case(registrar, person)
    referral = a_sent_referral(registrar, helper.agency, case, discloses_address=True)
    accept(actor=helper, referral_id=referral.pk)
    assert found(api(helper), address="大豆戸町26") == [str(person.pk)]


def test_how_far_the_work_has_come_is_a_filter(registrar: Actor, person: Resident) -> None:
    case = a_case(registrar, person)
    client, progress = api(registrar), {"case": ["open"]}
    assert found(client, name="高崎", progress=progress) == [str(person.pk)]
    move(actor=registrar, case_id=case.pk, verb=CaseVerb.CLOSE, reason="goal_reached")
    assert found(client, name="高崎", progress=progress) == []
    assert found(client, name="高崎", progress={"case": ["closed"]}) == [str(person.pk)]


def test_it_looks_only_at_what_the_actor_sees(registrar: Actor, person: Resident) -> None:
    restrict(actor=registrar, case_id=a_case(registrar, person).pk)
    colleague = api(a_member(registrar.agency))
    assert found(colleague, name="高崎", progress={"case": ["open"]}) == []


def test_referrals_too(registrar: Actor, helper: Actor, person: Resident) -> None:
    a_sent_referral(registrar, helper.agency, a_case(registrar, person))
    client = api(helper)
    assert found(client, name="高崎", progress={"referral": ["sent"]}) == [str(person.pk)]
    assert found(client, name="高崎", progress={"referral": ["ended"]}) == []


@pytest.mark.parametrize(
    ("wanted", "pointer"),
    [
        ({}, ""),
        ({"progress": {"case": ["open"]}}, ""),
        ({"name": "・"}, "/name"),
        ({"phone": "045"}, "/phone"),
        ({"birth": "いつか"}, "/birth"),
        ({"name": "高崎", "progress": {"case": ["lost"]}}, "/progress/case"),
        ({"name": "高崎", "progress": {"visit": ["open"]}}, "/progress/visit"),
        ({"surname": "高崎"}, "/surname"),
    ],
)
def test_a_search_must_say_something(
    registrar: Actor, wanted: dict[str, object], pointer: str
) -> None:
    assert pointers_of(api(registrar).post(SEARCH, wanted)) == [pointer]


def test_nothing_of_a_person_is_in_the_link_to_the_next_page(registrar: Actor) -> None:
    for _each in range(3):
        a_resident(registrar)
    first = api(registrar).post(f"{SEARCH}?limit=2", {"name": "高橋"}).json()
    assert "name" not in first["next"]
    second = api(registrar).post(first["next"], {"name": "高橋"}).json()
    assert len({row["id"] for row in first["results"] + second["results"]}) == 3
    assert second["next"] is None


def test_who_was_shown_is_on_the_trail_and_not_what_was_asked(
    registrar: Actor, person: Resident
) -> None:
    found(api(registrar), name="高崎")
    entry = AuditEntry.objects.filter(deed=AuditAction.READ, object_kind="resident").latest("time")
    assert entry.object_ids == [person.pk]
    assert "高崎" not in str(vars(entry))


def test_a_kept_answer_is_shown_to_nobody_who_has_lost_sight(
    registrar: Actor, helper: Actor, person: Resident
) -> None:
    referral = a_sent_referral(registrar, helper.agency, a_case(registrar, person))
    key = {"Idempotency-Key": "once"}
    client = api(helper)
    assert client.post(SEARCH, {"name": "高崎"}, headers=key).status_code == 200
    type(referral).objects.update(r_until=referral.created_at)
    assert client.post(SEARCH, {"name": "高崎"}, headers=key).status_code == 404


def test_there_is_a_ceiling_on_searches(registrar: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("carenet.rest.throttles.SearchThrottle.rate", "2/min", raising=False)
    answers = [api(registrar).post(SEARCH, {"name": "高崎"}) for _each in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]


@pytest.mark.parametrize("role", [Role.WATCHER, Role.AUDITOR])
def test_searching_is_for_those_who_read_records(registrar: Actor, role: Role) -> None:
    client = api(a_member(registrar.agency, role))
    assert code_of(client.post(SEARCH, {"name": "高崎"}), 403) == "role_missing"


def test_few_people_and_many_cost_the_same(registrar: Actor) -> None:
    counts = []
    client = api(registrar)
    for number in (3, 8):
        for each in range(number):
            a_resident(registrar, given_name=str(each), address="大豆戸町1", address_protected=True)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert len(found_all(client)) == (3 if number == 3 else 11)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def found_all(client: APIClient) -> list[str]:
    rows = client.post(f"{SEARCH}?limit=200", {"name": "高橋", "address": "大豆戸"}).json()[
        "results"
    ]
    return [row["id"] for row in rows]

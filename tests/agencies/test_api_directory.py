"""`/agencies/`: the directory."""

from __future__ import annotations

from itertools import count
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from carenet.agencies.models import ATTRIBUTION, Agency, AgencyKind
from carenet.agencies.roles import HUMAN_ROLES, Role, Scope
from carenet.areas.actions.office_import import import_offices
from carenet.areas.open_data import read
from tests.areas.published import a_file, a_row
from tests.factories import a_member, a_system, an_agency, api

pytestmark = pytest.mark.django_db
URL = "/api/v1/agencies/"
_numbers = count(1479900100)


@pytest.fixture
def caller() -> APIClient:
    return api(a_member(an_agency(name="自分", name_kana="ンン")))


def imported(**cells: str) -> Agency:
    number = str(next(_numbers))
    import_offices(actor=None, data=read(a_file(a_row(事業所番号=number, **cells))))
    return Agency.objects.get(office_number=number)


def names(client: APIClient, **query: Any) -> list[str]:
    answer = client.get(URL, query)
    assert answer.status_code == 200, answer.json()
    return [row["name"] for row in answer.json()["results"]]


def test_agencies_are_listed_by_kana(caller: APIClient) -> None:
    for name, kana in (("丙", "ウ"), ("甲", "ア"), ("乙", "イ")):
        an_agency(name=name, name_kana=kana)
    assert names(caller) == ["甲", "乙", "丙", "自分"]


def test_one_that_no_longer_takes_part_is_neither_listed_nor_found(caller: APIClient) -> None:
    gone = an_agency(name="去", active=False)
    assert "去" not in names(caller)
    assert caller.get(f"{URL}{gone.pk}/").status_code == 404


def test_the_list_can_be_narrowed_to_kinds(caller: APIClient) -> None:
    an_agency(AgencyKind.MEDICAL, name="診療所")
    an_agency(AgencyKind.WARD_OFFICE, name="区役所")
    assert names(caller, kind="MEDICAL") == ["診療所"]
    assert names(caller, kind="MEDICAL,WARD_OFFICE") == ["診療所", "区役所"]


def test_the_list_can_be_narrowed_to_a_municipality(caller: APIClient) -> None:
    an_agency(name="市", municipality_code="141003")
    assert names(caller, municipality_code="141003") == ["市"]


def test_the_list_can_be_searched_by_name(caller: APIClient) -> None:
    an_agency(name="ＬＬＴ　介護")
    assert names(caller, q="llt介護") == ["ＬＬＴ　介護"]
    assert names(caller, q="100%") == []


@pytest.mark.parametrize(
    "query",
    [{"kind": "CASTLE"}, {"municipality_code": "港北"}, {"q": ""}, {"q": "a" * 101}, {"q": "\0"},
     {"name": "x"}, {"cursor": "x"}, {"cursor": "WzAsImEiLCJiIl0"}, {"limit": "0"}],
)  # fmt: skip
def test_a_query_that_means_nothing_is_an_error(caller: APIClient, query: dict[str, str]) -> None:
    assert caller.get(URL, query).status_code == 400


def test_pages_follow_each_other_and_lead_back(caller: APIClient) -> None:
    for name in "甲乙丙丁":
        an_agency(name=name, name_kana="オナジ")
    first = caller.get(URL, {"limit": "2"}).json()
    second = caller.get(first["next"]).json()
    shown = [row["name"] for page in (first, second) for row in page["results"]]
    assert shown == ["甲", "乙", "丙", "丁"]
    assert caller.get(second["previous"]).json()["results"] == first["results"]


def test_a_page_costs_the_same_number_of_queries_whatever_its_size(caller: APIClient) -> None:
    costs = []
    for more in (3, 5):
        rows = [a_row(事業所番号=str(next(_numbers))) for _ in range(more)]
        import_offices(actor=None, data=read(a_file(*rows)))
        with CaptureQueriesContext(connection) as queries:
            caller.get(URL, {"limit": "200"})
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_an_imported_agency_says_where_its_record_comes_from(caller: APIClient) -> None:
    shown = caller.get(f"{URL}{imported().pk}/").json()
    assert shown["attribution"] == ATTRIBUTION
    assert shown["operator"]["name"] == "株式会社みほん"
    assert [service["name"] for service in shown["services"]] == ["訪問入浴介護"]


def test_an_agency_entered_by_hand_owes_nobody(caller: APIClient) -> None:
    shown = caller.get(f"{URL}{an_agency().pk}/").json()
    assert (shown["attribution"], shown["operator"], shown["services"]) == (None, None, [])


def test_one_agency_comes_with_its_version(caller: APIClient) -> None:
    assert caller.get(f"{URL}{an_agency().pk}/").headers["ETag"] == '"1"'


@pytest.mark.parametrize("role", sorted(HUMAN_ROLES))
def test_every_role_reads_the_directory(role: Role) -> None:
    assert api(a_member(an_agency(), role)).get(URL).status_code == 200


def test_a_system_needs_the_scope() -> None:
    assert a_system(an_agency(), Scope.AGENCIES_READ).get(URL).status_code == 200
    answer = a_system(an_agency(), Scope.CASES_READ).get(URL)
    assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing")


def test_nobody_reads_it_without_signing_in() -> None:
    assert api().get(URL).status_code == 401

"""Every error is a problem document (RFC 9457) that says where and what."""

from __future__ import annotations

import pytest
from rest_framework.test import APIClient

from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency
from carenet.agencies.roles import Role
from tests.factories import a_case, a_member, an_agency, api
from tests.rest.raw_requests import code_of, pointers_of, post_bytes, problem_of

RESIDENTS = "/api/v1/residents/"
CONSULTATIONS = "/api/v1/consultations/"


def errors_of(client: APIClient, address: str, body: object) -> set[tuple[str, str]]:
    found = problem_of(client.post(address, body), 400)["errors"]
    return {(error["pointer"], error["code"]) for error in found}


def test_a_missing_field_is_pointed_at(client: APIClient) -> None:
    assert errors_of(client, RESIDENTS, {}) == {("/family_name", "required")}


def test_a_bad_field_has_a_code_of_its_own(client: APIClient) -> None:
    body = {"family_name": "", "birth_year": 0, "birth_date": "yesterday"}
    assert errors_of(client, RESIDENTS, body) == {
        ("/family_name", "blank"),
        ("/birth_year", "min_value"),
        ("/birth_date", "invalid"),
    }


def test_an_item_of_a_list_is_pointed_at_by_its_place(client: APIClient) -> None:
    found = errors_of(client, CONSULTATIONS, {"topics": ["health", "weather", "care", 3]})
    assert {("/topics/1", "invalid_choice"), ("/topics/3", "invalid_choice")} <= found
    assert "/topics/0" not in {pointer for pointer, _code in found}


def test_a_rule_of_the_domain_points_at_a_field_too(client: APIClient) -> None:
    body = {"family_name": "髙橋", "birth_year": 1700}
    assert errors_of(client, RESIDENTS, body) == {("/birth_year", "invalid")}


def test_every_unknown_field_is_named(client: APIClient) -> None:
    body = {"family_name": "髙橋", "age": 82, "nickname": "たか"}
    assert errors_of(client, RESIDENTS, body) == {
        ("/age", "unknown_field"),
        ("/nickname", "unknown_field"),
    }


def test_a_field_that_is_not_the_callers_to_set_is_refused(client: APIClient) -> None:
    body = {"family_name": "髙橋", "registered_at": "2026-01-05T10:00:00+09:00"}
    assert errors_of(client, RESIDENTS, body) == {("/registered_at", "unknown_field")}


def test_a_verb_that_needs_no_words_takes_none(client: APIClient, staff: Actor) -> None:
    answer = client.post(f"/api/v1/cases/{a_case(staff).pk}/plan/", {"reason": "now"})
    assert pointers_of(answer) == ["/reason"]


def test_pointers_are_escaped(client: APIClient) -> None:
    answer = client.post(RESIDENTS, {"family_name": "髙橋", "a/b~c": 1})
    assert pointers_of(answer) == ["/a~1b~0c"]


def test_an_answer_does_not_list_a_thousand_errors(client: APIClient) -> None:
    answer = client.post(CONSULTATIONS, {"topics": ["weather"] * 1000})
    assert len(pointers_of(answer)) == 50


def test_an_unknown_query_parameter_is_named(client: APIClient) -> None:
    assert pointers_of(client.get("/api/v1/cases/?state=open&limit=5")) == ["/state"]


def test_one_object_takes_no_query(client: APIClient, staff: Actor) -> None:
    assert pointers_of(client.get(f"/api/v1/cases/{a_case(staff).pk}/?limit=5")) == ["/limit"]


def test_what_does_not_exist_and_what_is_not_theirs_read_the_same(client: APIClient) -> None:
    foreign = a_case(a_member(an_agency()))
    hidden = client.get(f"/api/v1/cases/{foreign.pk}/")
    absent = client.get("/api/v1/cases/00000000-0000-0000-0000-000000000000/")
    assert problem_of(hidden, 404) == problem_of(absent, 404)


@pytest.mark.parametrize(
    "address", ["/api/v1/nothing/", "/api/v2/cases/", "/api/", "/api/v1/cases/17/", "/api/v1/%00/"]
)
def test_an_unknown_address_is_a_problem_too(client: APIClient, address: str) -> None:
    assert code_of(client.get(address), 404) == "not_found"


@pytest.mark.parametrize("method", ["get", "post"])
def test_an_address_without_its_slash_says_so(client: APIClient, method: str) -> None:
    answer = getattr(client, method)("/api/v1/residents")
    assert code_of(answer, 404) == "slash_missing"


def test_a_denial_says_which_ground_is_missing(plaza: Agency) -> None:
    watcher = api(a_member(plaza, Role.WATCHER))
    denied = problem_of(watcher.post(RESIDENTS, {"family_name": "髙橋"}), 403)
    assert denied["code"] == "role_missing"
    assert denied["missing_basis"]


@pytest.mark.django_db
def test_nobody_is_asked_to_sign_in() -> None:
    answer = api().get("/api/v1/cases/")
    assert code_of(answer, 401) == "not_authenticated"
    assert answer["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "TRACE", "BREW"])
def test_a_method_that_an_address_does_not_take(client: APIClient, method: str) -> None:
    answer = client.generic(method, "/api/v1/cases/")
    assert code_of(answer, 405) == "method_not_allowed"
    assert {"GET", "POST"} <= set(answer["Allow"].split(", "))


def test_a_head_is_a_get_without_its_body(client: APIClient) -> None:
    answer = client.head("/api/v1/cases/?limit=5")
    assert (answer.status_code, answer.content) == (200, b"")


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "", ";"],
)
def test_a_body_that_is_not_json(client: APIClient, content_type: str) -> None:
    answer = post_bytes(client, RESIDENTS, b"family_name=a", content_type)
    assert code_of(answer, 415) == "unsupported_media_type"


@pytest.mark.parametrize("accept", ["text/html", "application/xml;q=0.5", "///", "x" * 20_000])
def test_an_answer_that_is_not_wanted_as_json(client: APIClient, accept: str) -> None:
    answer = client.get("/api/v1/cases/", headers={"Accept": accept})
    assert code_of(answer, 406) == "not_acceptable"


def test_a_foreign_host_name_is_a_problem_too(client: APIClient) -> None:
    answer = client.get("/api/v1/cases/", headers={"Host": "evil.example"})
    assert code_of(answer, 400) == "bad_request"


def test_a_fault_of_ours_says_nothing_about_its_inside(
    client: APIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object, **_more: object) -> None:
        raise KeyError("inside")

    monkeypatch.setattr("carenet.residents.actions.register", fail)
    client.raise_request_exception = False
    answer = client.post(RESIDENTS, {"family_name": "髙橋"})
    assert code_of(answer, 500) == "server_error"
    assert b"inside" not in answer.content


def test_people_are_addressed_in_japanese(staff: Actor) -> None:
    answer = api(staff, **{"accept-language": "fr"}).post(RESIDENTS, {})
    assert answer["Content-Language"] == "ja"
    assert problem_of(answer, 400)["errors"][0]["detail"] == "この項目は必須です。"


def test_and_in_english_on_request(client: APIClient) -> None:
    answer = client.post(RESIDENTS, {})
    assert answer["Content-Language"] == "en"
    assert problem_of(answer, 400)["errors"][0]["detail"] == "This field is required."

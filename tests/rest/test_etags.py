"""Safe edits: the `ETag` is the row's version; a change says which one it has seen."""

from __future__ import annotations

import pytest
from rest_framework.test import APIClient

from carenet.agencies.actors import Actor
from tests.factories import a_case, a_draft, a_resident, an_agency
from tests.rest.raw_requests import code_of, pointers_of


@pytest.fixture
def case(staff: Actor) -> str:
    return f"/api/v1/cases/{a_case(staff).pk}/"


def seen(tag: str) -> dict[str, str]:
    return {"If-Match": tag}


def test_reading_tells_the_version(client: APIClient, case: str) -> None:
    assert client.get(case)["ETag"] == '"1"'


def test_every_change_raises_it(client: APIClient, case: str) -> None:
    changed = client.patch(case, {"plan": "週一回訪問"}, headers=seen('"1"'))
    moved = client.post(f"{case}plan/", {})
    assert (changed["ETag"], moved["ETag"]) == ('"2"', '"3"')
    assert client.get(case)["ETag"] == '"3"'


@pytest.mark.parametrize("tag", ["", "*"])
def test_a_change_without_a_version_is_refused(client: APIClient, case: str, tag: str) -> None:
    answer = client.patch(case, {"plan": "週一回訪問"}, headers=seen(tag))
    assert code_of(answer, 428) == "if_match_required"
    assert client.get(case).json()["plan"] == ""


def test_a_change_of_something_older_is_refused(client: APIClient, case: str) -> None:
    client.patch(case, {"plan": "週一回訪問"}, headers=seen('"1"'))
    answer = client.patch(case, {"plan": "月一回訪問"}, headers=seen('"1"'))
    assert code_of(answer, 412) == "version_changed"
    assert client.get(case).json()["plan"] == "週一回訪問"


@pytest.mark.parametrize("tag", ['"one"', 'W/"2"', '"7", "8"', '""', f'"{"9" * 5000}"', '"01x"'])
def test_a_version_that_was_never_given_out_is_refused(
    client: APIClient, case: str, tag: str
) -> None:
    for answer in (
        client.patch(case, {"plan": "週一回訪問"}, headers=seen(tag)),
        client.post(f"{case}plan/", {}, headers=seen(tag)),
    ):
        assert code_of(answer, 412) == "version_changed"


@pytest.mark.parametrize("tag", ["1", '"1', '1"', "nonsense", '"1" "2"', '"1",', 'w/"1"', '"１"'])
def test_what_is_no_tag_is_named_as_the_mistake(client: APIClient, case: str, tag: str) -> None:
    for answer in (
        client.patch(case, {"plan": "週一回訪問"}, headers=seen(tag)),
        client.post(f"{case}plan/", {}, headers=seen(tag)),
    ):
        assert pointers_of(answer) == ["/If-Match"]


@pytest.mark.parametrize("tag", ['W/"1"', '"1", "2"', '"7" , W/"1"', '"other","1"'])
def test_a_weak_tag_and_a_list_of_tags_are_read(client: APIClient, case: str, tag: str) -> None:
    assert client.patch(case, {"plan": "週一回訪問"}, headers=seen(tag)).status_code == 200


def test_a_transition_may_say_what_it_has_seen(client: APIClient, case: str) -> None:
    assert client.post(f"{case}plan/", {}, headers=seen('"1"')).status_code == 200


def test_a_stale_transition_changes_nothing(client: APIClient, case: str) -> None:
    client.patch(case, {"plan": "週一回訪問"}, headers=seen('"1"'))
    answer = client.post(f"{case}plan/", {}, headers=seen('"1"'))
    assert code_of(answer, 412) == "version_changed"
    assert client.get(case).json()["status"] == "assessing"


def test_a_resident_is_changed_the_same_way(client: APIClient, staff: Actor) -> None:
    address = f"/api/v1/residents/{a_resident(staff).pk}/"
    assert client.patch(address, {"phone": "045"}).status_code == 428
    assert client.patch(address, {"phone": "045"}, headers=seen('"1"'))["ETag"] == '"2"'
    assert client.patch(address, {"phone": "046"}, headers=seen('"1"')).status_code == 412


def test_a_consultation_is_changed_the_same_way(client: APIClient) -> None:
    call = {
        "channel": "phone",
        "relationship": "self",
        "topics": ["health"],
        "main_topic": "health",
        "content": "眠れない",
    }
    address = f"/api/v1/consultations/{client.post('/api/v1/consultations/', call).json()['id']}/"
    assert client.patch(address, {"response": "受診勧奨"}).status_code == 428
    assert client.patch(address, {"response": "受診勧奨"}, headers=seen('"1"'))["ETag"] == '"2"'
    triage = client.post(f"{address}triage/", {"outcome": "one_off"}, headers=seen('"1"'))
    assert code_of(triage, 412) == "version_changed"


def test_a_draft_is_changed_the_same_way(client: APIClient, staff: Actor) -> None:
    address = f"/api/v1/referrals/{a_draft(staff, an_agency()).pk}/"
    assert client.patch(address, {"reason": "急ぎ"}).status_code == 428
    assert client.patch(address, {"reason": "急ぎ"}, headers=seen('"1"'))["ETag"] == '"2"'
    assert client.post(f"{address}send/", {}, headers=seen('"1"')).status_code == 412

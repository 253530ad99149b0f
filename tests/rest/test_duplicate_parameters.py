"""What is said twice is read as it is meant, or refused; never the last one in silence."""

from __future__ import annotations

import pytest
from rest_framework.test import APIClient

from carenet.agencies.actors import Actor
from tests.factories import a_case
from tests.rest.raw_requests import code_of, post_bytes, problem_of

CASES = "/api/v1/cases/"


@pytest.mark.parametrize(
    "query",
    ["status=assessing&status=closed", "status=assessing,closed", "status=closed,assessing"],
)
def test_both_forms_of_a_list_are_read(client: APIClient, staff: Actor, query: str) -> None:
    case = a_case(staff)
    found = client.get(f"{CASES}?{query}").json()["results"]
    assert [each["id"] for each in found] == [str(case.pk)]


@pytest.mark.parametrize("name", ["limit", "cursor"])
def test_what_is_no_list_is_said_once(client: APIClient, name: str) -> None:
    assert code_of(client.get(f"{CASES}?{name}=1&{name}=1"), 400) == "invalid"


def test_the_state_of_reminders_is_said_once(client: APIClient) -> None:
    assert client.get("/api/v1/reminders/?state=open&state=settled").status_code == 400


@pytest.mark.parametrize(
    "body",
    [
        b'{"family_name": "a", "family_name": "b"}',
        b'{"family_name": "a", "x": {"y": 1, "y": 1}}',
        b'{"family_name": "a", "x": [{"y": 1, "z": 2, "y": 3}]}',
    ],
)
def test_a_name_stands_once_in_an_object(client: APIClient, body: bytes) -> None:
    told = problem_of(post_bytes(client, "/api/v1/residents/", body), 400)
    assert told["code"] == "parse_error"

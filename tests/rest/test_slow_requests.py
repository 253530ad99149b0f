"""Whoever was told of a slow page finds its statements by the id of the request, and nobody's data."""

from __future__ import annotations

from typing import Any

import pytest
from pytest_django import Settings
from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs

from carenet.agencies.actors import Actor
from tests.factories import a_member, a_resident, an_agency, api

pytestmark = pytest.mark.django_db
SEARCH = "/api/v1/residents/search/"


@pytest.fixture
def staff() -> Actor:
    return a_member(an_agency())


def search(staff: Actor, name: str) -> tuple[Any, list[Any]]:
    """Return the answer to a search, and the lines that it wrote about itself."""
    with capture_logs(processors=[merge_contextvars]) as lines:
        answer = api(staff).post(SEARCH, {"name": name})
    return answer, [each for each in lines if each["event"] == "slow_request"]


def test_a_slow_request_names_its_statements_under_its_id(staff: Actor, settings: Settings) -> None:
    settings.SLOW_REQUEST_SECONDS = 0.000_001
    answer, [line] = search(staff, "高橋")
    assert line["request_id"] == answer["X-Request-Id"]
    assert line["statements"] >= len(line["slowest"]) > 0
    assert any("residents_resident" in each["sql"] for each in line["slowest"])


def test_no_line_says_anything_of_a_person(staff: Actor, settings: Settings) -> None:
    settings.SLOW_REQUEST_SECONDS = 0.000_001
    person = a_resident(staff, family_name="高橋")
    _answer, [line] = search(staff, "高橋")
    told = str(line["slowest"])
    for secret in ("高橋", str(person.pk), str(staff.agency_id), str(staff.user_id)):
        assert secret not in told


@pytest.mark.parametrize("seconds", [0.0, 30.0])
def test_a_request_that_is_not_slow_writes_none(
    staff: Actor, settings: Settings, seconds: float
) -> None:
    settings.SLOW_REQUEST_SECONDS = seconds
    assert search(staff, "高橋")[1] == []

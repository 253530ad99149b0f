"""The database is gone, or hangs: everybody is told at once to try again, and nobody stays ill."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from tests.outages.installation import Installation

PAGE = "/sign-in/"
API = "/api/v1/cases/"


def gone(service: Installation) -> AbstractContextManager[None]:
    return service.without_database()


def hung(service: Installation) -> AbstractContextManager[None]:
    return service.stopped("PostgreSQL")


@pytest.mark.parametrize("harm", [gone, hung])
def test_without_a_database_the_api_says_when_to_try_again(
    service: Installation, harm: Callable[[Installation], AbstractContextManager[None]]
) -> None:
    assert service.gets_well(PAGE, 200)

    with harm(service):
        answers = [service.ask(API) for _ in range(10)]

    assert {answer.status for answer in answers} == {503}
    assert all(int(answer.headers["Retry-After"]) > 0 for answer in answers)
    assert {json.loads(answer.text)["code"] for answer in answers} == {"unavailable"}
    assert service.gets_well(PAGE, 200)
    assert service.ask(API).status == 401


@pytest.mark.parametrize("harm", [gone, hung])
def test_without_a_database_a_page_keeps_what_was_typed(
    service: Installation, harm: Callable[[Installation], AbstractContextManager[None]]
) -> None:
    assert service.gets_well(PAGE, 200)

    with harm(service):
        shown = service.page("/consultations/new/", "what=fell+%3Cdown%3E&who=Hanako")
        signing_in = service.page(PAGE, "login=hanako&password=very-secret")

    assert shown.status == signing_in.status == 503
    assert 'action="/consultations/new/"' in shown.text
    assert 'value="fell &lt;down&gt;"' in shown.text
    assert shown.headers["Cache-Control"] == "private, no-store"
    assert "very-secret" not in signing_in.text
    assert service.gets_well(PAGE, 200)


def test_without_a_database_its_health_is_what_is_missing(service: Installation) -> None:
    assert service.gets_well(PAGE, 200)

    with service.stopped("PostgreSQL"):
        answer = service.ask("/healthz")

    assert answer.status == 503
    assert json.loads(answer.text)["part"] == "database"
    assert service.gets_well(PAGE, 200)


def test_a_cache_that_hangs_keeps_nobody_from_a_page(service: Installation) -> None:
    assert service.gets_well(PAGE, 200)

    with service.stopped("Valkey"):
        assert service.gets_well(PAGE, 200)

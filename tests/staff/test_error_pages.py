"""What is refused or fails before a view has answered: a page for people, a problem for systems."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import Settings

from tests.factories import a_member, an_agency
from tests.staff.error_pages import FAULTS
from tests.staff.test_pocket import browser_of

pytestmark = pytest.mark.django_db
AS_PEOPLE = {"Accept": "text/html", "Accept-Language": "en"}


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> Client:
    def fail(*_args: object) -> None:
        raise KeyError("inside")

    monkeypatch.setattr("carenet.staff.pages.pocket.visits_today", fail)
    client = browser_of(a_member(an_agency()))
    client.raise_request_exception = False
    return client


def test_a_fault_of_ours_is_a_page_that_says_nothing_about_its_inside(broken: Client) -> None:
    answer = broken.get("/pocket/", headers=AS_PEOPLE)
    page = answer.content.decode()
    assert answer.status_code == 500
    assert "Something went wrong on our side" in page
    assert "inside" not in page
    assert "no-store" in answer["Cache-Control"]


def test_in_a_part_of_a_page_it_goes_to_the_messages(broken: Client) -> None:
    answer = broken.get("/pocket/", headers={**AS_PEOPLE, "HX-Request": "true"})
    assert answer["HX-Retarget"] == "#messages"
    assert "<html" not in answer.content.decode()


def test_a_system_gets_its_problem(broken: Client) -> None:
    answer = broken.get("/pocket/", headers={"Accept": "application/json"})
    assert answer["Content-Type"] == "application/problem+json"


def test_who_tries_to_sign_in_too_often_is_told_to_wait(settings: Settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}
    client = Client(REMOTE_ADDR="198.51.100.7")
    said = {"login": "nobody", "password": "wrong"}
    answers = [client.post("/sign-in/", said, headers=AS_PEOPLE) for _ in range(2)]
    assert [each.status_code for each in answers] == [200, 429]
    assert "Wait a few minutes, then try again." in answers[1].content.decode()
    assert answers[1]["Retry-After"] == "300"
    system = client.post("/sign-in/", said, headers={"Accept": "application/json"})
    assert (system.status_code, system["Retry-After"]) == (429, "300")
    assert system["Content-Type"] == "application/problem+json"
    assert system.json()["code"] == "throttled"


def test_a_form_that_is_older_than_the_sign_in_says_what_to_do() -> None:
    answer = Client(enforce_csrf_checks=True).post("/sign-in/", {}, headers=AS_PEOPLE)
    assert answer.status_code == 403
    assert "This page was open for too long." in answer.content.decode()


@pytest.mark.parametrize("name", FAULTS)
@pytest.mark.parametrize(("language", "other"), [("ja", "en"), ("en", "ja")])
def test_every_error_speaks_the_language_of_its_reader(
    name: str, language: str, other: str
) -> None:
    page = FAULTS[name](language).content.decode()
    assert f'<html lang="{language}">' in page
    assert page != FAULTS[name](other).content.decode()

"""People sign in through allauth's headless API, as a browser does: with cookies and CSRF."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from rest_framework.test import APIClient

from carenet.agencies.actors import Actor
from carenet.agencies.models import User
from carenet.audit.models import AuditEntry
from carenet.residents.models import Resident
from tests.factories import PASSWORD
from tests.rest.raw_requests import code_of

if TYPE_CHECKING:
    from rest_framework.response import _MonkeyPatchedResponse as Answer

AUTH = "/auth/browser/v1/"
RESIDENTS = "/api/v1/residents/"


class Browser:
    """A browser: keeps cookies, and sends the CSRF token when it has one."""

    def __init__(self) -> None:
        self.client = APIClient(enforce_csrf_checks=True)

    @property
    def token(self) -> dict[str, str]:
        cookie = self.client.cookies.get("csrftoken")
        return {"X-CSRFToken": cookie.value} if cookie else {}

    def session(self) -> dict[str, Any]:
        found: dict[str, Any] = self.client.get(f"{AUTH}auth/session").json()
        return found

    def post(self, address: str, body: object) -> Answer:
        return self.client.post(address, body, headers=self.token)

    def sign_in(self, username: str, password: str = PASSWORD) -> Answer:
        self.session()  # hands out the token
        return self.post(f"{AUTH}auth/login", {"username": username, "password": password})


@pytest.fixture
def browser() -> Browser:
    return Browser()


@pytest.fixture
def username(staff: Actor) -> str:
    assert staff.user
    return staff.user.username


def test_the_right_password_opens_a_session(browser: Browser, username: str) -> None:
    answer = browser.sign_in(username)
    assert (answer.status_code, answer.json()["meta"]["is_authenticated"]) == (200, True)
    assert browser.session()["data"]["user"]["username"] == username
    assert browser.client.get("/api/v1/cases/").status_code == 200


def test_a_new_session_is_not_the_one_from_before(browser: Browser, username: str) -> None:
    browser.client.cookies["sessionid"] = "planted-by-somebody-else-0123456"
    browser.sign_in(username)
    assert browser.client.cookies["sessionid"].value != "planted-by-somebody-else-0123456"


def test_the_session_cookie_is_out_of_reach_of_scripts(browser: Browser, username: str) -> None:
    browser.sign_in(username)
    cookie = browser.client.cookies["sessionid"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


def test_signing_out_ends_it(browser: Browser, username: str) -> None:
    browser.sign_in(username)
    browser.client.delete(f"{AUTH}auth/session", headers=browser.token)
    assert browser.session()["meta"]["is_authenticated"] is False
    assert browser.client.get("/api/v1/cases/").status_code == 401


def test_a_wrong_password_opens_nothing(browser: Browser, username: str) -> None:
    answer = browser.sign_in(username, "間違った合言葉です")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["code"] == "username_password_mismatch"
    assert browser.client.get("/api/v1/cases/").status_code == 401


def test_an_unknown_name_is_told_the_same(browser: Browser, username: str) -> None:
    known = browser.sign_in(username, "間違った合言葉です")
    unknown = browser.sign_in("nobody", "間違った合言葉です")
    assert (known.status_code, known.json()) == (unknown.status_code, unknown.json())


def test_guessing_is_stopped(browser: Browser, username: str) -> None:
    for _ in range(12):
        browser.sign_in(username, "間違った合言葉です")
    answer = browser.sign_in(username)
    assert answer.status_code == 400
    assert browser.session()["meta"]["is_authenticated"] is False


def test_a_disabled_account_stays_outside(browser: Browser, username: str) -> None:
    User.objects.filter(username=username).update(is_active=False)
    answer = browser.sign_in(username)
    assert answer.status_code == 401
    assert browser.session()["meta"]["is_authenticated"] is False
    assert browser.client.get("/api/v1/cases/").status_code == 401


@pytest.mark.parametrize(
    "address",
    ["auth/signup", "auth/password/request", "auth/code/request", "auth/provider/signup"],
)
def test_nobody_gives_themselves_an_account(browser: Browser, username: str, address: str) -> None:
    browser.session()
    body = {"username": "mallory", "password": PASSWORD, "email": "mallory@example.org"}
    assert browser.post(f"{AUTH}{address}", body).status_code == 404
    assert list(User.objects.values_list("username", flat=True)) == [username]


def test_the_app_flavour_of_sign_in_does_not_exist(browser: Browser, username: str) -> None:
    body = {"username": username, "password": PASSWORD}
    assert browser.post("/auth/app/v1/auth/login", body).status_code == 404


def test_sign_in_itself_needs_the_csrf_token(browser: Browser, username: str) -> None:
    body = {"username": username, "password": PASSWORD}
    assert code_of(browser.client.post(f"{AUTH}auth/login", body), 403) == "csrf_failed"


def test_a_session_writes_with_the_csrf_token(browser: Browser, username: str) -> None:
    browser.sign_in(username)
    assert browser.post(RESIDENTS, {"family_name": "髙橋"}).status_code == 201


def test_and_not_without_it(browser: Browser, username: str) -> None:
    browser.sign_in(username)
    answer = browser.client.post(RESIDENTS, {"family_name": "髙橋"})
    assert code_of(answer, 403) == "csrf_failed"
    assert not Resident.objects.exists()


def test_nor_with_somebody_elses(browser: Browser, username: str) -> None:
    browser.sign_in(username)
    other = Browser()
    other.session()
    answer = browser.client.post(RESIDENTS, {"family_name": "髙橋"}, headers=other.token)
    assert code_of(answer, 403) == "csrf_failed"


def test_a_session_reads_without_it(browser: Browser, username: str) -> None:
    browser.sign_in(username)
    assert browser.client.get("/api/v1/cases/").status_code == 200


def test_a_key_for_safe_retries_works_in_a_session(browser: Browser, username: str) -> None:
    browser.sign_in(username)
    headers = browser.token | {"Idempotency-Key": "2f1a"}
    answers = [
        browser.client.post(RESIDENTS, {"family_name": "髙橋"}, headers=headers) for _ in range(2)
    ]
    assert answers[0].json() == answers[1].json()
    assert Resident.objects.count() == 1


def test_sign_ins_and_failed_ones_are_on_the_trail(browser: Browser, username: str) -> None:
    before = AuditEntry.objects.order_by("id").last()
    browser.sign_in(username, "間違った合言葉です")
    browser.sign_in(username)
    new = AuditEntry.objects.filter(id__gt=before.id) if before else AuditEntry.objects.all()
    assert new.filter(detail__code="sign_in_failed").count() == 1
    assert new.filter(action="account.sign_in").count() == 1
    assert not AuditEntry.objects.filter(detail__icontains="間違った").exists()

"""What every answer says besides its body. All addresses: `tests/access`, all pages: `tests/staff`."""

from __future__ import annotations

import runpy
from typing import Any
from uuid import UUID

import pytest
from pytest_django import Settings
from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs

from carenet.audit.models import AuditEntry
from config.settings import base
from tests.factories import NOWHERE, api
from tests.rest.raw_requests import code_of
from tests.test_settings import GOOD

CASES = "/api/v1/cases/"


def is_id(text: str) -> bool:
    """Whether a text is an id as we give it; raises `ValueError` for what is no UUID."""
    return str(UUID(text)) == text


# The request's id.


def test_the_id_of_an_answer_is_that_of_the_trail(client: Any) -> None:
    answer = client.get(f"{CASES}{NOWHERE}/")
    found = AuditEntry.objects.filter(deed="denial").latest("time")
    assert answer["X-Request-Id"] == found.request_id


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/nowhere", "/healthz?%zz", "/api/v1/cases/?a=%00"])
def test_what_is_refused_at_the_door_has_an_id_too(address: str) -> None:
    assert is_id(api().get(address)["X-Request-Id"])


def test_so_has_a_fault_of_ours(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr("carenet.cases.api.cases.CaseViewSet.queryset_for")
    client.raise_request_exception = False
    answer = client.get(f"{CASES}{NOWHERE}/")
    assert answer.status_code == 500
    assert is_id(answer["X-Request-Id"])
    assert "no-store" in answer["Cache-Control"]


def test_an_id_that_is_sent_in_stands_in_the_log_beside_ours(client: Any) -> None:
    with capture_logs(processors=[merge_contextvars]) as lines:
        answer = client.get(CASES, headers={"X-Request-Id": "partner-7f"})
    assert answer["X-Request-Id"] != "partner-7f"
    assert answer["X-Client-Request-Id"] == "partner-7f"
    assert is_id(answer["X-Request-Id"])
    (told,) = [line for line in lines if line.get("event") == "request_finished"]
    assert told["client_request_id"] == "partner-7f"
    assert told["request_id"] == answer["X-Request-Id"]


@pytest.mark.parametrize("sent", ["", " ", "a b", "x" * 65, "a\u00e9", '{"a":1}', "-", "a;b"])
def test_what_is_no_id_is_dropped(client: Any, sent: str) -> None:
    answer = client.get(CASES, headers={"X-Request-Id": sent})
    assert "X-Client-Request-Id" not in answer


# What may be kept, and by whom.


def test_a_file_of_the_pages_may_be_kept() -> None:
    answer = api().get("/static/staff/staff.css")
    assert answer.status_code == 200
    assert "max-age" in answer["Cache-Control"]
    answer.close()


def test_a_file_that_is_not_there_may_not(db: None) -> None:  # noqa: ARG001
    assert "no-store" in api().get("/static/nothing.css")["Cache-Control"]


# Plain HTTP.


@pytest.fixture
def https_only(settings: Settings) -> None:
    settings.SECURE_SSL_REDIRECT = True


@pytest.mark.usefixtures("https_only")
@pytest.mark.parametrize(
    ("method", "address", "headers"),
    [
        ("GET", CASES, {"Authorization": "Bearer secret"}),
        ("GET", CASES, {}),
        ("POST", "/oauth/token/", {}),
        ("POST", "/oauth/revoke_token/", {}),
        ("POST", "/auth/browser/v1/auth/login", {}),
        ("GET", "/today/", {"Authorization": "Basic secret"}),
    ],
)
def test_a_secret_over_plain_http_is_refused_not_led_on(
    method: str, address: str, headers: dict[str, str]
) -> None:
    answer = api().generic(method, address, headers=headers)
    assert code_of(answer, 403) == "https_required"
    assert "Location" not in answer


@pytest.mark.usefixtures("https_only")
def test_a_page_is_led_on() -> None:
    assert api().get("/today/").status_code == 301


@pytest.mark.usefixtures("https_only")
def test_over_https_it_is_answered(db: None) -> None:  # noqa: ARG001
    assert api().get(CASES, secure=True).status_code == 401


def test_cookies_belong_to_this_host_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALLOWED_HOSTS", "carenet.example.jp")
    monkeypatch.setattr(base, "NUM_PROXIES", 1)
    monkeypatch.setattr(base, "SECRET_KEY", GOOD["secret_keys"][0])
    found = runpy.run_module("config.settings.production")
    for cookie in ("SESSION", "CSRF", "LANGUAGE"):
        assert found[f"{cookie}_COOKIE_NAME"].startswith("__Host-")
        assert found[f"{cookie}_COOKIE_SECURE"] is True
        assert f"{cookie}_COOKIE_DOMAIN" not in found

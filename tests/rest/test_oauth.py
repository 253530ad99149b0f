"""Partners' systems: OAuth 2.0 client credentials, nothing else."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone
from oauth2_provider.models import get_access_token_model
from rest_framework.test import APIClient

from carenet.accounts.actions.clients import create_client
from carenet.agencies.models import Agency
from carenet.agencies.roles import Scope
from tests.factories import a_system
from tests.rest.raw_requests import FORM, code_of, post_bytes

if TYPE_CHECKING:
    from rest_framework.response import _MonkeyPatchedResponse as Answer

CASES = "/api/v1/cases/"


@pytest.fixture
def credentials(plaza: Agency) -> tuple[str, str]:
    app, secret = create_client(
        agency=plaza, name="支援システム", scopes=[Scope.CASES_READ, Scope.AGENCIES_READ]
    )
    return app.client_id, secret


def ask(
    credentials: tuple[str, str], body: str = "grant_type=client_credentials", path: str = "token"
) -> Answer:
    pair = b64encode(":".join(credentials).encode()).decode()
    address = f"/oauth/{path}/"
    system = APIClient(enforce_csrf_checks=True)  # as outside of tests: a system has no cookies
    return post_bytes(system, address, body.encode(), FORM, Authorization=f"Basic {pair}")


def bearing(token: str) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    return client


def test_a_token_opens_what_its_scopes_name(credentials: tuple[str, str]) -> None:
    answer = ask(credentials).json()
    assert answer["token_type"] == "Bearer"
    assert set(answer["scope"].split()) == {"cases:read", "agencies:read"}
    assert "refresh_token" not in answer
    assert bearing(answer["access_token"]).get(CASES).status_code == 200


def test_a_token_may_be_narrower_than_the_contract(credentials: tuple[str, str]) -> None:
    answer = ask(credentials, "grant_type=client_credentials&scope=agencies:read").json()
    assert answer["scope"] == "agencies:read"
    assert code_of(bearing(answer["access_token"]).get(CASES), 403) == "scope_missing"


def test_a_scope_to_read_does_not_write(credentials: tuple[str, str]) -> None:
    token = ask(credentials).json()["access_token"]
    answer = bearing(token).post("/api/v1/residents/", {"family_name": "髙橋"})
    assert code_of(answer, 403) == "scope_missing"


def test_a_wrong_secret_is_refused(credentials: tuple[str, str]) -> None:
    answer = ask((credentials[0], "guess"))
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


def test_so_is_an_unknown_client(credentials: tuple[str, str]) -> None:
    answer = ask(("nobody", credentials[1]))
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


@pytest.mark.parametrize("scope", ["cases:write", "cases:read residents:read", "everything"])
def test_a_scope_beyond_the_contract_is_refused(credentials: tuple[str, str], scope: str) -> None:
    answer = ask(credentials, f"grant_type=client_credentials&scope={scope.replace(' ', '+')}")
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_scope")


@pytest.mark.parametrize(
    "grant",
    [
        "password&username=a&password=b",
        "authorization_code&code=x&redirect_uri=https://example.org",
        "refresh_token&refresh_token=x",
        "urn:ietf:params:oauth:grant-type:device_code&device_code=x",
        "implicit",
        "",
    ],
)
def test_no_other_grant_is_given(credentials: tuple[str, str], grant: str) -> None:
    answer = ask(credentials, f"grant_type={grant}")
    assert 400 <= answer.status_code < 500
    assert "access_token" not in answer.json()


def test_no_token_is_given_for_a_get(credentials: tuple[str, str]) -> None:
    assert credentials
    assert APIClient().get("/oauth/token/?grant_type=client_credentials").status_code == 405


def test_a_token_in_the_address_opens_nothing(credentials: tuple[str, str]) -> None:
    token = ask(credentials).json()["access_token"]
    assert APIClient().get(f"{CASES}?access_token={token}").status_code == 401


def test_a_revoked_token_opens_nothing(credentials: tuple[str, str]) -> None:
    token = ask(credentials).json()["access_token"]
    assert ask(credentials, f"token={token}", "revoke_token").status_code == 200
    assert code_of(bearing(token).get(CASES), 401) == "not_authenticated"


def test_nobody_elses_token_can_be_revoked(plaza: Agency, credentials: tuple[str, str]) -> None:
    token = ask(credentials).json()["access_token"]
    other, secret = create_client(agency=plaza, name="別", scopes=[Scope.CASES_READ])
    ask((other.client_id, secret), f"token={token}", "revoke_token")
    assert bearing(token).get(CASES).status_code == 200


def test_a_token_that_has_run_out_opens_nothing(credentials: tuple[str, str]) -> None:
    token = ask(credentials).json()["access_token"]
    get_access_token_model().objects.update(expires=timezone.now())
    assert code_of(bearing(token).get(CASES), 401) == "not_authenticated"


def test_an_agency_that_takes_no_part_any_more_is_out_at_once(
    plaza: Agency, credentials: tuple[str, str]
) -> None:
    token = ask(credentials).json()["access_token"]
    Agency.objects.filter(pk=plaza.pk).update(active=False)
    assert code_of(bearing(token).get(CASES), 401) == "not_authenticated"
    assert 400 <= ask(credentials).status_code < 500


def test_secret_and_token_are_kept_as_hashes(credentials: tuple[str, str]) -> None:
    token = ask(credentials).json()["access_token"]
    kept = get_access_token_model().objects.get()
    assert token not in {kept.token, kept.token_checksum}
    assert kept.application
    assert kept.application.client_secret != credentials[1]


@pytest.mark.parametrize("path", ["token", "revoke_token"])
def test_a_system_gets_and_revokes_tokens_without_cookies(
    credentials: tuple[str, str], path: str
) -> None:
    token = ask(credentials).json()["access_token"]
    body = f"grant_type=client_credentials&token={token}"
    assert ask(credentials, body, path).status_code == 200


def test_a_system_needs_no_csrf_token(plaza: Agency) -> None:
    system = a_system(plaza)
    system.handler.enforce_csrf_checks = True
    assert system.post("/api/v1/residents/", {"family_name": "髙橋"}).status_code == 201

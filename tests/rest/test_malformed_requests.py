"""What nobody could read is a 400 outside DRF, too: sign-in, token endpoint, cookies, queries."""

from __future__ import annotations

import json
from base64 import b64encode

import pytest
from rest_framework.test import APIClient
from werkzeug.test import Client

from config.wsgi import application
from tests.factories import a_user, api
from tests.rest.raw_requests import FORM, code_of, post_bytes

pytestmark = pytest.mark.django_db

LOGIN = "/auth/browser/v1/auth/login"
TOKEN = "/oauth/token/"
REVOKE = "/oauth/revoke_token/"


@pytest.mark.parametrize("address", ["/api/v1/cases/", LOGIN, TOKEN, "/nothing"])
@pytest.mark.parametrize("query", ["a=%zz", "a=%", "%00=1", "a=%0"])
def test_a_query_that_cannot_be_decoded(address: str, query: str) -> None:
    assert code_of(api().get(f"{address}?{query}"), 400) == "bad_request"


@pytest.mark.parametrize("address", ["/api/v1/cases/", "/auth/browser/v1/auth/session"])
def test_a_cookie_with_nul(address: str) -> None:
    answer = api().get(address, headers={"Cookie": r'sessionid="\000aaaaaaaaaaaaaaaa"'})
    assert code_of(answer, 400) == "bad_request"


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000,
        b'{"username": ' * 100_000,
        rb'{"username": "\ud800", "password": "x"}',
        rb'{"username": "\u0000", "password": "x"}',
        b'{"username": {"a": 1}, "password": [1]}',
        b"\xff",
        b"null",
        b"17",
        b"{",
    ],
    ids=lambda body: repr(body[:24]),
)
def test_a_sign_in_that_cannot_be_read(body: bytes) -> None:
    answer = post_bytes(api(), LOGIN, body)
    assert answer.status_code == 400


@pytest.mark.parametrize("password", ["\ud800", "\0", "x" * 100_000])
def test_a_password_that_cannot_be(password: str) -> None:
    body = json.dumps({"username": a_user().username, "password": password}).encode()
    answer = post_bytes(api(), LOGIN, body)
    assert answer.status_code == 400


@pytest.mark.parametrize("address", [TOKEN, REVOKE])
@pytest.mark.parametrize(
    "body",
    [
        b"grant_type=client_credentials&client_id=%00&client_secret=x&token=x",
        b"grant_type=client_credentials&client_id=%ed%a0%80&client_secret=x&token=%00",
        b"grant_type=client_credentials&client_id=%ff&client_secret=%ff",
        b"grant_type=%zz",
        b"grant_type=a&grant_type=b&client_id=a&client_id=b",
        b"\xff\xfe",
        b"&".join(b"a%d=1" % number for number in range(2000)),
        b"token=" + b"a" * 20_000_000,
        b"",
    ],
    ids=lambda body: repr(body[:40]),
)
def test_a_form_that_cannot_be_meant(address: str, body: bytes) -> None:
    answer = post_bytes(api(), address, body, FORM)
    assert 400 <= answer.status_code < 500


@pytest.mark.parametrize("address", [TOKEN, REVOKE])
@pytest.mark.parametrize(
    "pair",
    [b"\0:\0", b"\xff\xff\xff\xff", b"no colon", b"", b":", b"a:b:c" * 5000, b"\xed\xa0\x80:x"],
    ids=lambda pair: repr(pair[:16]),
)
def test_a_client_that_names_itself_in_rubbish(address: str, pair: bytes) -> None:
    named = f"Basic {b64encode(pair).decode()}"
    body = b"grant_type=client_credentials&token=x"
    answer = post_bytes(APIClient(), address, body, FORM, Authorization=named)
    assert 400 <= answer.status_code < 500


@pytest.mark.parametrize(
    "authorization",
    ["Bearer", "Bearer x", "Bearer a b c", "Bearer ÿ", "Basic ####", "Basic", "x" * 10_000, "\0"],
)
def test_a_token_that_is_none(authorization: str) -> None:
    answer = APIClient().get("/api/v1/cases/", headers={"Authorization": authorization})
    assert code_of(answer, 401) == "not_authenticated"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("charset", ["hex", "rot13", "none-such", "utf-16"])
def test_a_codec_that_is_none_of_text(charset: str) -> None:
    answer = Client(application).get(
        "/api/v1/cases/?limit=5", headers={"Content-Type": f"application/json; charset={charset}"}
    )
    assert answer.status_code == 401

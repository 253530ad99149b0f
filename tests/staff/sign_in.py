"""Signing in as people do, with the password and the code of an authenticator."""

from __future__ import annotations

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.conf import settings
from django.test import Client

from carenet.agencies.models import User
from tests.factories import PASSWORD


def an_authenticator(user: User) -> tuple[str, list[str]]:
    """Give a person an authenticator; return its secret and the recovery codes."""
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    codes: list[str] = RecoveryCodes.activate(user).get_unused_codes()
    return secret, codes


def code_of(secret: str) -> str:
    """Return the six digits that an authenticator shows now."""
    _before, now, *_after = yield_hotp_counters_from_time()
    shown: str = format_hotp_value(hotp_value(secret, now))
    return shown


def signed_in(user: User, code: str = "") -> Client:
    """Return a browser without a screen in which somebody has typed password and code."""
    client = Client()
    client.post("/sign-in/", {"login": user.username, "password": PASSWORD})
    if code:
        client.post("/sign-in/code/", {"code": code})
    return client


def confirmed(client: Client) -> Client:
    """Let them say once more who they are: what changes an account asks for that."""
    client.post("/sign-in/again/", {"password": PASSWORD})
    return client


def key_of(client: Client) -> str:
    """Return the key of a client's session."""
    return client.cookies[settings.SESSION_COOKIE_NAME].value

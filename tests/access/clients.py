"""Clients of agencies, and their tokens."""

from __future__ import annotations

from django.test import Client

from carenet.accounts.actions.clients import create_client
from carenet.agencies.models import Agency
from carenet.agencies.roles import Scope


def a_client(agency: Agency, scopes: list[Scope]) -> tuple[str, str]:
    client, secret = create_client(agency=agency, name="system", scopes=scopes)
    return client.client_id, secret


def a_token(client_id: str, secret: str) -> str:
    answer = Client().post("/oauth/token/", credentials(client_id, secret))
    token: str = answer.json()["access_token"]
    return token


def credentials(client_id: str, secret: str) -> dict[str, str]:
    return {
        "grant_type": "client_credentials", "client_id": client_id, "client_secret": secret,
    }  # fmt: skip

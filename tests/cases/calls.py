"""Consultations over the API, for tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rest_framework.test import APIClient

if TYPE_CHECKING:
    from rest_framework.response import _MonkeyPatchedResponse as Answer

CONSULTATIONS = "/api/v1/consultations/"


def call(client: APIClient, **more: Any) -> Answer:
    """Record that a neighbour has telephoned."""
    words = {
        "channel": "phone",
        "relationship": "neighbour",
        "topics": ["community", "health"],
        "main_topic": "community",
        "content": "三日前から姿を見ない",
    }
    return client.post(CONSULTATIONS, words | more)


def recorded(client: APIClient, **more: Any) -> str:
    """Record a consultation; return its address."""
    answer = call(client, **more)
    assert answer.status_code == 201, answer.content
    return f"{CONSULTATIONS}{answer.json()['id']}/"

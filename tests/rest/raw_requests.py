"""Sending bytes, and reading problem documents (RFC 9457), in tests."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from rest_framework.test import APIClient

if TYPE_CHECKING:
    from rest_framework.response import _MonkeyPatchedResponse as Answer

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"


def post_bytes(
    client: APIClient, address: str, body: bytes, content_type: str = JSON, **headers: str
) -> Answer:
    """POST a body just as it is."""
    given: Any = body
    return client.generic("POST", address, given, content_type=content_type, headers=headers)


def problem_of(answer: HttpResponse, status: int) -> dict[str, Any]:
    """Return the document of an answer that must be a complete problem of this status."""
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    document: dict[str, Any] = json.loads(answer.content)
    assert {"type", "title", "status", "detail", "code"} <= set(document)
    assert document["status"] == status
    assert document["type"] == f"urn:carenet:problem:{document['code']}"
    assert document["title"]
    assert document["detail"]
    return document


def code_of(answer: HttpResponse, status: int) -> str:
    """Return the code of a problem of this status."""
    return str(problem_of(answer, status)["code"])


def pointers_of(answer: HttpResponse) -> list[str]:
    """Return where in the body something is wrong."""
    return [error["pointer"] for error in problem_of(answer, 400)["errors"]]

"""Everybody who asks, and what one request of theirs came to."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode

from django.core.files.base import ContentFile
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.utils import timezone

from carenet.audit.models import AuditAction, AuditEntry
from tests.access.names import (
    FAMILY_KANA,
    FAMILY_NAME,
    REPORTER,
    REPORTER_PHONE,
    WATCHED,
    WATCHED_KANA,
)

JSON, FORM = "application/json", "application/x-www-form-urlencoded"
MULTIPART = MULTIPART_CONTENT
#: Everybody who asks, in the order of the table's columns; at last whoever is answered like another.
PERSONAS = {
    "anonymous": ("anonymous",),
    "own": ("staff", "manager", "coordinator", "watcher", "auditor", "client", "bare client"),
    "helper": ("staff", "manager", "client"),
    "asked": ("staff", "manager", "client"),
    "stranger": ("staff", "manager", "client"),
    "ward": ("staff", "coordinator", "auditor"),
    "section": ("staff",),
}
#: An officer of a section of the ward office is answered like whoever has no part in anything: that the
#: office is their parent opens nothing.
LIKE = {"section staff": "stranger staff"}
#: Of these targets the stranger has one of their own, which is out of reach of everybody else.
STRANGERS_OWN = {"inquiry", "own_invitation"}


@dataclass(frozen=True)
class Asked:
    """What one request came to: the answer, and what it left in the trail."""

    status: int
    content: bytes
    trail: list[AuditEntry]
    headers: Mapping[str, str] = field(default_factory=dict)
    path: str = ""

    @property
    def code(self) -> str:
        code: str = json.loads(self.content)["code"]
        return code

    @property
    def names_the_person(self) -> bool:
        return self._tells(FAMILY_NAME, FAMILY_KANA)

    @property
    def names_the_reporter(self) -> bool:
        return self._tells(REPORTER, REPORTER_PHONE)

    @property
    def names_the_watched(self) -> bool:
        return self._tells(WATCHED, WATCHED_KANA)

    def _tells(self, *names: str) -> bool:
        told = self.content.decode(errors="replace")
        return any(name in told or json.dumps(name).strip('"') in told for name in names)

    def left(self, deed: AuditAction) -> list[AuditEntry]:
        return [entry for entry in self.trail if entry.deed == deed]


@dataclass(frozen=True)
class Persona:
    """Somebody who asks: by a session or a token, for one agency."""

    agency: str
    role: str
    headers: dict[str, str] = field(default_factory=dict)
    session: str = ""
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))

    def __str__(self) -> str:
        return f"{self.agency} {self.role}" if self.agency != self.role else self.role

    @property
    def kind(self) -> str:
        """What the trail calls it."""
        if self.agency == "anonymous":
            return "anonymous"
        return "client" if "client" in self.role else "user"

    def ask(
        self, method: str, path: str, body: Any = None, *, kind: str = JSON, **headers: str
    ) -> Asked:
        """Ask once; whatever the request has changed is undone."""
        since = timezone.now()
        with transaction.atomic():
            answer = self.send(method, path, body, kind=kind, **headers)
            trail = list(
                AuditEntry.objects.filter(time__range=(since, timezone.now())).order_by("time")
            )
            transaction.set_rollback(True)
        return Asked(answer.status_code, answer.content, trail, answer.headers, path)

    def send(
        self, method: str, path: str, body: Any = None, *, kind: str = JSON, **headers: str
    ) -> HttpResponse:
        """Ask once, with its effect."""
        told = {"accept-language": "en", "carenet-purpose": "test", **self.headers, **headers}
        self.client.cookies = SimpleCookie({"sessionid": self.session} if self.session else {})
        sent = _encoded(body or {}, kind)
        given: Any = {} if method in {"GET", "HEAD"} else {"data": sent, "content_type": kind}
        return self.client.generic(method, path, headers=told, **given)  # type: ignore[return-value]


def _encoded(body: dict[str, Any], kind: str) -> str | bytes:
    if kind == MULTIPART:
        return encode_multipart(BOUNDARY, {n: ContentFile(v, "a.pdf") for n, v in body.items()})
    return urlencode(body) if kind == FORM else json.dumps(body)

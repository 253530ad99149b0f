"""Safe retries: the same `Idempotency-Key` and body have one effect and one answer.

Kept are the status, the headers, and kind and id of what the answer showed; of a refusal its own words.
The key's row commits in the request's outer transaction, the effect in a savepoint of it. A twin
that arrives while the first one runs waits on the unique index, at most
`IDEMPOTENCY_WAIT_SECONDS`, and then gets 409 with `Retry-After`.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from carenet.core import clock
from carenet.core.errors import Busy, KeyReused
from carenet.rest.models import IdempotencyKey
from carenet.rest.problems import CLIENT_ERROR, SERVER_ERROR
from carenet.rest.stored_response import ShownObjects, may_store

LOCK_NOT_AVAILABLE = "55P03"
MAX_KEY = 255
KEPT_HEADERS = ("ETag", "Location")
#: Answers that say nothing about the effect: asking again must really ask again. So it is with any
#: answer that says when to ask again.
NOT_KEPT = {401, 403, 429}


@dataclass(slots=True)
class IdempotencyGuard:
    """The caller's hold on a key; `again` says that it was answered before."""

    row: IdempotencyKey
    again: bool = False

    @property
    def refused(self) -> bool:
        """Whether the first one had no effect, and was told so."""
        return (self.row.status or 0) >= CLIENT_ERROR

    def store(self, response: Response, shown: ShownObjects | None, request: Request) -> None:
        """Keep what may be kept of the first answer with the effect, or let go of the key."""
        passing = (
            response.status_code in NOT_KEPT
            or "Retry-After" in response.headers
            or response.headers.get("Cache-Control") == "no-store"  # it holds a secret
        )
        if passing or response.status_code >= SERVER_ERROR:
            self.row.delete()
            return
        self.row.status = response.status_code
        self.row.shown = self.row.body = None
        if self.refused:
            if may_store(response.data, _typed(request)):
                self.row.body = json.loads(JSONRenderer().render(response.data))
        elif shown:
            self.row.shown = {"kind": shown.kind, "ids": shown.ids, "member": shown.member}
        self.row.headers = {
            name: response.headers[name] for name in KEPT_HEADERS if name in response.headers
        }
        if response.content_type:
            self.row.headers["Content-Type"] = response.content_type
        self.row.save(update_fields=["status", "shown", "body", "headers"])

    def answer(self, body: Any = None) -> Response:
        """Answer as the first time, with a body that was rendered now."""
        headers = dict(self.row.headers)
        content_type = headers.pop("Content-Type", None)
        return Response(body, self.row.status, headers=headers, content_type=content_type)


def _typed(request: Request) -> Any:
    """Return the body as it was read; None where it could not be."""
    try:
        return request.data
    except (APIException, SuspiciousOperation):
        return None


def claim_key(request: Request, scope: str) -> IdempotencyGuard | None:
    """Return the hold on the request's key, None if it carries none.

    Raises `ValidationError` for a malformed key, `KeyReused` for another body under it, `Busy` when
    a twin is still running.
    """
    key = request.headers.get("Idempotency-Key")
    if request.method != "POST" or key is None:
        return None
    if not (key.isascii() and key.isprintable() and 0 < len(key) <= MAX_KEY):
        raise ValidationError({"Idempotency-Key": [_("Send 1 to 255 visible ASCII characters.")]})
    named = {"scope": scope, "method": request.method, "path": request.path[:500], "key": key}
    row = IdempotencyKey(**named, fingerprint=_fingerprint(request))
    while not _insert(row):
        kept = IdempotencyKey.objects.select_for_update().filter(**named).first()
        if kept and kept.created_at >= clock.now() - settings.IDEMPOTENCY_KEEP:
            if kept.fingerprint != row.fingerprint:
                raise KeyReused(
                    _("Use a new key for a new request; this one belongs to another body.")
                )
            return IdempotencyGuard(kept, again=True)
        if kept:
            kept.delete()
    return IdempotencyGuard(row)


def _fingerprint(request: Request) -> str:
    """Return what tells one body from another; of a form its parts, as its boundary is of chance."""
    if not (request.content_type or "").startswith("multipart/"):
        return hashlib.sha256(request.body).hexdigest()
    digest, form = hashlib.sha256(), request.data
    for name, values in sorted(form.lists() if isinstance(form, MultiValueDict) else []):
        for value in values:
            parts = value.chunks() if isinstance(value, UploadedFile) else [str(value).encode()]
            inner = hashlib.sha256()
            for part in parts:
                inner.update(part)
            title = [name, getattr(value, "name", ""), getattr(value, "content_type", "")]
            digest.update(json.dumps([*title, inner.hexdigest()]).encode())
    return digest.hexdigest()


def _insert(row: IdempotencyKey) -> bool:
    """Insert the row unless its key exists; wait for a twin's transaction to end first."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('lock_timeout', %s, true)",
                [f"{settings.IDEMPOTENCY_WAIT_SECONDS}s"],
            )
            row.save(force_insert=True)
            cursor.execute("SET LOCAL lock_timeout TO DEFAULT")
    except IntegrityError:
        return False
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", "") != LOCK_NOT_AVAILABLE:
            raise
        raise Busy(
            _("The first request with this key is still running. Ask again a little later."),
            retry_after=settings.IDEMPOTENCY_WAIT_SECONDS,
        ) from error
    return True

"""`GET /healthz`: whether every part works, for a dead man's switch outside.

Times and names only, so that anybody may ask. Asked without a transaction, as the database itself may be
away. What is tried stands in `carenet.reminders.actions.health`.
"""

from __future__ import annotations

from threading import Lock
from time import monotonic
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from carenet.reminders.actions.health import try_parts

SERVICE_UNAVAILABLE = 503


class _Answer:
    """The last answer of this process, for as long as it is given again."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.until = 0.0
        self.body: dict[str, Any] = {}
        self.status = 200


_last = _Answer()


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """Answer 200 when all parts work, else 503 naming the first that does not.

    Anybody may ask, and asking costs: one caller at a time does, and the answer is given to all others
    for `HEALTHZ_KEPT_SECONDS`.
    """
    # Who asks is nobody's business here, and the log must not look it up in a database that is away.
    request.user = AnonymousUser()
    with _last.lock:
        if monotonic() >= _last.until:
            _last.body = try_parts()
            _last.status = SERVICE_UNAVAILABLE if "part" in _last.body else 200
            _last.until = monotonic() + settings.HEALTHZ_KEPT_SECONDS
        return JsonResponse(_last.body, status=_last.status)

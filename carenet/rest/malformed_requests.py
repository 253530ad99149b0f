"""What nobody behind it could read is refused at the door.

DRF's views answer for themselves (`carenet.rest.problems`). The sign-in, the token endpoint and
Django's own machinery trip over NUL characters, lone surrogates and endless nesting.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable

from django.db import DataError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from carenet.rest.problems import problem_response

logger = logging.getLogger(__name__)
#: A percent sign that encodes nothing, or NUL.
_UNREADABLE = re.compile("%(?![0-9A-Fa-f]{2})|%00|\x00")

_HEX = "[0-9A-Fa-f]"
_ID = re.compile(f"(?<=/){_HEX}{{8}}(?:-{_HEX}{{4}}){{3}}-{_HEX}{{12}}(?=/|$)")


class MalformedRequestMiddleware:
    """Middleware, before whatever reads query and cookies: what cannot be read is a 400."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        query = request.META.get("QUERY_STRING", "")
        if _UNREADABLE.search(query) or any("\0" in value for value in request.COOKIES.values()):
            return _refusal()
        # An id has no case (RFC 9562, 4): it is the same object, and the same key of a retry.
        request.path_info = _ID.sub(_lowered, request.path_info)
        request.path = _ID.sub(_lowered, request.path)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, (DataError, UnicodeEncodeError, RecursionError)):
            return None
        logger.warning("A request could not be read.", exc_info=exception)
        if connection.in_atomic_block:
            transaction.set_rollback(True)
        return _refusal()


def _lowered(found: re.Match[str]) -> str:
    return found[0].lower()


def _refusal() -> HttpResponse:
    return problem_response(400, "bad_request", _("The request could not be read."))

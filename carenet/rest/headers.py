"""What every answer says besides its body: that nobody keeps it, which request it answers.

The one place for it. Outermost of the middleware that answers, so that what others refuse, and our own
faults, say it too. The policy of what a page may load is django-csp's (`CONTENT_SECURITY_POLICY`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import uuid4

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from carenet.rest.problems import problem_response

#: Names of the addresses that have nobody's data in them: the contract, and what a telephone shows
#: without a network. They say themselves for how long they are good.
MAY_BE_KEPT = frozenset({"openapi", "api-docs", "staff-pocket-offline", "staff-pocket-worker"})
#: What no browser lends to our pages, whatever stands in them.
LENT_TO_NOBODY = "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"
#: Where machines send what opens something: there plain HTTP is not led on to HTTPS.
OF_MACHINES = ("/api/", "/oauth/", "/auth/")
_OURS = "HTTP_X_REQUEST_ID"
_WELL_FORMED = re.compile("[A-Za-z0-9][A-Za-z0-9._:-]{0,63}")


class Headers:
    """Middleware, before all that answers: gives each request its id, and each answer its headers.

    An id that is sent in is anybody's word. A well-formed one goes into the log beside ours and back
    as `X-Client-Request-Id`; any other is dropped.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        sent = str(request.META.get(_OURS, ""))
        request.META[_OURS] = str(uuid4())  # what django-structlog takes as the request's id
        theirs = {"client_request_id": sent} if _WELL_FORMED.fullmatch(sent) else {}
        with structlog.contextvars.bound_contextvars(**theirs):
            response = _refuse_plain_http(request) or self.get_response(request)
        response["X-Request-Id"] = request_id(request)
        if theirs:
            response["X-Client-Request-Id"] = sent
        response["Cross-Origin-Resource-Policy"] = "same-origin"
        response["Permissions-Policy"] = LENT_TO_NOBODY
        if not _may_be_cached(request, response):
            response["Cache-Control"] = "private, no-store"
        return response


def request_id(request: HttpRequest) -> str:
    """Return the id under which trail and log keep the request, and its answer names it."""
    return str(request.META.setdefault(_OURS, str(uuid4())))


def _may_be_cached(request: HttpRequest, response: HttpResponse) -> bool:
    if request.path.startswith(settings.STATIC_URL):
        return response.has_header("Cache-Control")  # WhiteNoise has found a file
    match = request.resolver_match
    return bool(match and match.view_name in MAY_BE_KEPT)


def _refuse_plain_http(request: HttpRequest) -> HttpResponse | None:
    """Refuse what would give a secret away once more behind a redirect; None for all else."""
    if not settings.SECURE_SSL_REDIRECT or request.is_secure():
        return None
    if "HTTP_AUTHORIZATION" not in request.META and not request.path.startswith(OF_MACHINES):
        return None
    told = _(
        "Use https://. What was sent has crossed the network in the clear: replace the secret."
    )
    return problem_response(403, "https_required", told)

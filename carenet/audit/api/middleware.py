"""The request's transaction, rendering included, and the trail that it leaves.

Not ATOMIC_REQUESTS: that one commits before templates render. The outer transaction holds what
must stay whatever becomes of the effect: the trail, and the answer kept for an idempotency key. An
effect that ends in a server error is rolled back to the savepoint; a client error is rolled back
closer to its cause, in `carenet.rest.views`. The answer leaves only after the commit: what cannot
be audited is not shown.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from ipaddress import ip_address

from django.conf import settings
from django.db import DatabaseError, InterfaceError, transaction
from django.http import HttpRequest, HttpResponse
from rest_framework.throttling import BaseThrottle

from carenet.audit.actions import AuditContext, audit_context, write_log
from carenet.rest.database import is_away, unavailable
from carenet.rest.headers import request_id
from carenet.rest.problems import CLIENT_ERROR, SERVER_ERROR

logger = logging.getLogger(__name__)


def address_of(request: HttpRequest) -> str | None:
    """Return the caller's address, behind as many proxies as `NUM_PROXIES` says; None if unreadable."""
    try:
        return str(ip_address(BaseThrottle().get_ident(request)))  # type: ignore[arg-type]
    except ValueError:
        return None


class RequestTransaction:
    """Middleware: one transaction and one trail per request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path in settings.PATHS_WITHOUT_TRANSACTION:
            return self.get_response(request)
        try:
            return self._answer(request)
        except (DatabaseError, InterfaceError) as error:
            if not is_away(error):
                raise
            logger.warning("The database went away.", exc_info=error)
            return unavailable(request)

    def _answer(self, request: HttpRequest) -> HttpResponse:
        trail = AuditContext(
            address=address_of(request),
            request_id=request_id(request),
        )
        with audit_context(trail), transaction.atomic():
            with transaction.atomic():
                response = self.get_response(request)
                if response.status_code >= SERVER_ERROR:
                    transaction.set_rollback(True)
            route = request.resolver_match.view_name if request.resolver_match else ""
            trail.action = f"{request.method} {route or 'unknown'}"
            # A page may refuse a form and still show whom it is about: it says so by `shows`.
            shows = getattr(response, "shows", False)
            write_log(trail, failed=response.status_code >= CLIENT_ERROR and not shows)
        return response

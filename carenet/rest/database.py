"""A database that is away is no fault of a request: 503, and when to try again."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator

from django.conf import settings
from django.db import (
    DatabaseError,
    InterfaceError,
    NotSupportedError,
    OperationalError,
    connection,
)
from django.http import HttpRequest, HttpResponse
from django.urls import get_resolver

logger = logging.getLogger(__name__)
#: Seconds after which it is worth while to ask again.
TRY_AGAIN_AFTER = 2
#: SQLSTATEs of a server that cannot serve now: connections, resources, shutting down or starting,
#: a statement that took too long.
_AWAY = ("08", "53", "57P", "57014")
#: What a statement says that was planned before a migration changed what it returns; once for each
#: connection, which plans it anew for the next request.
_OUTDATED = "cached plan must not change result type"
#: What Django says when an effect goes on after its connection was lost.
_LOST = "Cannot open a new connection in an atomic block."


def is_away(error: BaseException | None) -> bool:
    """Say whether an error, or what it came from, means that the database cannot be had now."""
    return any(map(_means_away, _chain(error)))


def unavailable(request: HttpRequest) -> HttpResponse:
    """Answer for a database that is away, as the URLs' `handler503` says it."""
    handler: Callable[[HttpRequest], HttpResponse] = get_resolver().resolve_error_handler(503)
    return handler(request)


class DatabaseFirst:
    """Middleware, before whatever reads a session: without a database the answer is 503 at once.

    A connection is tried before it is used; one that died since the last request is replaced.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path not in settings.PATHS_WITHOUT_TRANSACTION:
            try:
                connection.close_if_health_check_failed()
                connection.ensure_connection()
            except (OperationalError, InterfaceError) as error:
                if not is_away(error):
                    raise
                logger.warning("The database is away.", exc_info=error)
                return unavailable(request)
        return self.get_response(request)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _means_away(error: BaseException) -> bool:
    if not isinstance(error, DatabaseError | InterfaceError):
        return False
    if str(error) == _LOST:
        return True
    if isinstance(error, NotSupportedError):
        return _OUTDATED in str(error)
    state = getattr(error.__cause__, "sqlstate", None)
    if isinstance(error, OperationalError):
        return state is None or state.startswith(_AWAY)
    return isinstance(error, InterfaceError) and "closed" in str(error)

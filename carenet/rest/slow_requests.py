"""A request that takes long says which statements it sent: in the log, under its request id."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter
from typing import Any

import structlog
from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse

logger = structlog.get_logger(__name__)
#: As many of them, the slowest first, and as much of each.
MOST, LONGEST = 10, 4000


class SlowRequests:
    """Middleware: writes a line for each request that took `SLOW_REQUEST_SECONDS`; 0: for none.

    The line has the texts of the statements and how long each took, in milliseconds, and no value:
    those are sent apart from the text until the connection puts them in.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not settings.SLOW_REQUEST_SECONDS:
            return self.get_response(request)
        sent: list[tuple[float, str]] = []

        def note(execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
            begin = perf_counter()
            try:
                return execute(sql, params, many, context)
            finally:
                sent.append((perf_counter() - begin, str(sql)))

        begin = perf_counter()
        with connection.execute_wrapper(note):
            response = self.get_response(request)
        took = perf_counter() - begin
        if took >= settings.SLOW_REQUEST_SECONDS:
            _say(took, sent)
        return response


def _say(took: float, sent: list[tuple[float, str]]) -> None:
    slowest = sorted(sent, reverse=True)[:MOST]
    logger.warning(
        "slow_request",
        ms=round(took * 1000),
        database_ms=round(sum(each for each, _sql in sent) * 1000),
        statements=len(sent),
        slowest=[{"ms": round(each * 1000), "sql": sql[:LONGEST]} for each, sql in slowest],
    )

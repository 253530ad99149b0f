"""What holds for a session whatever it asks for: it ends by its age, and when nobody uses it."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import SESSION_KEY, logout
from django.http import HttpRequest, HttpResponse

from carenet.accounts.models.session import (
    BEGUN,
    DEVICE,
    LAST_USED,
    device_of,
    now_in_seconds,
    seconds_until_end,
)

#: What a page sends with what it asks for by itself: nobody has done anything.
BY_ITSELF = "X-By-Itself"
#: A session is written once in so many seconds, not with every request.
GRAIN_SECONDS = 60


class SessionEnd:
    """Middleware: a session ends by its age, used or not, and before that without use.

    The first after `SESSION_HOURS`, the second after `STAFF_IDLE_MINUTES`, on pages and over the
    API. What a page asks for by itself is no use.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # What must answer without a database has no session either.
        if request.path not in settings.PATHS_WITHOUT_TRANSACTION:
            self._end_if_over(request)
        return self.get_response(request)

    @staticmethod
    def _end_if_over(request: HttpRequest) -> None:
        session = request.session
        if SESSION_KEY not in session:
            return
        now = now_in_seconds()
        if seconds_until_end(session) <= 0:
            logout(request)
        elif BEGUN not in session:
            # Of the release before, which did not know when it was begun.
            session[BEGUN] = session[LAST_USED] = now
        elif now - session.get(LAST_USED, 0) > GRAIN_SECONDS and BY_ITSELF not in request.headers:
            session[LAST_USED] = now


def seconds_left(request: HttpRequest) -> int:
    """Return in how many seconds the session ends if nobody uses it."""
    return max(int(seconds_until_end(request.session)), 0)


def begin(request: HttpRequest) -> None:
    """Note on what a session runs that has come to a page without signing in there."""
    if DEVICE not in request.session:
        request.session[DEVICE] = device_of(request.headers.get("User-Agent", ""))

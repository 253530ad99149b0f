"""What holds for a browser's session whatever it asks for: it ends when nobody uses it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth import logout

from carenet import clock
from carenet.agencies.backends import DEVICE

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

#: Where a session that has opened a page keeps when it was last used.
LAST_USED = "carenet_last_used"
#: What a page sends with what it asks for by itself: nobody has done anything.
BY_ITSELF = "X-By-Itself"
#: A session is written once in so many seconds, not with every request.
GRAIN_SECONDS = 60
#: The first sign that is found counts: an iPad says Mac OS as well, Edge says Chrome as well.
_SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"),
    ("Windows", "Windows"), ("Mac OS", "Mac"), ("Linux", "Linux"),
)  # fmt: skip
_BROWSERS = (
    ("Edg", "Edge"), ("Firefox", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)  # fmt: skip


class IdleEnd:
    """Middleware: a session that has opened a page ends after `STAFF_IDLE_MINUTES` without use.

    What a page asks for by itself is no use. Sessions of the API alone are not touched: they never
    opened a page.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # What must answer without a database has no session either.
        if request.path not in settings.PATHS_WITHOUT_TRANSACTION:
            self._end_if_idle(request)
        return self.get_response(request)

    @staticmethod
    def _end_if_idle(request: HttpRequest) -> None:
        last = request.session.get(LAST_USED)
        if last is not None:
            idle = clock.now().timestamp() - last
            if idle > settings.STAFF_IDLE_MINUTES * 60:
                logout(request)
            elif idle > GRAIN_SECONDS and BY_ITSELF not in request.headers:
                request.session[LAST_USED] = int(clock.now().timestamp())


def seconds_left(request: HttpRequest) -> int:
    """Return in how many seconds the session ends if nobody uses it."""
    now = clock.now().timestamp()
    ends = request.session.get(LAST_USED, now) + settings.STAFF_IDLE_MINUTES * 60
    return max(int(ends - now), 0)


def begin(request: HttpRequest) -> None:
    """Count the idle time of this session from now on, and note on what it runs."""
    request.session.setdefault(LAST_USED, int(clock.now().timestamp()))
    if DEVICE not in request.session:
        request.session[DEVICE] = device_of(request.headers.get("User-Agent", ""))


def device_of(agent: str) -> str:
    """Return system and browser as a browser names itself, "" where it says neither.

    It is for people who look for their telephone in a list, and proves nothing.
    """
    return " · ".join(
        found
        for names in (_SYSTEMS, _BROWSERS)
        if (found := next((name for sign, name in names if sign in agent), ""))
    )

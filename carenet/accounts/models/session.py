"""Who is signed in where: Django's sessions, with the account that each belongs to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils.module_loading import import_string

from carenet.core import clock

LONGEST_DEVICE = 60
#: Where it keeps when it was begun and when it was last used, in seconds, and on what it runs.
BEGUN, LAST_USED, DEVICE = "carenet_begun", "carenet_last_used", "carenet_device"
#: The first sign that is found counts: an iPad says Mac OS as well, Edge says Chrome as well.
_SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"),
    ("Windows", "Windows"), ("Mac OS", "Mac"), ("Linux", "Linux"),
)  # fmt: skip
_BROWSERS = (
    ("Edg", "Edge"), ("Firefox", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)  # fmt: skip
#: How a program names itself in front of its version (RFC 9110, 10.1.5).
_PRODUCT = re.compile(r"[A-Za-z][A-Za-z0-9 ._-]{0,39}")


def now_in_seconds() -> int:
    """Return the time as a session keeps it."""
    return int(clock.now().timestamp())


def seconds_until_end(session: Mapping[str, Any]) -> float:
    """Return in how many seconds a session ends: by its age, or before that if nobody uses it."""
    now = clock.now().timestamp()
    by_age = session.get(BEGUN, now) + settings.SESSION_COOKIE_AGE
    unused = session.get(LAST_USED, now) + settings.STAFF_IDLE_MINUTES * 60
    return float(min(by_age, unused) - now)


def device_of(agent: str) -> str:
    """Return system and browser as a browser names itself, "" where it says neither.

    It is for people who look for their telephone in a list, and proves nothing.
    """
    return " · ".join(
        found
        for names in (_SYSTEMS, _BROWSERS)
        if (found := next((name for sign, name in names if sign in agent), ""))
    )


def device_name(agent: str) -> str:
    """Return what a list calls the device: system and browser, else the program as it names itself."""
    program = _PRODUCT.match(agent)
    return device_of(agent) or (f"API · {program[0].strip()}" if program else "API")


class BrowserSession(AbstractBaseSession):
    """A session of a browser, or of a program that signs in as a person.

    Without its row one is signed out with the next request. `device` says in a few words on what, as
    the browser or program tells; `used_at` is exact to a minute.
    """

    user = models.ForeignKey(
        "agencies.User",
        null=True,
        on_delete=models.CASCADE,
        related_name="browser_sessions",
    )
    # For whom it acts: the managers of that agency see it and may end it, those of others do not.
    agency = models.ForeignKey(
        "agencies.Agency", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    device = models.CharField(max_length=LONGEST_DEVICE, blank=True)
    used_at = models.DateTimeField(default=clock.now)

    class Meta(AbstractBaseSession.Meta):
        app_label = "agencies"

    @classmethod
    def get_session_store_class(cls) -> type[SessionBase]:
        found: type[SessionBase] = import_string(f"{settings.SESSION_ENGINE}.SessionStore")
        return found

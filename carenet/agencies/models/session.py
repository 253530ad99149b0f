"""Who is signed in where: Django's sessions, with the account that each belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils.module_loading import import_string

from carenet import clock

if TYPE_CHECKING:
    from django.contrib.sessions.backends.base import SessionBase

LONGEST_DEVICE = 60
#: Where a session keeps the agency for which it acts.
SESSION_AGENCY = "carenet_agency"


class BrowserSession(AbstractBaseSession):
    """A session in a browser; without its row the browser is signed out with the next request.

    `device` says in a few words on what, as the browser tells; `used_at` is exact to a minute.
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

    @classmethod
    def get_session_store_class(cls) -> type[SessionBase]:
        found: type[SessionBase] = import_string(f"{settings.SESSION_ENGINE}.SessionStore")
        return found

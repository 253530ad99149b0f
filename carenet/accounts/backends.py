"""Where Django keeps sessions (`SESSION_ENGINE`): in rows that know whose they are."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.base_session import AbstractBaseSession

from carenet.accounts.models.session import (
    BEGUN,
    DEVICE,
    LAST_USED,
    LONGEST_DEVICE,
    BrowserSession,
    now_in_seconds,
)
from carenet.agencies.selectors.principals import SESSION_AGENCY
from carenet.core import clock
from carenet.core.compiled_queries import CompiledQuery

#: Every request asks.
_LASTING = CompiledQuery(
    lambda key, now: BrowserSession.objects.filter(session_key=key, expire_date__gt=now),
    key="a key of no session",
    now=datetime(1900, 1, 1, tzinfo=UTC),
)


class SessionStore(DatabaseStore):
    """Sessions of the database, with account, agency and device beside the data.

    One in which somebody is signed in knows when it was begun and last used, however it came about,
    and its row ends with its age.
    """

    @classmethod
    def get_model_class(cls) -> type[AbstractBaseSession]:
        return BrowserSession

    def _get_session_from_db(self) -> AbstractBaseSession | None:
        """Return the row, if it lasts by the service's clock and not by this machine's."""
        found = _LASTING.row(key=self.session_key, now=clock.now())
        if found is None:
            self._session_key = None
        return found

    def create_model_instance(self, data: dict[str, Any]) -> AbstractBaseSession:
        if SESSION_KEY in data:
            data.setdefault(BEGUN, now_in_seconds())
            data.setdefault(LAST_USED, now_in_seconds())
        row: Any = super().create_model_instance(data)
        if BEGUN in data:
            ends = data[BEGUN] + settings.SESSION_COOKIE_AGE
            row.expire_date = datetime.fromtimestamp(ends, UTC)
        row.user_id = data.get(SESSION_KEY)
        row.agency_id = data.get(SESSION_AGENCY)
        row.device = str(data.get(DEVICE, ""))[:LONGEST_DEVICE]
        found: AbstractBaseSession = row
        return found

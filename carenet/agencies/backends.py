"""Where Django keeps sessions (`SESSION_ENGINE`): in rows that know whose they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from carenet.agencies.models.session import LONGEST_DEVICE, SESSION_AGENCY, BrowserSession

if TYPE_CHECKING:
    from django.contrib.sessions.base_session import AbstractBaseSession

#: Where a session says on what it was begun.
DEVICE = "carenet_device"


class SessionStore(DatabaseStore):
    """Sessions of the database, with account, agency and device beside the data."""

    @classmethod
    def get_model_class(cls) -> type[AbstractBaseSession]:
        return BrowserSession

    def create_model_instance(self, data: dict[str, Any]) -> AbstractBaseSession:
        row: Any = super().create_model_instance(data)
        row.user_id = data.get(SESSION_KEY)
        row.agency_id = data.get(SESSION_AGENCY)
        row.device = str(data.get(DEVICE, ""))[:LONGEST_DEVICE]
        found: AbstractBaseSession = row
        return found

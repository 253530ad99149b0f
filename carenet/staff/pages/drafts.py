"""What is half written: kept in the session, encrypted, for one agency, until it is sent or thrown away.

It ends with the session: nothing of a person stays behind on a machine that nobody uses.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import TYPE_CHECKING

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from django.http import HttpRequest, QueryDict

KEPT_AS = "carenet_draft"
#: In characters, twice what the form takes: each line's end and quotation mark counts double.
LONGEST = 60_000


def keep(request: HttpRequest, agency_id: UUID, names: Iterable[str]) -> bool:
    """Keep what was typed under these names; return False for more than anybody types."""
    given: QueryDict = request.POST
    return put(request, agency_id, {name: given.getlist(name) for name in names if name in given})


def put(request: HttpRequest, agency_id: UUID, kept: dict[str, list[str]]) -> bool:
    """Keep this in place of what was kept; return False for more than anybody types."""
    text = json.dumps({"agency": str(agency_id), "fields": kept}, ensure_ascii=False)
    if len(text) > LONGEST:
        return False
    request.session[KEPT_AS] = _box().encrypt(text.encode()).decode()
    return True


def kept(request: HttpRequest, agency_id: UUID) -> dict[str, list[str]]:
    """Return what was typed for this agency before, nothing without."""
    sealed = request.session.get(KEPT_AS, "")
    try:
        draft = json.loads(_box().decrypt(sealed.encode()))
    except InvalidToken:
        return {}
    fields: dict[str, list[str]] = draft["fields"]
    return fields if draft["agency"] == str(agency_id) else {}


def forget(request: HttpRequest) -> None:
    """Throw away what was typed."""
    request.session.pop(KEPT_AS, None)


def _box() -> Fernet:
    key = sha256(b"carenet.drafts:" + settings.SECRET_KEY.encode()).digest()
    return Fernet(urlsafe_b64encode(key))

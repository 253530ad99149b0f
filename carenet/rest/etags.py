"""Versions on the wire: the `ETag` is the row's version, `If-Match` says which one was seen."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Protocol

from django.utils.translation import gettext as _

from carenet.errors import PreconditionFailed, PreconditionRequired

if TYPE_CHECKING:
    from rest_framework.request import Request

#: What an ETag of this service looks like.
TAG = '^"([0-9]{1,10})"$'


class Versioned(Protocol):
    """A row with a version that every change raises."""

    version: int


def etag(row: Versioned) -> str:
    """Return the strong ETag of the row's current version."""
    return f'"{row.version}"'


def expected_version(request: Request) -> int | None:
    """Return the version that the caller has seen, None if it does not say.

    Raises `PreconditionFailed` for a tag that this service never gave out.
    """
    given = request.headers.get("If-Match", "").strip()
    if given in {"", "*"}:
        return None
    tag = re.fullmatch(TAG, given)
    if tag is None:
        raise PreconditionFailed(_("Send the ETag of the answer that you have read, unchanged."))
    return int(tag[1])


def required_version(request: Request) -> int:
    """Return the version that the caller has seen; raises `PreconditionRequired` without one."""
    version = expected_version(request)
    if version is None:
        raise PreconditionRequired(
            _("Send If-Match with the ETag of the answer that you have read.")
        )
    return version


def check_version(row: Versioned, version: int | None) -> None:
    """Raise `PreconditionFailed` when the row is no longer at the version that was seen."""
    if version is not None and row.version != version:
        raise PreconditionFailed(
            _("Read it again, look at what has changed, and send your change once more.")
        )

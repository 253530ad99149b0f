"""Versions on the wire: the `ETag` is the row's version, `If-Match` says which one was seen."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from carenet.core.errors import PreconditionFailed, PreconditionRequired
from carenet.core.models import SeenVersion, Versioned

#: What an ETag of this service looks like.
TAG = '^"([0-9]{1,10})"$'


_ANY = '(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"'


def etag(row: Versioned) -> str:
    """Return the strong ETag of the row's current version."""
    return f'"{row.version}"'


def expected_version(request: Request) -> int | None:
    """Return the version that the caller has seen, None if it does not say; of several a `SeenVersion`.

    A weak tag counts as the strong one: a proxy may have weakened it. Raises `ValidationError` for
    what is no list of tags (RFC 9110, 13.1.1), `PreconditionFailed` for tags that this service
    never gave out.
    """
    given = request.headers.get("If-Match", "").strip()
    if given in {"", "*"}:
        return None
    if not re.fullmatch(f"{_ANY}(?:[ \t]*,[ \t]*{_ANY})*", given):
        raise ValidationError({"If-Match": [_('Send an ETag with its quotes, for example "7".')]})
    named = [re.fullmatch(TAG, each.removeprefix("W/")) for each in re.findall(_ANY, given)]
    seen = [int(tag[1]) for tag in named if tag]
    if not seen:
        raise PreconditionFailed(_("Send the ETag of the answer that you have read, unchanged."))
    return SeenVersion(seen) if len(seen) > 1 else seen[0]


def required_version(request: Request) -> int:
    """Return the version that the caller has seen; raises `PreconditionRequired` without one."""
    version = expected_version(request)
    if version is None:
        raise PreconditionRequired(
            _("Send If-Match with the ETag of the answer that you have read.")
        )
    return version

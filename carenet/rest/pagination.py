"""Lists by cursor: the same answer shape for plain querysets and for the access index.

Anything in the query that a list does not know is an error: a filter that is silently ignored shows
somebody else's work.
"""

from __future__ import annotations

import binascii
import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar
from uuid import UUID

from django.utils.translation import gettext as _
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

Key = TypeVar("Key")
Row = TypeVar("Row")
Row_co = TypeVar("Row_co", covariant=True)
DEFAULT_LIMIT = 50
MAX_LIMIT = 200
_LIMIT = re.compile("[0-9]{1,3}")


def limit_of(request: Request) -> int:
    """Return `?limit=`, 50 without it; raises `ValidationError` outside 1 to 200."""
    given = request.query_params.get("limit")
    if given is None:
        return DEFAULT_LIMIT
    if _LIMIT.fullmatch(given) and 1 <= int(given) <= MAX_LIMIT:
        return int(given)
    raise ValidationError({"limit": [_("Give a number from 1 to %(most)s.") % {"most": MAX_LIMIT}]})


#: Filters that take several codes (`carenet.rest.filters`); any other parameter is said once.
LISTS = frozenset({"status", "state", "kind", "box", "deed", "standing"})


def refuse_unknown_query(request: Request, known: set[str]) -> None:
    """Raise `ValidationError` naming each query parameter that is not in `known`, or said twice."""
    unknown = sorted(set(request.query_params) - known)
    if unknown:
        told = _("Unknown parameter. Known are: %(known)s.") % {"known": ", ".join(sorted(known))}
        raise ValidationError({name: [told] for name in unknown})
    twice = [name for name, given in request.query_params.lists() if len(given) > 1]
    if again := sorted(set(twice) - LISTS):
        raise ValidationError({name: [_("Say this once.")] for name in again})


#: What DRF reads out of a cursor that says nothing.
NOWHERE = Cursor(offset=0, reverse=False, position=None)


class CursorPage(CursorPagination):
    """Cursor pages over a queryset ordered by a unique key: ids, which sort by time, or times."""

    page_size_query_param = "limit"
    max_page_size = MAX_LIMIT
    ordering: str | tuple[str, ...] = "-id"

    def get_page_size(self, request: Request) -> int:
        return limit_of(request)

    def decode_cursor(self, request: Request) -> Any:
        try:
            cursor = super().decode_cursor(request)
            if cursor is not None:
                self._check(cursor)
        except (NotFound, ValueError):
            raise _bad_cursor() from None
        return cursor

    def _check(self, cursor: Cursor) -> None:
        """Raise `ValueError` for a cursor that this list never gave out."""
        if cursor == NOWHERE:
            raise ValueError(cursor)
        if cursor.position is None:
            return
        if self.ordering[0].lstrip("-") == "id":
            UUID(str(cursor.position))
        elif datetime.fromisoformat(str(cursor.position)).tzinfo is None:
            raise ValueError(cursor)


class Fetch(Protocol[Key, Row_co]):
    """Reads one page of a list whose order is a key, not an offset."""

    def __call__(
        self, *, after: Key | None, backwards: bool, limit: int
    ) -> tuple[Sequence[Row_co | None], Sequence[Key]]:
        """Return up to `limit` rows after (or before) a key, in list order, and the key of each.

        None stands for a row that is no longer shown: the page is shorter, the list goes on.
        """


@dataclass(frozen=True, slots=True)
class KeysetPage(Generic[Row]):
    """One page of a list whose order is a key, and the keys that lead on and back, None at its ends."""

    rows: list[Row]
    next: Sequence[str] | None
    previous: Sequence[str] | None


def read_page(
    fetch: Fetch[Key, Row],
    *,
    after: Key | None,
    backwards: bool,
    most: int,
    write_key: Callable[[Key], Sequence[str]],
) -> KeysetPage[Row]:
    """Return the page of up to `most` rows behind a key, or with `backwards` in front of it."""
    rows, keys = fetch(after=after, backwards=backwards, limit=most + 1)
    more = len(keys) > most
    if more:
        rows, keys = (rows[1:], keys[1:]) if backwards else (rows[:most], keys[:most])
    follows = bool(keys) and (more or backwards)
    precedes = bool(keys) and (more if backwards else after is not None)
    return KeysetPage(
        rows=[row for row in rows if row is not None],
        next=write_key(keys[-1]) if follows else None,
        previous=write_key(keys[0]) if precedes else None,
    )


def keyset_page(
    request: Request,
    *,
    fetch: Fetch[Key, Row],
    show: Callable[[Sequence[Row]], Any],
    read_key: Callable[[Sequence[str]], Key],
    write_key: Callable[[Key], Sequence[str]],
) -> Response:
    """Answer with one page; `read_key` raises `ValueError` for a key that no list gave out."""
    limit = limit_of(request)
    after, backwards = _decode(request, read_key)
    page = read_page(fetch, after=after, backwards=backwards, most=limit, write_key=write_key)
    return Response(
        {
            "next": _link(request, page.next, backwards=False),
            "previous": _link(request, page.previous, backwards=True),
            "results": show(page.rows),
        }
    )


def _link(request: Request, key: Sequence[str] | None, *, backwards: bool) -> str | None:
    if not key:
        return None
    cursor = json.dumps([int(backwards), *key], separators=(",", ":")).encode()
    packed = urlsafe_b64encode(cursor).decode().rstrip("=")
    return replace_query_param(request.build_absolute_uri(), "cursor", packed)


def _decode(request: Request, read_key: Callable[[Sequence[str]], Key]) -> tuple[Key | None, bool]:
    packed = request.query_params.get("cursor")
    if packed is None:
        return None, False
    try:
        backwards, *parts = json.loads(urlsafe_b64decode(packed + "=" * (-len(packed) % 4)))
        return read_key([str(part) for part in parts]), bool(backwards)
    except (ValueError, TypeError, RecursionError, binascii.Error):
        raise _bad_cursor() from None


def _bad_cursor() -> ValidationError:
    return ValidationError(
        {"cursor": [_("Follow “next” or “previous” of an earlier answer, or start without it.")]}
    )

"""Which objects a request names, in whatever way: in its path, its query or its body."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.http import HttpRequest, QueryDict
from django.http.request import RawPostDataException
from rest_framework.request import Empty, Request

#: As much of a body as is looked through after a refusal, and as many ids as one denial keeps.
MOST_BYTES, MOST_IDS = 65_536, 500
_LONGEST = len("urn:uuid:{}") + len(str(UUID(int=0)))


def ids_named(request: HttpRequest | Request) -> list[UUID]:
    """Return the ids that a request names, those of its path first.

    Nothing is read of a body that is a form with files, or too large.
    """
    http: HttpRequest = getattr(request, "_request", request)  # DRF wraps Django's
    path = getattr(http.resolver_match, "kwargs", {})
    named = [*path.values(), http.GET, _body(request, http)]
    return list(dict.fromkeys(ids_in(named)))[:MOST_IDS]


def _body(request: HttpRequest | Request, http: HttpRequest) -> Any:
    parsed = getattr(request, "_full_data", Empty)  # of DRF, once a view has read it
    if parsed is not Empty:
        return parsed
    if int(http.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
        return None
    if http.content_type == "application/x-www-form-urlencoded":
        return http.POST
    if http.content_type != "application/json":
        return None
    try:
        return json.loads(http.body)
    except (ValueError, RecursionError, OSError, RawPostDataException):
        return None


def ids_in(value: Any) -> Iterator[UUID]:
    """Yield each id in nested values; a query's value may hold several, separated by commas."""
    waiting = [value]
    while waiting:
        found = waiting.pop(0)
        if isinstance(found, QueryDict):
            waiting[:0] = [part for _name, all_ in found.lists() for part in all_]
        elif isinstance(found, dict):
            waiting[:0] = found.values()
        elif isinstance(found, list):
            waiting[:0] = found
        elif isinstance(found, UUID):
            yield found
        elif isinstance(found, str) and "," in found:
            waiting[:0] = [part for part in found.split(",") if "," not in part]
        elif isinstance(found, str) and len(found) <= _LONGEST:
            try:
                yield UUID(found.strip())
            except ValueError:
                continue

"""Every address of the URLconf, and the methods that it answers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from rest_framework.views import APIView

API = "/api/v1/"
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")


@dataclass(frozen=True)
class Address:
    """An address as the table names it: relative to the API's base, or absolute."""

    route: str
    callback: Any

    @property
    def view(self) -> type | None:
        """The class behind it, None behind a plain function."""
        found: type | None = getattr(self.callback, "cls", None) or getattr(
            self.callback, "view_class", None
        )
        return found

    @property
    def actions(self) -> dict[str, str]:
        """For a view set: HTTP method → action."""
        given: dict[str, str] = getattr(self.callback, "actions", None) or {}
        return {method.upper(): action for method, action in given.items() if method != "head"}

    @property
    def methods(self) -> set[str]:
        """The methods that it answers; HEAD goes with GET."""
        if self.actions:
            return set(self.actions)
        if self.view is None:
            return {
                each for each in METHODS if Client().generic(each, self.path()).status_code != 405
            }
        # A DRF view without a metadata class answers OPTIONS with 405.
        silent = {"OPTIONS"} if issubclass(self.view, APIView) else set()
        return {each for each in METHODS if hasattr(self.view, each.lower())} - silent

    @property
    def names(self) -> list[str]:
        """What the address leaves open: `id`, `case_id` …"""
        return re.findall(r"<(?:\w+:)?(\w+)>", self.route)

    def path(self, **ids: UUID | str) -> str:
        """Return the address with `ids` filled in."""
        base = "" if self.route.startswith("/") else API
        return base + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(ids[found[1]]), self.route)


@cache
def addresses() -> dict[str, Address]:
    """Return all of them by route, third parties' included; the pages have a table of their own."""
    found = {each.route: each for each in _walk(get_resolver(), "")}
    return {route: each for route, each in found.items() if route not in pages()}


@cache
def pages() -> dict[str, Address]:
    """Return the addresses of the pages, by route."""
    return {each.route: each for each in _walk(get_resolver("carenet.staff.urls"), "")}


def _walk(resolver: URLResolver, prefix: str) -> Iterator[Address]:
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern, route)
        elif isinstance(pattern, URLPattern):
            yield Address(_plain(route).removeprefix(API), pattern.callback)


def _plain(route: str) -> str:
    """Return a route as it is written with converters, whatever it is written with."""
    return "/" + re.sub(r"\(\?P<(\w+)>[^)]*\)", r"<\1>", re.sub(r"[\^$]", "", route, count=0))

"""Answers of last resort, as the service makes them when something goes wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.utils.translation import override

from carenet.staff.pages.error_pages import server_error, too_many


def _refused_form(language: str) -> Any:
    headers = {"Accept": "text/html", "Accept-Language": language}
    return Client(enforce_csrf_checks=True).post("/sign-in/", {}, headers=headers)


def _said_by(handler: Callable[[HttpRequest], HttpResponse]) -> Callable[[str], HttpResponse]:
    def made(language: str) -> HttpResponse:
        with override(language):
            return handler(RequestFactory().get("/", headers={"Accept": "text/html"}))

    return made


#: Answers that no address gives by itself: made as the service makes them, shown by the browser.
FAULTS: dict[str, Callable[[str], Any]] = {
    "form-too-old": _refused_form,
    "too-many": _said_by(too_many),
    "fault": _said_by(server_error),
}

"""Pages for what no view has answered, a fault or too many tries: they read nothing of anybody."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from carenet.rest import problems
from carenet.staff.pages.errors import looks_at_pages

if TYPE_CHECKING:
    from django.http import HttpRequest

#: Seconds; the longest of allauth's own limits for a sign-in.
A_FEW_MINUTES = 300


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer for our own faults: without the database, which may be what is at fault."""
    if not looks_at_pages(request):
        return problems.server_error(request)
    return _said(
        request,
        HTTPStatus.INTERNAL_SERVER_ERROR,
        _("Something went wrong on our side"),
        _("Nothing was changed. Try again; if it stays, tell your administrator."),
    )


def too_many(request: HttpRequest) -> HttpResponse:
    """Answer to whoever tries to sign in too often."""
    if looks_at_pages(request):
        answer = _said(
            request,
            HTTPStatus.TOO_MANY_REQUESTS,
            _("Too many tries"),
            _("Wait a few minutes, then try again."),
        )
    else:
        answer = problems.too_many(request)
    answer["Retry-After"] = str(A_FEW_MINUTES)
    return answer


def _said(request: HttpRequest, status: int, title: str, detail: str) -> HttpResponse:
    part = bool(getattr(request, "htmx", False))
    template = "staff/parts/error.html" if part else "staff/fault.html"
    said = {"error": {"title": title, "detail": detail}}
    answer = HttpResponse(render_to_string(template, said), status=status)
    if part:
        answer["HX-Retarget"], answer["HX-Reswap"] = "#messages", "innerHTML"
    return answer

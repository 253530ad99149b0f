"""Pages for what no view has answered, a fault or too many tries: they read nothing of anybody."""

from __future__ import annotations

import sys
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.core.exceptions import SuspiciousOperation
from django.http import HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from carenet.core.errors import Unavailable
from carenet.rest import problems
from carenet.rest.database import TRY_AGAIN_AFTER, is_away
from carenet.staff.pages.refusal_pages import looks_at_pages

if TYPE_CHECKING:
    from django.http import HttpRequest

#: Seconds; the longest of allauth's own limits for a sign-in.
A_FEW_MINUTES = 300
#: Below these, passwords and codes are typed.
_NEVER_SHOWN = ("/sign-in/", "/account/")


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer for our own faults: without the database, which may be what is at fault."""
    if is_away(sys.exc_info()[1]):
        return unavailable(request)
    if not looks_at_pages(request):
        return problems.server_error(request)
    return _page(
        request,
        HTTPStatus.INTERNAL_SERVER_ERROR,
        _("Something went wrong on our side"),
        _("Nothing was changed. Try again; if it stays, tell your administrator."),
    )


def unavailable(request: HttpRequest) -> HttpResponse:
    """Answer while the database is away; a form that was sent comes back in it, to be sent again.

    Nothing is read for it: a session is a row, too. What is typed to sign in does not come back.
    """
    if not looks_at_pages(request):
        return problems.unavailable(request)
    error = Unavailable(retry_after=TRY_AGAIN_AFTER)
    part = bool(getattr(request, "htmx", False))
    template = "staff/parts/error.html" if part else "staff/unavailable.html"
    shown = {"error": error, **({} if part else _typed(request))}
    answer = HttpResponse(render_to_string(template, shown), status=error.status)
    answer["Retry-After"] = str(error.retry_after)
    if part:
        answer["HX-Retarget"], answer["HX-Reswap"] = "#messages", "innerHTML"
    return answer


def _typed(request: HttpRequest) -> dict[str, Any]:
    """Return what the page needs to ask for the same thing again."""
    again = request.get_full_path()
    if request.method != "POST":
        return {"again": again}
    try:
        sent = [(name, value) for name, values in request.POST.lists() for value in values]
        files = bool(request.FILES)
    except (SuspiciousOperation, UnreadablePostError, MultiPartParserError):
        return {}
    if again.startswith(_NEVER_SHOWN):
        return {}
    return {"again": again, "typed": sent, "files": files}


def too_many(request: HttpRequest) -> HttpResponse:
    """Answer to whoever tries to sign in too often."""
    if looks_at_pages(request):
        answer = _page(
            request,
            HTTPStatus.TOO_MANY_REQUESTS,
            _("Too many tries"),
            _("Wait a few minutes, then try again."),
        )
    else:
        answer = problems.too_many(request)
    answer["Retry-After"] = str(A_FEW_MINUTES)
    return answer


def _page(request: HttpRequest, status: int, title: str, detail: str) -> HttpResponse:
    part = bool(getattr(request, "htmx", False))
    template = "staff/parts/error.html" if part else "staff/fault.html"
    said = {"error": {"title": title, "detail": detail}}
    answer = HttpResponse(render_to_string(template, said), status=status)
    if part:
        answer["HX-Retarget"], answer["HX-Reswap"] = "#messages", "innerHTML"
    return answer

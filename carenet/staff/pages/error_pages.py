"""Pages for what no view answers: a fault, too many tries, what Django itself refuses."""

from __future__ import annotations

import sys
from http import HTTPStatus
from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from carenet.core.errors import CarenetError, Forbidden, NotFound, Unavailable
from carenet.rest import problems
from carenet.rest.database import TRY_AGAIN_AFTER, is_away
from carenet.staff.pages.base import refuse
from carenet.staff.pages.referral_files import most_of_one

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


class NotRead(CarenetError):
    """What came could not be read, and nothing was kept."""

    status = HTTPStatus.BAD_REQUEST
    code = "bad_request"
    title = gettext_lazy("It could not be read")


class TooLarge(NotRead):
    """More came than is read at all: mostly a file."""

    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    code = "too_large"
    title = gettext_lazy("It is too large")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer for a form that was not read to its end."""
    if not looks_at_pages(request):
        return problems.bad_request(request, exception)
    if isinstance(exception, RequestDataTooBig):
        words = _("A file may have at most %(most)s. Go back, and choose a smaller one.")
        return refuse(request, TooLarge(words % {"most": most_of_one()}))
    return refuse(request, NotRead(_("Go back, and send it once more.")))


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer for an address that leads nowhere."""
    if not looks_at_pages(request):
        return problems.page_not_found(request, exception)
    if problems.lacks_slash(request) and request.method in {"GET", "HEAD"}:
        # Whoever types an address by hand; a form would lose what is in it, and is told instead.
        query = request.META.get("QUERY_STRING", "")
        there = f"{request.path}/{f'?{query}' if query else ''}"
        return HttpResponseRedirect(there, status=HTTPStatus.PERMANENT_REDIRECT)
    return refuse(request, NotFound())


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer when a form comes without its token: mostly from a page that is older than the sign-in."""
    if not looks_at_pages(request):
        return problems.csrf_failure(request, reason)
    words = _("This page was open for too long. Open it again, then repeat what you did.")
    response = refuse(request, Forbidden(words, code="csrf_failed"))
    response["X-Stale"] = "1"  # the page's script takes a new token, and sends it once more
    return response


def looks_at_pages(request: HttpRequest) -> bool:
    """Whether a browser asks for a page or a part of one."""
    return bool(getattr(request, "htmx", False)) or "text/html" in request.headers.get("Accept", "")

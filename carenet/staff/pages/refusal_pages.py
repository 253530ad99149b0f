"""What Django itself refuses, said on a page to whoever looks at pages; systems get their problems."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.core.exceptions import RequestDataTooBig
from django.http import HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from carenet.core.errors import CarenetError, Forbidden, NotFound
from carenet.rest import problems
from carenet.staff.pages.base import refuse
from carenet.staff.pages.referral_files import most_of_one

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


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

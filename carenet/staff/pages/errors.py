"""What Django itself refuses, said on a page to whoever looks at pages; systems get their problems."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from carenet.errors import Forbidden, NotFound
from carenet.rest import problems
from carenet.staff.pages.base import private, refuse

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer for an address that leads nowhere."""
    if not looks_at_pages(request):
        return problems.page_not_found(request, exception)
    return _page(request, NotFound())


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer when a form comes without its token: mostly from a page that is older than the sign-in."""
    if not looks_at_pages(request):
        return problems.csrf_failure(request, reason)
    words = _("This page was open for too long. Open it again, then repeat what you did.")
    return _page(request, Forbidden(words, code="csrf_failed"))


def looks_at_pages(request: HttpRequest) -> bool:
    """Whether a browser asks for a page or a part of one."""
    return bool(getattr(request, "htmx", False)) or "text/html" in request.headers.get("Accept", "")


def _page(request: HttpRequest, error: Forbidden | NotFound) -> HttpResponse:
    answer: HttpResponse = private(refuse(request, error))
    return answer

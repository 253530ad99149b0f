"""What a page answers besides itself: where to go on."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.http import HttpResponse, HttpResponseRedirect

if TYPE_CHECKING:
    from django.http import HttpRequest


def go(request: HttpRequest, address: str) -> HttpResponse:
    """Send the browser on, whether the whole page or htmx has asked."""
    if getattr(request, "htmx", False):
        response = HttpResponse(status=HTTPStatus.NO_CONTENT)
        response["HX-Redirect"] = address
        return response
    answer = HttpResponseRedirect(address)
    answer.status_code = HTTPStatus.SEE_OTHER
    return answer

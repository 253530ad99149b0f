"""What a page answers besides itself: where to go on."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

#: What the script of a page sends with a form that it sends in the browser's place (`session.js`).
OVER_PAGE = "X-Over-Page"


def by_script(request: HttpRequest) -> bool:
    """Whether a page that stays where it is has asked, not a browser that opens another one."""
    return OVER_PAGE in request.headers or bool(getattr(request, "htmx", False))


def redirect_to(request: HttpRequest, address: str) -> HttpResponse:
    """Send the browser on, whether the whole page, its script or htmx has asked."""
    if OVER_PAGE in request.headers:
        return HttpResponse(status=HTTPStatus.NO_CONTENT, headers={"X-Go": address})
    if getattr(request, "htmx", False):
        response = HttpResponse(status=HTTPStatus.NO_CONTENT)
        response["HX-Redirect"] = address
        return response
    answer = HttpResponseRedirect(address)
    answer.status_code = HTTPStatus.SEE_OTHER
    return answer

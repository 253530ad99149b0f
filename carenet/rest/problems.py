"""Every error as a problem document (RFC 9457): the one place where errors are formatted.

`type` is `urn:carenet:problem:<code>`; `errors` lists bad fields with JSON pointers (RFC 6901) into
the body; `missing_basis` says what ground a denied deed would have needed.
"""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import DataError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import is_valid_path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_standardized_errors.formatter import ExceptionFormatter
from drf_standardized_errors.handler import ExceptionHandler
from drf_standardized_errors.types import Error, ErrorResponse
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.settings import api_settings

from carenet.core.errors import (
    Busy,
    CarenetError,
    CsrfFailed,
    Duplicate,
    ForAnotherDesk,
    Forbidden,
    Gone,
    Invalid,
    NotFound,
    Unavailable,
)
from carenet.rest import json_pointer
from carenet.rest.database import TRY_AGAIN_AFTER, is_away

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

MEDIA_TYPE = "application/problem+json"
#: SQLSTATEs that mean "try again": serialization failure, deadlock, lock not available.
TRY_AGAIN = {"40001", "40P01", "55P03"}
#: As many bad fields as one answer names: a body may hold a hundred thousand.
MOST_ERRORS = 50
#: From these on an answer says that the caller, or the service, is at fault.
CLIENT_ERROR, SERVER_ERROR = 400, 500
#: Answers that the trail calls denials: not signed in, not permitted, not within reach.
DENIALS = frozenset({401, 403, 404})

_TITLES: dict[int, StrOrPromise] = {
    400: gettext_lazy("The request is not valid"),
    401: gettext_lazy("Sign in first"),
    403: gettext_lazy("Not permitted"),
    404: gettext_lazy("Not found"),
    405: gettext_lazy("This address does not take that method"),
    406: gettext_lazy("The answer is only available as JSON"),
    413: gettext_lazy("The request is too large"),
    415: gettext_lazy("Send JSON"),
    429: gettext_lazy("Too many requests"),
    500: gettext_lazy("Something went wrong on our side"),
}
_DETAILS: dict[int, StrOrPromise] = {
    401: gettext_lazy("Sign in under /auth/, or send a valid access token from /oauth/token/."),
    500: gettext_lazy("Nothing was changed. Try again; if it stays, tell your administrator."),
}


class DomainProblem(exceptions.APIException):
    """A `CarenetError` on its way through DRF."""

    def __init__(self, error: CarenetError) -> None:
        super().__init__(str(error.detail), error.reason_code)
        self.status_code = error.status
        self.error = error
        self.wait = error.retry_after if isinstance(error, Busy | Unavailable) else None


class TooLarge(exceptions.APIException):
    """A body above `DATA_UPLOAD_MAX_MEMORY_SIZE`."""

    status_code = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    default_code = "too_large"
    default_detail = gettext_lazy("Send less at once.")


class ProblemHandler(ExceptionHandler):
    """Turns what actions, Django and PostgreSQL raise into DRF exceptions; answers as problem+json."""

    def convert_known_exceptions(self, exc: Exception) -> Exception:
        exc = super().convert_known_exceptions(_from_below(exc))
        if isinstance(exc, exceptions.NotFound):
            exc = NotFound()
        return DomainProblem(exc) if isinstance(exc, CarenetError) else exc

    def get_response(self, exc: exceptions.APIException, data: dict[str, Any]) -> Response:
        response = super().get_response(exc, data)
        response.content_type = MEDIA_TYPE
        return response


class ProblemFormatter(ExceptionFormatter):
    """The shape of the document."""

    def get_errors(self) -> list[Error]:
        return list(islice(_flat(self.exc.detail), MOST_ERRORS))

    def format_error_response(self, error_response: ErrorResponse) -> dict[str, Any]:
        if isinstance(self.exc, DomainProblem):
            return _from_domain(self.exc.error)
        status = self.exc.status_code
        first = error_response.errors[0]
        if not isinstance(self.exc, exceptions.ValidationError):
            detail = str(_DETAILS.get(status, first.detail))
            return problem(status, "server_error" if status >= 500 else first.code, detail)  # noqa: PLR2004
        fields = [
            {"pointer": error.attr, "code": error.code, "detail": error.detail}
            for error in error_response.errors
        ]
        return problem(status, Invalid.code, str(Invalid({}).detail), errors=fields)


def problem(
    status: int, code: str, detail: str, *, title: StrOrPromise = "", **more: Any
) -> dict[str, Any]:
    """Return the members of a problem document; empty ones among `more` are left out."""
    return {
        "type": f"urn:carenet:problem:{code}",
        "title": str(title or _TITLES.get(status, HTTPStatus(status).phrase)),
        "status": status,
        "detail": detail,
        "code": code,
        **{name: value for name, value in more.items() if value},
    }


def problem_response(status: int, code: str, detail: str) -> JsonResponse:
    """Answer with a problem document from outside DRF (unknown addresses, CSRF, crashes)."""
    return JsonResponse(
        problem(status, code, detail),
        status=status,
        content_type=MEDIA_TYPE,
        json_dumps_params={"ensure_ascii": False},
    )


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """Answer for an address that leads nowhere: the same words as for an absent object.

    Where only the slash at its end is missing, that is said.
    """
    if lacks_slash(request):
        told = _("This address ends with a slash: send the request to %(path)s.")
        return problem_response(404, "slash_missing", told % {"path": f"{request.path}/"})
    return problem_response(404, NotFound.code, str(NotFound().detail))


def lacks_slash(request: HttpRequest) -> bool:
    """Whether the same address with a slash at its end leads somewhere."""
    return not request.path.endswith("/") and bool(is_valid_path(f"{request.path_info}/"))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """Answer when Django itself refuses a request (a foreign host name, too many fields)."""
    return problem_response(400, "bad_request", _("The request could not be read."))


def server_error(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Answer for our own faults."""
    return problem_response(500, "server_error", str(_DETAILS[500]))


def unavailable(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Answer while the database is away."""
    error = Unavailable(retry_after=TRY_AGAIN_AFTER)
    answer = JsonResponse(
        _from_domain(error),
        status=error.status,
        content_type=MEDIA_TYPE,
        json_dumps_params={"ensure_ascii": False},
    )
    answer["Retry-After"] = str(error.retry_after)
    return answer


def too_many(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Answer to whoever tries to sign in too often."""
    return problem_response(429, "throttled", _("Wait a few minutes, then try again."))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """Answer when a browser's request lacks the CSRF token."""
    return problem_response(403, CsrfFailed.code, str(CsrfFailed().detail))


def _from_domain(error: CarenetError) -> dict[str, Any]:
    more: dict[str, Any] = {}
    if isinstance(error, Invalid):
        more["errors"] = [
            {"pointer": json_pointer.at(path), "code": Invalid.code, "detail": str(message)}
            for path, message in error.fields.items()
        ]
    if isinstance(error, Duplicate):
        more["duplicates"] = list(error.duplicates)
    if isinstance(error, ForAnotherDesk):
        more["desks"] = list(error.desks)
    if isinstance(error, Forbidden):
        more["missing_basis"] = str(error.basis)
    if isinstance(error, Gone):
        more["successor"] = str(error.successor)
    return problem(error.status, error.reason_code, str(error.detail), title=error.title, **more)


def _from_below(exc: Exception) -> Exception:
    """Return the error behind one of Django's or PostgreSQL's that the caller can do something about."""
    if isinstance(exc, OperationalError) and getattr(exc.__cause__, "sqlstate", "") in TRY_AGAIN:
        return Busy(_("Somebody else is changing this right now. Try again."), retry_after=1)
    if is_away(exc):
        return Unavailable(retry_after=TRY_AGAIN_AFTER)
    if isinstance(exc, (DataError, OverflowError)):
        return exceptions.ParseError(_("A value lies outside what can be stored."))
    if isinstance(exc, RequestDataTooBig):
        return TooLarge()
    if isinstance(exc, SuspiciousOperation):
        return exceptions.ParseError(_("The request could not be read."))
    return exc


def _flat(detail: Any, pointer: str = "") -> Iterator[Error]:
    """Yield each message with the pointer to what it is about, in the order of the body."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            whole = name == api_settings.NON_FIELD_ERRORS_KEY
            yield from _flat(inner, pointer if whole else json_pointer.below(pointer, name))
    elif isinstance(detail, list):
        for index, item in enumerate(detail):
            message = isinstance(item, exceptions.ErrorDetail)
            yield from _flat(item, pointer if message else json_pointer.below(pointer, index))
    else:
        yield Error(detail.code, str(detail), pointer)

"""How a request takes effect: identified first, then once, then all or nothing.

`AtomicIdempotentMixin` is DRF's `dispatch` with two things more: a handler that may change anything runs
in a savepoint that an error answer rolls back, and a POST under an `Idempotency-Key` runs at most once.
"""

from __future__ import annotations

from contextlib import nullcontext
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.urls import Resolver404, resolve
from django.utils.functional import cached_property
from rest_framework.exceptions import ParseError, UnsupportedMediaType, ValidationError
from rest_framework.permissions import SAFE_METHODS

from carenet.core.errors import Invalid, PreconditionFailed, PreconditionRequired
from carenet.rest import idempotency
from carenet.rest.problems import CLIENT_ERROR

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase
    from rest_framework.request import Request
    from rest_framework.response import Response
    from rest_framework.views import APIView

    from carenet.rest.idempotency import IdempotencyGuard
    from carenet.rest.stored_response import ShownObjects

    _Base = APIView
else:
    _Base = object

#: What is wrong with a request itself, whatever it is about.
_ABOUT_THE_REQUEST = (
    ParseError, UnsupportedMediaType, ValidationError, Invalid, PreconditionFailed, PreconditionRequired,
)  # fmt: skip


class AtomicIdempotentMixin(_Base):
    """Put before a DRF view class."""

    def principal_key(self, request: Request) -> str:
        """Return who asks, for the scope of idempotency keys and throttles."""
        raise NotImplementedError

    def named(self) -> Any:
        """Return what the address names; raises `NotFound` when it is absent or out of reach."""
        raise NotImplementedError

    def shown(self, answer: Response) -> ShownObjects | None:
        """Return what an answer showed that can be looked up again."""
        raise NotImplementedError

    def replay(self, ticket: IdempotencyGuard) -> Response | None:
        """Answer with what the caller may see now of what was shown; None to ask anew."""
        raise NotImplementedError

    def replay_refusal(self, ticket: IdempotencyGuard) -> Response | None:
        """Answer with a refusal as it was; None to ask anew."""
        return ticket.answer(ticket.row.body) if ticket.row.body else None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.args, self.kwargs = args, kwargs
        self.request = self.initialize_request(request, *args, **kwargs)
        self.headers = self.default_response_headers
        try:
            self.initial(self.request, *args, **kwargs)
            response = self._once()
        except Exception as exc:  # noqa: BLE001 - DRF formats what it knows and re-raises the rest
            response = self.handle_exception(exc)
        self.response = self.finalize_response(self.request, response, *args, **kwargs)
        return self.response

    @cached_property
    def handler(self) -> Callable[..., Response]:
        """The method that answers this request's HTTP method."""
        name = str(self.request.method).lower()
        if name not in self.http_method_names:
            return self.http_method_not_allowed
        found: Callable[..., Response] = getattr(self, name, self.http_method_not_allowed)
        return found

    def _once(self) -> Response:
        ticket = idempotency.claim_key(self.request, self.principal_key(self.request))
        if ticket and ticket.again:
            answer = self.replay_refusal(ticket) if ticket.refused else self.replay(ticket)
            if answer is not None:
                return answer
        response = self._effect()
        if ticket:
            ticket.store(response, self.shown(response), self.request)
        return response

    def _effect(self) -> Response:
        # What changes nothing has nothing to undo: no savepoint for it.
        changes = self.request.method not in SAFE_METHODS
        with transaction.atomic() if changes else nullcontext():
            try:
                response = self._handled()
            except Exception as exc:  # noqa: BLE001 - as in dispatch
                response = self.handle_exception(exc)
            if changes and response.status_code >= CLIENT_ERROR:
                transaction.set_rollback(True)
        if response.status_code == HTTPStatus.CREATED and "Location" not in response.headers:
            response["Location"] = _address_of(response.data, self.request.path)
        return response

    def _handled(self) -> Response:
        """Let the handler answer; of what is out of reach nobody is told what a body lacks."""
        try:
            return self.handler(self.request, *self.args, **self.kwargs)
        except _ABOUT_THE_REQUEST:
            if self.request.method not in SAFE_METHODS:
                self.named()
            raise


def _address_of(made: Any, path: str) -> str:
    """Return where what was made is read: its own address, else the one that it was sent to."""
    own = f"{path}{made['id']}/" if isinstance(made, dict) and "id" in made else path
    try:
        view = resolve(own).func
    except Resolver404:
        return path
    return own if "get" in getattr(view, "actions", {}) else path

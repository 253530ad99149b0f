"""How a request takes effect: identified first, then once, then all or nothing.

`EffectMixin` is DRF's `dispatch` with two things more: the handler runs in a savepoint that an
error answer rolls back, and a POST under an `Idempotency-Key` runs at most once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.functional import cached_property

from carenet.rest import idempotency

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase
    from rest_framework.request import Request
    from rest_framework.response import Response
    from rest_framework.views import APIView

    _Base = APIView
else:
    _Base = object

CLIENT_ERROR = 400


class EffectMixin(_Base):
    """Put before a DRF view class."""

    def principal_key(self, request: Request) -> str:
        """Return who asks, for the scope of idempotency keys and throttles."""
        raise NotImplementedError

    def recheck(self, answer: Response) -> None:
        """Raise unless the caller may still see what a kept answer shows."""
        raise NotImplementedError

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
        ticket = idempotency.take(self.request, self.principal_key(self.request))
        if ticket and ticket.answer is not None:
            self.recheck(ticket.answer)
            return ticket.answer
        response = self._effect()
        if ticket:
            ticket.keep(response)
        return response

    def _effect(self) -> Response:
        with transaction.atomic():
            try:
                response = self.handler(self.request, *self.args, **self.kwargs)
            except Exception as exc:  # noqa: BLE001 - as in dispatch
                response = self.handle_exception(exc)
            if response.status_code >= CLIENT_ERROR:
                transaction.set_rollback(True)
        return response

"""`/oauth/token/`: the library's view, with a limit on tries and its refusals in the trail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import JsonResponse
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt
from oauth2_provider import views as oauth
from rest_framework.throttling import SimpleRateThrottle

from carenet.audit.actions import denied

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

CLIENT_ERROR = 400


class TokenThrottle(SimpleRateThrottle):
    """`TOKEN_RATE` tries per address: a secret cannot be guessed, nor the hasher kept busy."""

    scope = "token"

    def get_cache_key(self, request: Any, view: Any) -> str:
        return self.cache_format % {"scope": self.scope, "ident": self.get_ident(request)}


# Said again here: an overridden `dispatch` does not inherit it, and a system has no cookies.
@method_decorator(csrf_exempt, name="dispatch")
class TokenView(oauth.TokenView):
    """Gives access tokens to partners' systems (RFC 6749, client credentials)."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        throttle = TokenThrottle()
        if not throttle.allow_request(request, self):  # type: ignore[arg-type]
            denied("throttled")
            wait = str(int(throttle.wait() or 1) + 1)
            body = {"error": "temporarily_unavailable"}
            return JsonResponse(body, status=429, headers={"Retry-After": wait})
        response: HttpResponse = super().dispatch(request, *args, **kwargs)
        if response.status_code >= CLIENT_ERROR:
            denied("token_refused", status=response.status_code)
        return response

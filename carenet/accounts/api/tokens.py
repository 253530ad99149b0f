"""`/oauth/token/`: the library's view, with a limit on tries and its refusals in the trail."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt
from oauth2_provider import views as oauth

from carenet.accounts.actions.sign_in import count_try_of_caller
from carenet.audit.actions import log_denial
from carenet.core.errors import TooManyTries
from carenet.rest.problems import CLIENT_ERROR


# Said again here: an overridden `dispatch` does not inherit it, and a system has no cookies.
@method_decorator(csrf_exempt, name="dispatch")
class TokenView(oauth.TokenView):
    """Gives access tokens to partners' systems (RFC 6749, client credentials).

    Tries are counted by address in the database: a secret cannot be guessed, nor the hasher kept busy.
    """

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            count_try_of_caller("token", most=settings.TOKEN_TRIES_OF_ADDRESS)
        except TooManyTries as error:
            log_denial("throttled")
            body = {"error": "temporarily_unavailable"}
            wait = str(error.retry_after)
            return JsonResponse(body, status=429, headers={"Retry-After": wait})
        response: HttpResponse = super().dispatch(request, *args, **kwargs)
        if response.status_code >= CLIENT_ERROR:
            log_denial("token_refused", status=response.status_code)
        return response

"""Who is calling: a partner's system by bearer token, or a person by session.

Both leave a principal on `request.user`; `resolve_actor` then says for which agency it acts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import QueryDict
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from oauth2_provider.contrib.rest_framework import OAuth2Authentication
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import PermissionDenied

from carenet.agencies.models import ApiClient
from carenet.agencies.roles import Scope
from carenet.agencies.selectors.principals import ClientPrincipal
from carenet.core.errors import CsrfFailed

if TYPE_CHECKING:
    from drf_spectacular.openapi import AutoSchema
    from rest_framework.request import Request


class ClientAuthentication(OAuth2Authentication):
    """An OAuth 2.0 access token of an agency's client, in the header `Authorization` alone."""

    def authenticate(self, request: Request) -> tuple[ClientPrincipal, Any] | None:
        if "Authorization" not in request.headers:
            return None  # the library would look for a token in the address (RFC 9700, 4.3.2)
        found = super().authenticate(_without_body(request))
        if found is None:
            return None
        _user, token = found
        if not isinstance(token.application, ApiClient) or not token.application.agency.active:
            return None
        return ClientPrincipal(token.application, frozenset(token.scope.split())), token


class StaffAuthentication(SessionAuthentication):
    """A signed-in person, with CSRF on every write."""

    def enforce_csrf(self, request: Request) -> None:
        try:
            super().enforce_csrf(_without_body(request))
        except PermissionDenied:
            raise CsrfFailed from None


def _without_body(request: Request) -> Any:
    """Return the request as Django knows it, its form empty: who asks stands in the headers alone.

    Both libraries look for a token in the form, and would read a whole upload of anybody.
    """
    known: Any = request._request  # noqa: SLF001 - what DRF wraps
    bare: Any = object.__new__(type(known))
    vars(bare).update(vars(known))
    bare.POST = QueryDict()
    return bare


class ClientScheme(OpenApiAuthenticationExtension):
    """How the schema names the sign-in of partner systems."""

    target_class = ClientAuthentication
    name = "client"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        flow = {
            "tokenUrl": "/oauth/token/",
            "scopes": {scope.value: scope.name.replace("_", " ").lower() for scope in Scope},
        }
        return {"type": "oauth2", "flows": {"clientCredentials": flow}}


class StaffScheme(OpenApiAuthenticationExtension):
    """How the schema names the sign-in of people."""

    target_class = StaffAuthentication
    name = "staff"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        return {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME}

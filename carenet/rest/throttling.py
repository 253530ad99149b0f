"""A ceiling on requests, per person or client, so that one runaway loop does not stop the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rest_framework.throttling import SimpleRateThrottle

if TYPE_CHECKING:
    from rest_framework.request import Request
    from rest_framework.views import APIView

    from carenet.rest.views import EffectMixin


class PrincipalThrottle(SimpleRateThrottle):
    """`API_RATE` requests per principal; 429 with `Retry-After` above it."""

    scope = "principal"

    def get_cache_key(self, request: Request, view: APIView | EffectMixin) -> str | None:
        principal = getattr(view, "principal_key", None)
        key = principal(request) if principal else self.get_ident(request)
        return self.cache_format % {"scope": self.scope, "ident": key}

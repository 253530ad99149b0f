"""`/w/{secret}/`: one button, whose POST alone records that somebody has looked in.

Scanners of mail follow links: GET and HEAD change nothing. The page names nobody and no place, loads
nothing, and is kept nowhere. Every link that is not good gets the same page.
"""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.renderers import TemplateHTMLRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from carenet.audit.actions import log_denial
from carenet.core import clock
from carenet.core.errors import NotFound
from carenet.rest.serializers import Nothing
from carenet.watchover.actions.links import make_link, use_link
from carenet.watchover.api.base import OfAssignment
from carenet.watchover.api.public import AddressThrottle
from carenet.watchover.models import OneTapLink
from carenet.watchover.selectors.links import open_link

STYLE = (
    "body{font:1.25rem/1.6 sans-serif;margin:1.5rem;color:#1a1a1c;background:#fff}"
    "button{font:inherit;font-weight:bold;width:100%;min-height:6rem;border:0;border-radius:8px;"
    "color:#fff;background:#0017c1}h1{font-size:1.5rem}"
)
_DIGEST = b64encode(sha256(STYLE.encode()).digest()).decode()
HEADERS = {
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{_DIGEST}'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}


class OneTapThrottle(AddressThrottle):
    """`ONE_TAP_RATE` per address."""

    scope = "one_tap"


class OneTapView(APIView):
    """A page of its own, without an account and without a script."""

    authentication_classes: Any = ()
    permission_classes: Any = ()
    throttle_classes = [OneTapThrottle]
    renderer_classes = [TemplateHTMLRenderer]
    schema = None

    def get(self, request: Request, secret: str) -> Response:
        """Show the button, for as long as it would do something."""
        if open_link(secret, clock.now()) is None:
            raise NotFound
        return self._page("ask")

    def post(self, request: Request, secret: str) -> Response:
        """Record the check-in; whatever is sent with it is not read."""
        use_link(secret=secret)
        return self._page("done")

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        """There is one form of it, whatever is asked for."""
        return super().perform_content_negotiation(request, force=True)

    def handle_exception(self, exc: Exception) -> Response:
        response = super().handle_exception(exc)
        log_denial("link_refused", status=response.status_code)
        busy = response.status_code == HTTPStatus.TOO_MANY_REQUESTS
        page = self._page("busy" if busy else "over")
        page.status_code = response.status_code
        for name in ("Retry-After", "Allow"):
            if name in response.headers:
                page[name] = response[name]
        return page

    @staticmethod
    def _page(name: str) -> Response:
        shown = {"page": name, "style": STYLE}
        return Response(shown, template_name="watchover/one_tap.html", headers=HEADERS)


class LinkSerializer(serializers.Serializer[Any]):
    """A link, shown this once, and when it is good."""

    url = serializers.URLField()
    window_start = serializers.DateTimeField()
    grace_until = serializers.DateTimeField()


class LinkViewSet(OfAssignment):
    """Links for whoever looks in and has no time to sign in."""

    serializer_class = LinkSerializer
    queryset = OneTapLink.objects.none()
    abilities = {"create": "watch.check_in"}

    @extend_schema(request=Nothing, responses={201: LinkSerializer})
    def create(self, request: Request, assignment_id: UUID) -> Response:
        """Make a link for the next check-in: yours if you look in, else the watcher's."""
        self.read_body(Nothing)
        link, secret = make_link(actor=self.actor, assignment_id=assignment_id)
        path = reverse("one-tap", args=[secret])
        base = settings.PUBLIC_URL
        shown = {
            "url": f"{base}{path}" if base else request.build_absolute_uri(path),
            "window_start": link.expectation.window_start,
            "grace_until": link.expectation.grace_until,
        }
        answer = Response(self.get_serializer(shown).data, status=status.HTTP_201_CREATED)
        answer["Cache-Control"] = "no-store"
        return answer

"""`/public/concerns/`: anybody may say that they are worried; nobody reads anything here.

No account, no cookie, no address that holds a secret. Whatever is known of a person, the answer is
the same. Few requests per address; a refusal by that limit is in the trail.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.core.cache import cache as default_cache
from django.core.cache import caches
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from carenet.audit.actions import log_denial
from carenet.rest.pagination import refuse_unknown_query
from carenet.rest.schema import CarenetSchema
from carenet.rest.serializers import Input
from carenet.rest.throttles import NetworkThrottle
from carenet.watchover.actions.concerns import report
from carenet.watchover.api.concerns import ConcernInput, ReceiptSerializer, receipt_for
from carenet.watchover.models.concern import ConcernState
from carenet.watchover.selectors.concerns import of_receipt


class AddressThrottle(NetworkThrottle):
    """So many requests per address, whoever asks; while Redis is away, so many per process."""

    def allow_request(self, request: Request, view: Any) -> bool:
        for self.cache in (default_cache, caches["process"]):
            if not super().allow_request(request, view):
                return False
        return True

    def get_cache_key(self, request: Request, view: Any) -> str:
        return self.cache_format % {"scope": self.scope, "ident": self.get_ident(request)}


class ConcernThrottle(AddressThrottle):
    """`CONCERN_RATE` reports."""

    scope = "concern"


class ReceiptThrottle(AddressThrottle):
    """`RECEIPT_RATE` questions about a receipt."""

    scope = "receipt"


class PublicSchema(CarenetSchema):
    """Nobody signs in: none of the headers of those who do."""

    def get_override_parameters(self) -> list[Any]:
        return []


class ReceiptInput(Input):
    """What a reporter was given."""

    receipt = serializers.CharField(max_length=100)


class FateSerializer(serializers.Serializer[Any]):
    """Received, or dealt with: nothing more."""

    state = serializers.ChoiceField(choices=ConcernState.choices)


class PublicView(APIView):
    """Open to all, and to POST alone."""

    authentication_classes: Any = ()
    permission_classes: Any = ()
    schema = PublicSchema()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.method == "POST":
            refuse_unknown_query(request, set())

    def handle_exception(self, exc: Exception) -> Response:
        response = super().handle_exception(exc)
        if response.status_code == HTTPStatus.TOO_MANY_REQUESTS:
            log_denial("throttled", status=response.status_code, path=self.request.path)
        return response

    def finalize_response(
        self, request: Request, response: Response, *args: Any, **kwargs: Any
    ) -> Response:
        response["Cache-Control"] = "no-store"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return super().finalize_response(request, response, *args, **kwargs)


class PublicConcernView(PublicView):
    """Reports of people without an account."""

    throttle_classes = [ConcernThrottle]

    @extend_schema(
        operation_id="public_concerns_create",
        request=ConcernInput,
        responses={201: ReceiptSerializer},
    )
    def post(self, request: Request) -> Response:
        """Report that you are worried about somebody. In danger to life call 119 or 110 first."""
        body = ConcernInput(data=request.data)
        body.is_valid(raise_exception=True)
        concern, receipt = report(actor=None, **body.validated_data)
        return Response(receipt_for(concern, receipt), status=HTTPStatus.CREATED)


class PublicReceiptView(PublicView):
    """What has become of a report."""

    throttle_classes = [ReceiptThrottle]

    @extend_schema(
        operation_id="public_concerns_receipt", request=ReceiptInput, responses=FateSerializer
    )
    def post(self, request: Request) -> Response:
        """Say whether a concern was dealt with; the receipt is in the body, so in no log."""
        body = ReceiptInput(data=request.data)
        body.is_valid(raise_exception=True)
        concern = of_receipt(body.validated_data["receipt"])
        if concern is None:
            raise ValidationError({"receipt": [_("There is no such receipt. Check its letters.")]})
        return Response({"state": concern.state})

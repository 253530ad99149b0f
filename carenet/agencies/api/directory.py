"""`/agencies/`: the directory of the network, open to all who have signed in."""

from __future__ import annotations

import re
from functools import partial
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from carenet.agencies import selectors
from carenet.agencies.actors import Actor
from carenet.agencies.api.serializers import AgencySerializer
from carenet.agencies.api.views import ActorViewSet
from carenet.agencies.models import Agency, AgencyKind
from carenet.rest.etags import etag
from carenet.rest.filters import choices_of, codes
from carenet.rest.pagination import keyset_page

LONGEST_QUERY = 100
_CODE = re.compile("[0-9]{6}")


class AgencyViewSet(ActorViewSet):
    """Agencies that take part, in the order of their kana."""

    serializer_class = AgencySerializer
    queryset = Agency.objects.none()
    filter_names = frozenset({"kind", "municipality_code", "q"})
    abilities = {"list": "agencies.view", "retrieve": "agencies.view"}

    def queryset_for(self, actor: Actor) -> QuerySet[Agency]:
        return selectors.directory(actor)

    @extend_schema(
        parameters=[
            codes("kind", AgencyKind.values, "One or more kinds; all without it."),
            OpenApiParameter("municipality_code", str, description="Six digits, e.g. 141097."),
            OpenApiParameter(
                "q", str, description="Part of a name or its kana, in any width and case."
            ),
        ],
        responses=AgencySerializer(many=True),
        filters=False,
    )
    def list(self, request: Request) -> Response:
        """List the agencies that take part."""
        return keyset_page(
            request,
            fetch=partial(
                selectors.directory_page,
                self.actor,
                kinds=choices_of(request, "kind", AgencyKind),
                municipality_code=_municipality(request),
                q=_part_of_name(request),
            ),
            show=lambda rows: self.get_serializer(rows, many=True).data,
            read_key=selectors.key_from,
            write_key=selectors.key_parts,
        )

    def retrieve(self, request: Request, id: UUID) -> Response:
        """Read one agency."""
        agency = self.get_object()
        return Response(self.get_serializer(agency).data, headers={"ETag": etag(agency)})


def _municipality(request: Request) -> str:
    given = request.query_params.get("municipality_code")
    if given is not None and not _CODE.fullmatch(given):
        raise ValidationError(
            {"municipality_code": [_("Give the six digits of a local government code.")]}
        )
    return given or ""


def _part_of_name(request: Request) -> str:
    given = request.query_params.get("q")
    if given is None:
        return ""
    field = serializers.CharField(max_length=LONGEST_QUERY)
    try:
        return str(field.run_validation(given))
    except ValidationError as error:
        raise ValidationError({"q": error.detail}) from None

"""`/areas/`: the divisions of the ward, and in which of them an address lies."""

from __future__ import annotations

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from carenet.agencies.actors import Actor
from carenet.agencies.api.serializers import AgencyInShortSerializer
from carenet.agencies.api.views import ActorViewSet
from carenet.areas import selectors
from carenet.areas.models import AgencyArea, Area, AreaKind
from carenet.audit.actions import log_write
from carenet.core import clock
from carenet.rest.filters import choices_of, codes
from carenet.rest.serializers import Day, Input


class AreaPartSerializer(serializers.ModelSerializer[AgencyArea]):
    """What an agency does in an area."""

    agency = AgencyInShortSerializer(read_only=True)

    class Meta:
        model = AgencyArea
        fields = ["agency", "part", "since", "until"]
        read_only_fields = fields


class AreaSerializer(serializers.ModelSerializer[Area]):
    """An area, and who works in it today."""

    agencies = AreaPartSerializer(source="parts", many=True, read_only=True)

    class Meta:
        model = Area
        fields = ["id", "kind", "name", "municipality_code", "agencies"]
        read_only_fields = fields


class AddressInput(Input):
    """Where, and on which day (today without it)."""

    address = serializers.CharField(max_length=300)
    on = Day(required=False, allow_null=True, default=None)


class AreasFound(serializers.Serializer[None]):
    """The areas in which an address lies, the narrowest kind first."""

    areas = AreaSerializer(many=True)


class AreaViewSet(ActorViewSet):
    """Areas of several kinds, for everybody who has signed in."""

    serializer_class = AreaSerializer
    queryset = Area.objects.none()
    filter_names = frozenset({"kind"})
    abilities = {"list": "agencies.view", "lookup": "agencies.view"}
    asking = frozenset({"lookup"})

    def queryset_for(self, actor: Actor) -> QuerySet[Area]:
        return selectors.areas()

    @extend_schema(
        parameters=[codes("kind", AreaKind.values, "One or more kinds; all without it.")],
        filters=False,
    )
    def list(self, request: Request) -> Response:
        """List the areas."""
        kinds = choices_of(request, "kind", AreaKind)
        rows = self.get_queryset()
        return self.page_of(rows.filter(kind__in=kinds) if kinds else rows)

    @extend_schema(request=AddressInput, responses=AreasFound)
    @action(detail=False, methods=["post"])
    def lookup(self, request: Request) -> Response:
        """Say in which areas an address lies. The address is in the body, and kept nowhere."""
        given = self.read_body(AddressInput)
        on = given["on"] or clock.today()
        code = self.actor.agency.municipality_code
        found = selectors.areas_at(given["address"], on, code)
        shown = {area.pk: area for area in selectors.areas(found)}
        log_write(self.actor.who, "area.lookup", "area", *(area.pk for area in found))
        rows = [shown[area.pk] for area in found]
        return Response({"areas": self.get_serializer(rows, many=True).data})

"""`/agencies/{id}/capacity/`: whether an agency takes on more, for everybody to see before they ask."""

from __future__ import annotations

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from carenet.agencies import actions
from carenet.agencies.api.members_and_calendar import OfAgency
from carenet.agencies.api.serializers import CapacityInput, CapacitySerializer
from carenet.agencies.models import Agency
from carenet.rest.etags import etag, required_version


class CapacityViewSet(OfAgency):
    """What an agency publishes about its capacity; its ETag is the agency's."""

    serializer_class = CapacitySerializer
    abilities = {"retrieve": "agencies.view", "publish": "agencies.publish_capacity"}

    @extend_schema(responses=CapacitySerializer)
    def retrieve(self, request: Request, agency_id: UUID) -> Response:
        """Read whether an agency takes on more."""
        return self._answer(self.agency)

    @extend_schema(request=CapacityInput, responses=CapacitySerializer)
    def publish(self, request: Request, agency_id: UUID) -> Response:
        """Say whether your agency takes on more; what it said before is replaced."""
        version = required_version(request)
        agency = self.agency
        published = actions.publish_capacity(
            actor=self.actor, agency=agency, version=version, **self.read_body(CapacityInput)
        )
        return self._answer(published)

    def _answer(self, agency: Agency) -> Response:
        shown = self.get_serializer(agency.capacity_now).data
        return Response(shown, headers={"ETag": etag(agency)})

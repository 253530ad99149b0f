"""`/residents/`: no list of all people, only those one's own work leads to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.response import Response

from carenet.agencies.api.views import ActorViewSet
from carenet.errors import Gone, NotFound
from carenet.jobs.selectors import downloads_showing
from carenet.residents import actions, policy, selectors
from carenet.residents.api.history import Merging, Unmerging
from carenet.residents.api.nested_serializers import RecordEnding
from carenet.residents.api.serializers import (
    CorrectionSerializer,
    RegistrationSerializer,
    ResidentSerializer,
)
from carenet.rest.etags import etag, expected_version, required_version
from carenet.rest.serializers import Nothing

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet
    from rest_framework.request import Request

    from carenet.agencies.actors import Actor
    from carenet.residents.models import Resident


class ResidentViewSet(ActorViewSet):
    """People on the register."""

    serializer_class = ResidentSerializer
    abilities = {
        "create": "residents.register",
        "retrieve": "residents.view",
        "partial_update": "residents.edit",
        "end": "residents.end",
        "reinstate": "residents.end",
        "merge": "residents.merge",
        "unmerge": "residents.merge",
    }
    #: A merged record answers 410 to those who see the one that stands in its place.
    may_be_gone = True

    def queryset_for(self, actor: Actor) -> QuerySet[Resident]:
        return policy.visible_to(actor)

    def still_visible(self, pk: UUID | str) -> Resident:
        try:
            found: Resident = super().still_visible(pk)
        except NotFound:
            successor = selectors.stands_in_for(self.actor, pk)
            if successor is None:
                raise
            raise Gone(successor.pk) from None
        return found

    @extend_schema(request=RegistrationSerializer, responses={201: ResidentSerializer})
    def create(self, request: Request) -> Response:
        """Register a person; 409 `likely_match` when somebody is probably there already."""
        body = RegistrationSerializer(data=request.data, context=self.get_serializer_context())
        body.is_valid(raise_exception=True)
        resident = actions.register(actor=self.actor, **body.validated_data)
        return self._answer(resident, status.HTTP_201_CREATED)

    def retrieve(self, request: Request, id: UUID) -> Response:
        """Read one person's record."""
        return self._answer(self.get_object())

    @extend_schema(responses=CorrectionSerializer)
    def partial_update(self, request: Request, id: UUID) -> Response:
        """Correct one person's record."""
        version = required_version(request)
        resident = self.get_object()
        protected = resident.address_protected
        body = self.get_serializer(resident, data=request.data, partial=True)
        body.is_valid(raise_exception=True)
        resident = actions.edit(
            actor=self.actor, resident_id=id, version=version, **body.validated_data
        )
        protects = resident.address_protected and not protected
        downloads = (
            downloads_showing("resident", selectors.records_of(resident)) if protects else []
        )
        shown = CorrectionSerializer(
            resident, context={**self.get_serializer_context(), "downloads": downloads}
        )
        return Response(shown.data, headers={"ETag": etag(resident)})

    @extend_schema(request=RecordEnding, responses=ResidentSerializer)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, id: UUID) -> Response:
        """Record that a person has died or moved away; their open cases are closed with it."""
        body = RecordEnding(data=request.data)
        body.is_valid(raise_exception=True)
        version = expected_version(request)
        actions.end_record(actor=self.actor, resident_id=id, version=version, **body.validated_data)
        return self._answer(self.get_object())

    @extend_schema(request=Nothing, responses=ResidentSerializer)
    @action(detail=True, methods=["post"])
    def reinstate(self, request: Request, id: UUID) -> Response:
        """Take the end of a record back; whoever led the cases reopens them."""
        Nothing(data=request.data).is_valid(raise_exception=True)
        actions.reinstate(actor=self.actor, resident_id=id, version=expected_version(request))
        return self._answer(self.get_object())

    @extend_schema(request=Merging, responses=ResidentSerializer)
    @action(detail=True, methods=["post"])
    def merge(self, request: Request, id: UUID) -> Response:
        """Let another record of the same person become part of this one."""
        body = Merging(data=request.data)
        body.is_valid(raise_exception=True)
        resident = self.get_object()
        actions.merge(
            actor=self.actor,
            survivor_id=resident.pk,
            loser_id=body.validated_data["other"],
            reason=body.validated_data["reason"],
            version=expected_version(request),
        )
        return self._answer(self.get_object())

    @extend_schema(request=Unmerging, responses=ResidentSerializer)
    @action(detail=True, methods=["post"])
    def unmerge(self, request: Request, id: UUID) -> Response:
        """Let a merged record stand by itself again, with what it brought."""
        body = Unmerging(data=request.data)
        body.is_valid(raise_exception=True)
        resident = self.get_object()
        actions.unmerge(
            actor=self.actor,
            survivor_id=resident.pk,
            loser_id=body.validated_data["other"],
            reason=body.validated_data["reason"],
            version=expected_version(request),
        )
        return self._answer(self.get_object())

    def _answer(self, resident: Resident, code: int = status.HTTP_200_OK) -> Response:
        body = self.get_serializer(resident).data
        return Response(body, status=code, headers={"ETag": etag(resident)})

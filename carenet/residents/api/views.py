"""`/residents/`: no list of all people, only those one's own work leads to."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from carenet.agencies.actors import Actor
from carenet.agencies.api.verbs import ApiVerb, retrieve_method
from carenet.agencies.api.views import ActorViewSet
from carenet.core.errors import Gone, NotFound
from carenet.jobs.selectors import downloads_showing
from carenet.residents import actions, policy, selectors
from carenet.residents.api.history import Merging, Unmerging
from carenet.residents.api.nested_serializers import RecordEnding
from carenet.residents.api.serializers import (
    CorrectionSerializer,
    RegistrationSerializer,
    ResidentSerializer,
)
from carenet.residents.models import Resident
from carenet.rest.etags import etag, expected_version, required_version
from carenet.rest.serializers import Nothing


class ResidentViewSet(ActorViewSet):
    """People on the register."""

    serializer_class = ResidentSerializer
    abilities = {
        "create": "residents.register",
        "retrieve": "residents.view",
        "partial_update": "residents.edit",
        "merge": "residents.merge",
        "unmerge": "residents.merge",
    }
    id_argument = "resident_id"
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
        resident = actions.register(actor=self.actor, **self.read_body(RegistrationSerializer))
        return self.respond(resident, status.HTTP_201_CREATED)

    retrieve = retrieve_method("Read one person's record.")

    @extend_schema(responses=CorrectionSerializer)
    def partial_update(self, request: Request, id: UUID) -> Response:
        """Correct one person's record."""
        version = required_version(request)
        resident = self.get_object()
        protected = resident.address_protected
        resident = actions.edit(
            actor=self.actor,
            resident_id=id,
            version=version,
            **self.read_body(ResidentSerializer, resident, partial=True),
        )
        protects = resident.address_protected and not protected
        downloads = (
            downloads_showing("resident", selectors.records_of(resident)) if protects else []
        )
        shown = CorrectionSerializer(
            resident, context={**self.get_serializer_context(), "downloads": downloads}
        )
        return Response(shown.data, headers={"ETag": etag(resident)})

    end = ApiVerb(
        actions.end_record,
        RecordEnding,
        "Record that a person has died or moved away; their open cases are closed with it.",
        ability="residents.end",
    )
    reinstate = ApiVerb(
        actions.reinstate,
        Nothing,
        "Take the end of a record back; whoever led the cases reopens them.",
        ability="residents.end",
    )

    @extend_schema(request=Merging, responses=ResidentSerializer)
    @action(detail=True, methods=["post"])
    def merge(self, request: Request, id: UUID) -> Response:
        """Let another record of the same person become part of this one."""
        given = self.read_body(Merging)
        seen = given.get("other_version")
        return self._change_records(partial(actions.merge, loser_version=seen), given)

    @extend_schema(request=Unmerging, responses=ResidentSerializer)
    @action(detail=True, methods=["post"])
    def unmerge(self, request: Request, id: UUID) -> Response:
        """Let a merged record stand by itself again, with what it brought."""
        return self._change_records(actions.unmerge, self.read_body(Unmerging))

    def _change_records(self, act: Callable[..., Any], given: dict[str, Any]) -> Response:
        act(
            actor=self.actor,
            survivor_id=self.get_object().pk,
            loser_id=given["other"],
            reason=given["reason"],
            version=expected_version(self.request),
        )
        return self.respond(self.get_object())

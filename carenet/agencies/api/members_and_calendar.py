"""What hangs on an agency: its members and its calendar. Children are reached through it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from carenet.agencies import actions, policy, selectors
from carenet.agencies.actors import Actor
from carenet.agencies.api.serializers import (
    AgencyMemberSerializer,
    CalendarExceptionInput,
    CalendarExceptionSerializer,
    CalendarInput,
    CalendarSerializer,
    RolesInput,
)
from carenet.agencies.api.verbs import list_method
from carenet.agencies.api.views import ActorViewSet
from carenet.agencies.models import Agency, CalendarException, Membership
from carenet.core.decisions import demand
from carenet.core.models import get_visible
from carenet.rest.etags import etag, expected_version, required_version
from carenet.rest.serializers import Input


class OfAgency(ActorViewSet):
    """Base of what is reached through an agency of the directory."""

    @property
    def agency(self) -> Agency:
        """The agency in the address; raises `NotFound` out of reach."""
        return get_visible(policy.visible_to(self.actor), pk=self.kwargs["agency_id"])

    def named(self) -> Any:
        return self.get_object() if self.lookup_url_kwarg in self.kwargs else self.agency


class AgencyMemberViewSet(OfAgency):
    """Who works in an agency: for its own people to see, for its managers to change.

    Whoever is to join is invited (`carenet.agencies.api.invitations`).
    """

    serializer_class = AgencyMemberSerializer
    queryset = Membership.objects.none()
    abilities = {
        "list": "agencies.view_members",
        "partial_update": "agencies.manage_members",
        "end": "agencies.manage_members",
    }

    def queryset_for(self, actor: Actor) -> QuerySet[Membership]:
        demand(policy.can_view_members(actor, self.agency))
        return selectors.members(actor)

    def replay_queryset(self) -> QuerySet[Membership]:
        demand(policy.can_manage_members(self.actor, self.agency))
        return self.agency.memberships.select_related("user", "agency")

    list = list_method("List the members, those who joined last first.")

    @extend_schema(request=RolesInput, responses=AgencyMemberSerializer)
    def partial_update(self, request: Request, agency_id: UUID, id: UUID) -> Response:
        """Change what a member does in the agency."""
        version = required_version(request)
        membership = self.get_object()
        changed = actions.change_roles(
            actor=self.actor, membership=membership, version=version, **self.read_body(RolesInput)
        )
        return self.respond(changed)

    @extend_schema(request=Input, responses=AgencyMemberSerializer)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, agency_id: UUID, id: UUID) -> Response:
        """End a membership now; the account and what the person wrote stay."""
        self.read_body(Input)
        version = expected_version(request)
        ended = actions.end_membership(
            actor=self.actor, membership=self.get_object(), version=version
        )
        return self.respond(ended)


class CalendarViewSet(OfAgency):
    """When an agency works: for everybody to see, for its managers to change."""

    serializer_class = CalendarSerializer
    abilities = {"retrieve": "agencies.view", "partial_update": "agencies.manage_calendar"}

    @extend_schema(responses=CalendarSerializer)
    def retrieve(self, request: Request, agency_id: UUID) -> Response:
        """Read an agency's calendar."""
        return self.respond(self.agency)

    @extend_schema(request=CalendarInput, responses=CalendarSerializer)
    def partial_update(self, request: Request, agency_id: UUID) -> Response:
        """Change the parts of the rule that are sent."""
        version = required_version(request)
        agency = self.agency
        changed = actions.set_calendar(
            actor=self.actor, agency=agency, version=version, **self.read_body(CalendarInput)
        )
        return self.respond(changed)


class CalendarExceptionViewSet(OfAgency):
    """Single days against the rule."""

    serializer_class = CalendarExceptionSerializer
    queryset = CalendarException.objects.none()
    abilities = {"create": "agencies.manage_calendar", "remove": "agencies.manage_calendar"}

    def queryset_for(self, actor: Actor) -> QuerySet[CalendarException]:
        agency = self.agency
        demand(policy.can_manage_calendar(actor, agency))
        return agency.calendar_exceptions.select_related("agency")

    @extend_schema(request=CalendarExceptionInput, responses={201: CalendarExceptionSerializer})
    def create(self, request: Request, agency_id: UUID) -> Response:
        """Close the agency on a day on which it would be open, or the other way round."""
        agency = self.agency
        exception = actions.add_calendar_exception(
            actor=self.actor, agency=agency, **self.read_body(CalendarExceptionInput)
        )
        shown = self.get_serializer(exception).data
        return Response(
            shown, status=status.HTTP_201_CREATED, headers={"ETag": etag(exception.agency)}
        )

    @extend_schema(request=Input, responses=CalendarSerializer)
    @action(detail=True, methods=["post"])
    def remove(self, request: Request, agency_id: UUID, id: UUID) -> Response:
        """Let the rule hold again on that day; `If-Match` takes the ETag of the calendar."""
        self.read_body(Input)
        version = expected_version(request)
        agency = actions.remove_calendar_exception(
            actor=self.actor, exception=self.get_object(), version=version
        )
        return Response(CalendarSerializer(agency).data, headers={"ETag": etag(agency)})

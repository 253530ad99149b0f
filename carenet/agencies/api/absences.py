"""`/agencies/{id}/members/{id}/absences/`: when a member is away, and who stands in."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from carenet.agencies import actions, policy, selectors
from carenet.agencies.actors import Actor
from carenet.agencies.api.fields import VisibleField
from carenet.agencies.api.members_and_calendar import OfAgency
from carenet.agencies.api.serializers import ColleagueSerializer
from carenet.agencies.api.verbs import list_method
from carenet.agencies.models import Absence, Membership
from carenet.audit.api.serializers import LogReadMixin
from carenet.core.decisions import demand
from carenet.core.models import get_visible
from carenet.rest.serializers import Input, Moment, Nothing


class AbsenceSerializer(LogReadMixin, serializers.ModelSerializer[Absence]):
    """A time in which a member is away."""

    audit_kind = "user"
    audit_id = "membership.user_id"
    deputy = ColleagueSerializer(read_only=True, allow_null=True)

    class Meta:
        model = Absence
        fields = ["id", "since", "until", "deputy"]
        read_only_fields = fields


class AbsenceInput(Input):
    """From when to when, and who stands in; no reason is asked for."""

    since = Moment(required=False, help_text="Now without it.")
    until = Moment(required=False, allow_null=True, help_text="Until further notice without it.")
    deputy = VisibleField(
        selectors.colleagues,
        required=False,
        allow_null=True,
        help_text="Another member of the same agency, who is told instead.",
    )


class AbsenceViewSet(OfAgency):
    """When a member is away: for the agency's people to see, for member and managers to say."""

    serializer_class = AbsenceSerializer
    queryset = Absence.objects.none()
    abilities = {
        "list": "agencies.view_members",
        "create": "agencies.record_absence",
        "end": "agencies.record_absence",
    }

    @property
    def membership(self) -> Membership:
        """The member in the address; raises `NotFound` out of reach.

        Oneself is within reach of everybody, a colleague of who sees the agency's members.
        """
        agency, own = self.agency, selectors.own_membership(self.actor)
        if own is not None and (own.agency_id, own.pk) == (agency.pk, self.kwargs["member_id"]):
            return own
        demand(policy.can_view_members(self.actor, agency))
        return get_visible(selectors.members(self.actor), pk=self.kwargs["member_id"])

    def queryset_for(self, actor: Actor) -> QuerySet[Absence]:
        return selectors.absences(actor, self.membership)

    list = extend_schema(responses=AbsenceSerializer(many=True))(
        list_method("List when the member is, was and will be away, entered last first.")
    )

    @extend_schema(request=AbsenceInput, responses={201: AbsenceSerializer})
    def create(self, request: Request, agency_id: UUID, member_id: UUID) -> Response:
        """Say that a member is away: of oneself, or as a manager."""
        membership = self.membership
        demand(policy.can_record_absence(self.actor, membership))
        absence = actions.record_absence(
            actor=self.actor, membership=membership, **self.read_body(AbsenceInput)
        )
        return Response(self.get_serializer(absence).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=Nothing, responses=AbsenceSerializer)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, agency_id: UUID, member_id: UUID, id: UUID) -> Response:
        """Say that the member is back; one that had not begun does not take place."""
        self.read_body(Nothing)
        absence = actions.end_absence(actor=self.actor, absence=self.get_object())
        return Response(self.get_serializer(absence).data)

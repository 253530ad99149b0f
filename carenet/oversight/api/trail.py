"""`/audit/`: the trail, for auditors."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from carenet.agencies.actors import Actor
from carenet.agencies.api.views import ActorViewSet
from carenet.audit.api.serializers import LogReadMixin
from carenet.audit.models import AuditAction, AuditEntry
from carenet.oversight import policy
from carenet.oversight.selectors.trail import Wanted, trail
from carenet.rest.filters import choices_of, codes
from carenet.rest.pagination import CursorPage
from carenet.rest.serializers import Day, Input, Moment


class AuditEntrySerializer(LogReadMixin, serializers.ModelSerializer[AuditEntry]):
    """One deed."""

    audit_kind = "audit_entry"
    audit_id = "id"

    class Meta:
        model = AuditEntry
        fields = [
            "id", "time", "deed", "action", "actor_kind", "actor_id", "agency_id",
            "claimed_person", "purpose", "object_kind", "object_ids", "detail",
            "address", "request_id", "written_at",
        ]  # fmt: skip
        read_only_fields = fields


class TrailSpan(Input):
    """From which day to which day, and when that was asked."""

    since = Day()
    until = Day()
    asked_at = Moment()
    purpose = serializers.CharField(required=False, max_length=200)


class NewestFirst(CursorPage):
    """The primary key is the time."""

    ordering: str | tuple[str, ...] = ("-time", "-id")


class AuditViewSet(ActorViewSet):
    """Who did, saw or was denied what."""

    serializer_class = AuditEntrySerializer
    pagination_class = NewestFirst
    queryset = AuditEntry.objects.none()
    filter_names = frozenset({"deed", "object", "action", "actor", "agency", "since", "until"})
    abilities = {"list": "audit.view"}

    def queryset_for(self, actor: Actor) -> QuerySet[AuditEntry]:
        return policy.visible_to(actor)

    @extend_schema(
        parameters=[
            codes("deed", AuditAction.values),
            OpenApiParameter("object", UUID, description="Entries about this object."),
            OpenApiParameter("action", str, description="Entries of this action."),
            OpenApiParameter("actor", str, description="What this person or system has done."),
            OpenApiParameter("agency", UUID, description="What was done for this agency."),
            OpenApiParameter("since", date, description="From this day on."),
            OpenApiParameter("until", date, description="Up to this day."),
        ]
    )
    def list(self, request: Request) -> Response:
        """List the trail, newest first."""
        deeds = choices_of(request, "deed", AuditAction)
        shape = TrailQuery(data=request.query_params.dict())
        shape.is_valid(raise_exception=True)
        given = shape.validated_data
        entries = trail(
            self.actor,
            Wanted(
                actions=[given["action"]] if "action" in given else (),
                objects=[given["object"]] if "object" in given else (),
                actor_id=given.get("actor", ""),
                agency_id=given.get("agency"),
                since=given.get("since"),
                until=given.get("until"),
            ),
        )
        if deeds:
            entries = entries.filter(deed__in=deeds)
        return self.page_of(entries)


class TrailQuery(serializers.Serializer[Any]):
    """What of the trail a query asks for."""

    object = serializers.UUIDField(
        required=False, error_messages={"invalid": gettext_lazy("Give the id of an object.")}
    )
    action = serializers.CharField(required=False, max_length=100)
    actor = serializers.CharField(required=False, max_length=40)
    agency = serializers.UUIDField(required=False)
    since = Day(required=False)
    until = Day(required=False)

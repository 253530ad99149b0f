"""`/audit/`: the trail, for auditors."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from carenet.agencies.actors import Actor
from carenet.agencies.api.views import ActorViewSet
from carenet.audit.api.serializers import LogReadMixin
from carenet.audit.models import AuditAction, AuditEntry
from carenet.oversight import policy
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


class NewestFirst(CursorPage):
    """The primary key is the time."""

    ordering: str | tuple[str, ...] = ("-time", "-id")


class AuditViewSet(ActorViewSet):
    """Who did, saw or was denied what."""

    serializer_class = AuditEntrySerializer
    pagination_class = NewestFirst
    queryset = AuditEntry.objects.none()
    filter_names = frozenset({"deed", "object"})
    abilities = {"list": "audit.view"}

    def queryset_for(self, actor: Actor) -> QuerySet[AuditEntry]:
        return policy.visible_to(actor)

    @extend_schema(
        parameters=[
            codes("deed", AuditAction.values),
            OpenApiParameter("object", UUID, description="Entries about this object."),
        ]
    )
    def list(self, request: Request) -> Response:
        """List the trail, newest first."""
        entries = self.get_queryset()
        deeds = choices_of(request, "deed", AuditAction)
        if deeds:
            entries = entries.filter(deed__in=deeds)
        if "object" in request.query_params:
            entries = entries.filter(object_ids__contains=[_object(request)])
        return self.page_of(entries)


def _object(request: Request) -> UUID:
    try:
        return UUID(request.query_params["object"])
    except ValueError:
        raise ValidationError({"object": [_("Give the id of an object.")]}) from None

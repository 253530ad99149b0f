"""What hangs on a record: its history, and what was merged into it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from carenet.agencies.actors import Actor
from carenet.agencies.api.verbs import list_method
from carenet.agencies.api.views import ActorViewSet
from carenet.audit.actions import log_read
from carenet.core.models import get_visible
from carenet.residents import policy, selectors
from carenet.residents.models import Resident, ResidentMerge, ResidentVersion
from carenet.rest.serializers import Input

REASON = 500


#: Beyond what the column of a version holds there is none.
MOST_VERSIONS = 2_147_483_647


class Merging(Input):
    """The other record of the same person, and how one knows."""

    other = serializers.UUIDField(help_text="The record that becomes part of this one.")
    other_version = serializers.IntegerField(
        required=False,
        min_value=1,
        max_value=MOST_VERSIONS,
        help_text="The version of the other record that you have seen, as its ETag names it.",
    )
    reason = serializers.CharField(max_length=REASON)


class Unmerging(Input):
    """The record that stands by itself again, and why."""

    other = serializers.UUIDField(help_text="The record that became part of this one.")
    reason = serializers.CharField(max_length=REASON)


class VersionSerializer(serializers.ModelSerializer[ResidentVersion]):
    """One change of a record; an address is left out for those who may not see it."""

    changes = serializers.SerializerMethodField(
        help_text='What changed: {"phone": {"from": "…", "to": "…"}}.'
    )

    class Meta:
        model = ResidentVersion
        fields = [
            "id", "version", "change", "changes", "reason", "at", "by_agency", "by_user",
            "by_client", "claimed_person",
        ]  # fmt: skip
        read_only_fields = fields

    def get_changes(self, version: ResidentVersion) -> dict[str, Any]:
        changes: dict[str, Any] = dict(version.changes)
        if "address" in changes and not self.context["shows_address"]:
            changes["address"] = {"from": None, "to": None}
        return changes


class MergeSerializer(serializers.ModelSerializer[ResidentMerge]):
    """Two records that became one. What moved is not told: it may be more than the reader sees."""

    other = serializers.UUIDField(source="loser_id")

    class Meta:
        model = ResidentMerge
        fields = [
            "id", "other", "reason", "at", "by_agency", "by_user",
            "undone_at", "undone_reason", "undone_by_agency", "undone_by_user",
        ]  # fmt: skip
        read_only_fields = fields


class OfResident(ActorViewSet):
    """Base of what is reached through a visible record."""

    def resident(self) -> Resident:
        """The record in the address; raises `NotFound` out of reach."""
        found = get_visible(policy.visible_to(self.actor), pk=self.kwargs["resident_id"])
        log_read("resident", found.pk)
        return found


class VersionViewSet(OfResident):
    """The history of a record."""

    serializer_class = VersionSerializer
    queryset = ResidentVersion.objects.none()
    abilities = {"list": "residents.view"}

    def queryset_for(self, actor: Actor) -> QuerySet[ResidentVersion]:
        return selectors.versions(self.resident())

    def list(self, request: Request, resident_id: UUID) -> Response:
        """List who changed what of a record, newest first."""
        resident = self.resident()
        page = self.paginate_queryset(selectors.versions(resident))
        shows_address = bool(policy.can_see_address(self.actor, resident))
        context = {**self.get_serializer_context(), "shows_address": shows_address}
        return self.get_paginated_response(
            self.get_serializer_class()(page, many=True, context=context).data
        )


class MergeViewSet(OfResident):
    """What was merged into a record, and what of that was undone."""

    serializer_class = MergeSerializer
    queryset = ResidentMerge.objects.none()
    abilities = {"list": "residents.view"}

    def queryset_for(self, actor: Actor) -> QuerySet[ResidentMerge]:
        return selectors.merges(self.resident())

    list = list_method("List the merges of a record, newest first.")

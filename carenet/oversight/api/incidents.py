"""`/incidents/`: disclosures by mistake, for auditors; the ward office's auditor closes them."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from carenet.agencies.actors import Actor
from carenet.agencies.api.serializers import AgencyInShortSerializer, ColleagueSerializer
from carenet.agencies.api.verbs import ApiVerb, retrieve_method
from carenet.agencies.api.views import ActorViewSet
from carenet.audit.api.serializers import LogReadMixin
from carenet.oversight import actions, selectors
from carenet.oversight.models import Incident, IncidentState
from carenet.referrals.api.transition_serializers import ReferralInShortSerializer
from carenet.rest.filters import choices_of, codes
from carenet.rest.serializers import Input


class IncidentReaderSerializer(serializers.Serializer[Any]):
    """Somebody who was shown it, as the trail has it."""

    agency_id = serializers.UUIDField()
    actor_kind = serializers.CharField()
    actor_id = serializers.CharField()
    claimed_person = serializers.CharField(allow_blank=True)
    first_at = serializers.DateTimeField()
    last_at = serializers.DateTimeField()
    times = serializers.IntegerField()


class IncidentSerializer(LogReadMixin, serializers.ModelSerializer[Incident]):
    """A disclosure by mistake: what, to whom, who read it, and the finding."""

    audit_kind = "incident"
    referral = ReferralInShortSerializer(read_only=True)
    sender = AgencyInShortSerializer(read_only=True)
    receiver = AgencyInShortSerializer(read_only=True, allow_null=True)
    opened_by = ColleagueSerializer(read_only=True, allow_null=True)
    opened_by_agency = AgencyInShortSerializer(read_only=True)
    closed_by = ColleagueSerializer(read_only=True, allow_null=True)
    readers = IncidentReaderSerializer(many=True, read_only=True)
    reader_count = serializers.SerializerMethodField(
        help_text="How many people and systems of other agencies have read it."
    )
    agencies_to_tell = serializers.ListField(
        child=serializers.UUIDField(),
        read_only=True,
        help_text="The agencies that have read it, and are to be told that it was a mistake.",
    )

    class Meta:
        model = Incident
        fields = [
            "id", "kind", "state", "referral", "sender", "receiver", "disclosed_at",
            "opened_at", "opened_by", "opened_by_agency", "reason",
            "readers", "reader_count", "agencies_to_tell",
            "closed_at", "closed_by", "finding",
        ]  # fmt: skip
        read_only_fields = fields

    def get_reader_count(self, incident: Incident) -> int:
        return len(incident.readers)


class Finding(Input):
    """What the privacy officer has found, and who was told."""

    finding = serializers.CharField(max_length=10_000)


class IncidentViewSet(ActorViewSet):
    """What went to the wrong place, and what became of it."""

    serializer_class = IncidentSerializer
    queryset = Incident.objects.none()
    filter_names = frozenset({"state"})
    abilities = {
        "list": "incidents.view",
        "retrieve": "incidents.view",
    }
    id_argument = "incident_id"

    def queryset_for(self, actor: Actor) -> QuerySet[Incident]:
        return selectors.incidents(actor)

    @extend_schema(parameters=[codes("state", IncidentState.values)])
    def list(self, request: Request) -> Response:
        """List the incidents, newest first."""
        found, states = self.get_queryset(), choices_of(request, "state", IncidentState)
        if states:
            found = found.filter(state__in=states)
        return self.page_of(found)

    retrieve = retrieve_method("Read one incident.")

    close = ApiVerb(
        actions.close_incident,
        Finding,
        "Close it with a finding: the ward office's auditor alone.",
        ability="incidents.close",
    )

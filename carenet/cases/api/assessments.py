"""`/cases/{case_id}/assessments/`: each agency's versions, the current one marked."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from carenet.agencies.actors import Actor
from carenet.agencies.api.serializers import AgencyInShortSerializer, ColleagueSerializer
from carenet.agencies.api.verbs import create_method, list_method, retrieve_method
from carenet.audit.api.serializers import LogReadMixin
from carenet.cases import selectors
from carenet.cases.actions.assessments import assess
from carenet.cases.api.notes_and_shares import OfCase
from carenet.cases.models import (
    Assessment,
    AssessmentDomain,
    AssessmentFinding,
    AssessmentOccasion,
    Concern,
)
from carenet.rest.serializers import Day, Input, StrictFields


class FindingSerializer(StrictFields, serializers.ModelSerializer[AssessmentFinding]):
    """What was found in one domain."""

    class Meta:
        model = AssessmentFinding
        fields = ["domain", "concern", "text"]


class AssessmentSerializer(LogReadMixin, serializers.ModelSerializer[Assessment]):
    """One version of an agency's assessment."""

    audit_kind = "assessment"
    author = ColleagueSerializer(read_only=True, allow_null=True)
    author_agency = AgencyInShortSerializer(read_only=True)
    findings = FindingSerializer(many=True, read_only=True)
    current = serializers.BooleanField(
        source="is_current", read_only=True, help_text="Whether no later one replaces it."
    )

    class Meta:
        model = Assessment
        fields = [
            "id", "number", "current", "occasion", "assessed_on", "overall", "findings",
            "author", "author_agency", "written_at", "replaces",
        ]  # fmt: skip
        read_only_fields = fields


class FindingInput(Input):
    """What was found in one domain; the level is there for all, the words for who has some."""

    domain = serializers.ChoiceField(choices=AssessmentDomain.choices)
    concern = serializers.ChoiceField(choices=Concern.choices)
    text = serializers.CharField(max_length=5000, required=False, allow_blank=True)


class AssessmentInput(Input):
    """A new assessment; it replaces the one before it of the same agency."""

    occasion = serializers.ChoiceField(choices=AssessmentOccasion.choices)
    assessed_on = Day()
    overall = serializers.CharField(max_length=10_000, required=False, allow_blank=True)
    findings: serializers.ListSerializer[Any] = serializers.ListSerializer(
        child=FindingInput(),
        min_length=1,
        max_length=len(AssessmentDomain),
        help_text="Each domain once.",
    )


class AssessmentViewSet(OfCase):
    """How the agencies in the case have seen it, version by version."""

    serializer_class = AssessmentSerializer
    queryset = Assessment.objects.none()
    abilities = {"list": "cases.view", "retrieve": "cases.view", "create": "cases.assess"}

    def queryset_for(self, actor: Actor) -> QuerySet[Assessment]:
        return selectors.assessments(actor, self.case)

    list = list_method("List all versions, newest first.")

    retrieve = retrieve_method("Read one version.")

    create = create_method(
        assess,
        AssessmentInput,
        AssessmentSerializer,
        "Add an assessment, or a correction of your agency's last one.",
        looked_up=True,
    )

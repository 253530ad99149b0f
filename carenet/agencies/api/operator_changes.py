"""`/operator-changes/`: another corporation runs an agency from a day on; what stays is confirmed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from carenet.agencies import actions, policy
from carenet.agencies.actors import Actor
from carenet.agencies.api.fields import VisibleField
from carenet.agencies.api.serializers import AgencyInShortSerializer, ColleagueSerializer
from carenet.agencies.api.verbs import ApiVerb, create_method, list_method, retrieve_method
from carenet.agencies.api.views import ActorViewSet
from carenet.agencies.models import OperatorChange
from carenet.agencies.selectors.operator_changes import operator_changes, under_review
from carenet.core.decisions import demand
from carenet.rest.serializers import Day, Input, Nothing

#: As many as one request confirms.
MOST_IDS = 500


class OperatorChangeSerializer(serializers.ModelSerializer[OperatorChange]):
    """A change: which corporation, from which day on, and where it stands."""

    agency = AgencyInShortSerializer(read_only=True)
    operator_name = serializers.CharField(source="operator.name", read_only=True)
    planned_by = ColleagueSerializer(read_only=True, allow_null=True)
    planned_by_agency = AgencyInShortSerializer(read_only=True, allow_null=True)

    class Meta:
        model = OperatorChange
        fields = [
            "id", "agency", "operator_name", "on", "state",
            "planned_at", "planned_by", "planned_by_agency", "ended_at",
        ]  # fmt: skip
        read_only_fields = fields


class UnderReviewSerializer(serializers.Serializer[Any]):
    """One account, system or grant; what is not confirmed ends on the day."""

    kind = serializers.CharField()
    kind_label = serializers.CharField(source="label")
    id = serializers.CharField()
    what = serializers.CharField()
    confirmed = serializers.BooleanField()


class OperatorChangeReviewSerializer(serializers.Serializer[Any]):
    """Everything under review."""

    items = UnderReviewSerializer(many=True)


class OperatorChangeInput(Input):
    """Which agency, which corporation, from which day on."""

    agency = VisibleField(policy.visible_to)
    operator_name = serializers.CharField(max_length=200)
    corporate_number = serializers.RegexField(
        "^[0-9]{13}$", required=False, help_text="法人番号, thirteen digits."
    )
    on = Day()


class KeptInput(Input):
    """What stays, of one kind."""

    kind = serializers.CharField(max_length=40)
    ids = serializers.ListField(
        child=serializers.CharField(max_length=40), min_length=1, max_length=MOST_IDS
    )


class OperatorChangeViewSet(ActorViewSet):
    """Changes of the corporation that runs an agency; the agency and its people stay."""

    serializer_class = OperatorChangeSerializer
    queryset = OperatorChange.objects.none()
    abilities = {
        "list": "agencies.close",
        "retrieve": "agencies.close",
        "create": "agencies.close",
        "review": "agencies.close",
    }
    id_argument = "change_id"

    def queryset_for(self, actor: Actor) -> QuerySet[OperatorChange]:
        return operator_changes(actor)

    list = list_method("List the changes of the own agency, or of the ward, newest first.")

    retrieve = retrieve_method("Read one change.")

    create = create_method(
        actions.plan_operator_change,
        OperatorChangeInput,
        OperatorChangeSerializer,
        "Announce a change: the ward office; the review begins at once.",
        looked_up=True,
    )

    @extend_schema(responses=OperatorChangeReviewSerializer)
    @action(detail=True, methods=["get"])
    def review(self, request: Request, id: UUID) -> Response:
        """List the accounts, systems and grants under review."""
        change = self.still_visible(id)
        demand(policy.can_review_operator_change(self.actor, change))
        return Response(OperatorChangeReviewSerializer({"items": under_review(change)}).data)

    confirm = ApiVerb(
        actions.confirm_kept,
        KeptInput,
        "Say which of them stay; nobody confirms their own account.",
        ability="agencies.close",
    )
    withdraw = ApiVerb(
        actions.withdraw_operator_change,
        Nothing,
        "Call it off before its day: the ward office.",
        ability="agencies.close",
    )

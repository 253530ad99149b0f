"""`/agencies/{id}/chasing/`: at which pace an agency's own people are chased."""

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
from carenet.agencies.api.serializers import AgencyInShortSerializer
from carenet.agencies.api.verbs import list_method
from carenet.agencies.models import ChasingRule, ChasingStage
from carenet.agencies.models.chasing_rule import LONGEST_BETWEEN, LONGEST_TO_DUE
from carenet.core.decisions import demand
from carenet.rest.etags import expected_version, required_version
from carenet.rest.serializers import Input, Nothing


class ChasingRuleSerializer(serializers.ModelSerializer[ChasingRule]):
    """The pace at one stage, with one partner or (null) with all that have no rule of their own."""

    partner = AgencyInShortSerializer(read_only=True, allow_null=True)

    class Meta:
        model = ChasingRule
        fields = ["id", "stage", "partner", "days_to_due", "days_between", "switched_off"]
        read_only_fields = fields


class PaceInput(Input):
    """The parts of the pace to set, in working days of the agency; null: as installed."""

    days_to_due = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, max_value=LONGEST_TO_DUE
    )
    days_between = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, max_value=LONGEST_BETWEEN
    )
    switched_off = serializers.BooleanField(
        required=False,
        help_text="The agency's own people are not told; the others are, and overdue stays overdue.",
    )


class ChasingRuleInput(PaceInput):
    """For which stage and partner, and the pace."""

    stage = serializers.ChoiceField(ChasingStage.choices)
    partner = VisibleField(policy.visible_to, required=False, allow_null=True)


class ChasingRuleViewSet(OfAgency):
    """How the agency's own people are chased: for its managers."""

    serializer_class = ChasingRuleSerializer
    queryset = ChasingRule.objects.none()
    abilities = dict.fromkeys(
        ["list", "create", "partial_update", "remove"], "agencies.manage_chasing"
    )

    def queryset_for(self, actor: Actor) -> QuerySet[ChasingRule]:
        demand(policy.can_manage_chasing(actor, self.agency))
        return selectors.chasing_rules(actor)

    list = extend_schema(responses=ChasingRuleSerializer(many=True))(
        list_method(
            "List the rules, those entered last first; what has none is chased as installed."
        )
    )

    @extend_schema(request=ChasingRuleInput, responses={201: ChasingRuleSerializer})
    def create(self, request: Request, agency_id: UUID) -> Response:
        """Set the pace at a stage, with one partner or with all others."""
        agency = self.agency
        demand(policy.can_manage_chasing(self.actor, agency))
        rule = actions.add_chasing_rule(
            actor=self.actor, agency=agency, **self.read_body(ChasingRuleInput)
        )
        return self.respond(rule, status.HTTP_201_CREATED)

    @extend_schema(request=PaceInput, responses=ChasingRuleSerializer)
    def partial_update(self, request: Request, agency_id: UUID, id: UUID) -> Response:
        """Change the parts of the pace that are sent."""
        version = required_version(request)
        rule = self.get_object()
        changed = actions.change_chasing_rule(
            actor=self.actor, rule=rule, version=version, **self.read_body(PaceInput)
        )
        return self.respond(changed)

    @extend_schema(request=Nothing, responses={204: None})
    @action(detail=True, methods=["post"])
    def remove(self, request: Request, agency_id: UUID, id: UUID) -> Response:
        """Let the general rule, or the installation's own pace, hold again."""
        self.read_body(Nothing)
        version = expected_version(request)
        actions.remove_chasing_rule(actor=self.actor, rule=self.get_object(), version=version)
        return Response(status=status.HTTP_204_NO_CONTENT)

"""`/deadline-rules/`: by when the steps of an abuse report are due, as each municipality sets it."""

from __future__ import annotations

from functools import partial
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from carenet.abuse.actions.deadlines import set_rule
from carenet.abuse.models import AllegedOf, DeadlineRule, Victim
from carenet.abuse.states.desks import ProcedureVictim
from carenet.agencies.actions.municipal_settings import end_setting
from carenet.agencies.api.municipal_settings import MunicipalSettingViewSet, SettingEnding
from carenet.agencies.api.verbs import ApiVerb, create_method
from carenet.core import clock
from carenet.deadlines.api.serializers import RuleFields, RuleInputFields, StepInForceFields
from carenet.deadlines.selectors import steps_in_force
from carenet.rest.filters import choices_of

FILTERS = [OpenApiParameter("municipality_code", str, description="Of one municipality.")]
KIND = OpenApiParameter(
    "victim", str, description="Of reports about whom; about an older person without it."
)


class DeadlineRuleSerializer(RuleFields):
    """A rule, from when to when, and what it rests on."""

    class Meta:
        model = DeadlineRule
        fields = [
            "id", "municipality_code", "victim", "alleged", "step", "counted_from", "hours",
            "working_days", "basis", "basis_text", "valid_from", "valid_until", "set_by",
        ]  # fmt: skip
        read_only_fields = fields


class DeadlineRuleInput(RuleInputFields):
    """A new rule: hours by the clock, or working days of the ward office, for one kind of report."""

    victim = serializers.ChoiceField(
        choices=Victim.choices,
        default=Victim.OLDER_PERSON.value,
        help_text="For reports about whom it counts; for no other.",
    )
    alleged = serializers.ChoiceField(
        choices=AllegedOf.choices,
        default=AllegedOf.CAREGIVER.value,
        help_text="For reports of abuse by whom it counts; for no other.",
    )

    class Meta:
        model = DeadlineRule
        fields = [
            "step", "victim", "alleged", "hours", "working_days", "basis", "basis_text",
            "valid_from",
        ]  # fmt: skip


class RuleEnding(SettingEnding):
    """When a rule ends: now, without a time."""


class RuleInForceSerializer(StepInForceFields):
    """What counts for a step now; without a rule of the municipality, the default."""


class RulesInForceSerializer(serializers.Serializer[Any]):
    """What counts in a municipality now, for one kind of report."""

    municipality_code = serializers.CharField()
    victim = serializers.ChoiceField(choices=Victim.choices)
    alleged = serializers.ChoiceField(choices=AllegedOf.choices)
    steps = RuleInForceSerializer(many=True)


class DeadlineRuleViewSet(MunicipalSettingViewSet):
    """Deadlines are configuration of the municipality, not law; whatever is law says so."""

    setting = DeadlineRule
    serializer_class = DeadlineRuleSerializer
    filter_names = frozenset({"municipality_code"})
    abilities = {
        "list": "deadlines.view",
        "in_force": "deadlines.view",
        "create": "deadlines.manage",
    }

    @extend_schema(parameters=FILTERS, responses=DeadlineRuleSerializer(many=True), filters=False)
    def list(self, request: Request) -> Response:
        """List the rules, newest first; ended ones and those to come too."""
        rules = self.get_queryset()
        code = request.query_params.get("municipality_code")
        return self.page_of(rules.filter(municipality_code=code) if code else rules)

    @extend_schema(parameters=[KIND], responses=RulesInForceSerializer)
    @action(detail=False, url_path="in-force", query_names=frozenset({"victim"}))
    def in_force(self, request: Request) -> Response:
        """Read what counts now in the municipality of your agency, defaults included."""
        code = self.actor.agency.municipality_code
        asked = choices_of(request, "victim", ProcedureVictim) or [ProcedureVictim.OLDER_PERSON]
        kind = (asked[0].value, AllegedOf.CAREGIVER.value)
        steps = steps_in_force(DeadlineRule, code, kind, clock.now())
        told = {"municipality_code": code, "victim": kind[0], "alleged": kind[1], "steps": steps}
        return Response(RulesInForceSerializer(told).data)

    create = create_method(
        set_rule,
        DeadlineRuleInput,
        DeadlineRuleSerializer,
        "Begin a rule of your municipality: the ward office; deadlines that are set stay.",
    )

    end = ApiVerb(
        partial(end_setting, DeadlineRule),
        RuleEnding,
        "End a rule of your municipality: the ward office; deadlines that are set stay.",
        ability="deadlines.manage",
        versioned=False,
    )

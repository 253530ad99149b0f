"""`/deadline-rules/`: by when the steps of an abuse report are due, as each municipality sets it."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from carenet.abuse import selectors
from carenet.abuse.actions import deadlines as actions
from carenet.abuse.api.serializers import DEFAULT_BASIS
from carenet.abuse.models import AllegedOf, DeadlineRule, RuleBasis, Victim
from carenet.abuse.states import COUNTED_FROM, DEFAULT_HOURS, AbuseVerb
from carenet.abuse.states.desks import ProcedureVictim
from carenet.agencies.actors import Actor
from carenet.agencies.api.serializers import ColleagueSerializer
from carenet.agencies.api.verbs import ApiVerb, create_method
from carenet.agencies.api.views import ActorViewSet
from carenet.core import clock
from carenet.rest.filters import choices_of
from carenet.rest.serializers import Input, Moment, StrictFields

FILTERS = [OpenApiParameter("municipality_code", str, description="Of one municipality.")]
KIND = OpenApiParameter(
    "victim", str, description="Of reports about whom; about an older person without it."
)
LONGEST_HOURS, LONGEST_WORKING_DAYS = 24 * 365, 200


class DeadlineRuleSerializer(serializers.ModelSerializer[DeadlineRule]):
    """A rule, from when to when, and what it rests on."""

    counted_from = serializers.SerializerMethodField(help_text="The step from which it counts.")
    set_by = ColleagueSerializer(read_only=True)

    class Meta:
        model = DeadlineRule
        fields = [
            "id", "municipality_code", "victim", "alleged", "step", "counted_from", "hours",
            "working_days", "basis", "basis_text", "valid_from", "valid_until", "set_by",
        ]  # fmt: skip
        read_only_fields = fields

    def get_counted_from(self, rule: DeadlineRule) -> str:
        return COUNTED_FROM[AbuseVerb(rule.step)].value


class DeadlineRuleInput(StrictFields, serializers.ModelSerializer[DeadlineRule]):
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

    hours = serializers.IntegerField(
        min_value=1, max_value=LONGEST_HOURS, required=False, allow_null=True
    )
    working_days = serializers.IntegerField(
        min_value=1, max_value=LONGEST_WORKING_DAYS, required=False, allow_null=True
    )
    valid_from = Moment(required=False, allow_null=True, help_text="Now, without it.")

    class Meta:
        model = DeadlineRule
        fields = [
            "step", "victim", "alleged", "hours", "working_days", "basis", "basis_text",
            "valid_from",
        ]  # fmt: skip


class RuleEnding(Input):
    """When a rule ends: now, without a time."""

    until = Moment(required=False, allow_null=True, default=None)


class RuleInForceSerializer(serializers.Serializer[Any]):
    """What counts for a step now; without a rule of the municipality, the default."""

    step = serializers.CharField()
    counted_from = serializers.CharField()
    rule = serializers.UUIDField(allow_null=True)
    hours = serializers.IntegerField(allow_null=True)
    working_days = serializers.IntegerField(allow_null=True)
    basis = serializers.ChoiceField(choices=RuleBasis.choices, allow_null=True)
    basis_text = serializers.CharField(allow_blank=True)


class RulesInForceSerializer(serializers.Serializer[Any]):
    """What counts in a municipality now, for one kind of report."""

    municipality_code = serializers.CharField()
    victim = serializers.ChoiceField(choices=Victim.choices)
    alleged = serializers.ChoiceField(choices=AllegedOf.choices)
    steps = RuleInForceSerializer(many=True)


class DeadlineRuleViewSet(ActorViewSet):
    """Deadlines are configuration of the municipality, not law; whatever is law says so."""

    serializer_class = DeadlineRuleSerializer
    filter_names = frozenset({"municipality_code"})
    abilities = {
        "list": "deadlines.view",
        "in_force": "deadlines.view",
        "create": "deadlines.manage",
    }
    id_argument = "rule_id"

    def queryset_for(self, actor: Actor) -> QuerySet[DeadlineRule]:
        return selectors.deadline_rules(actor)

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
        steps = [_in_force(code, step, kind) for step in COUNTED_FROM]
        told = {"municipality_code": code, "victim": kind[0], "alleged": kind[1], "steps": steps}
        shown = RulesInForceSerializer(told)
        return Response(shown.data)

    create = create_method(
        actions.set_rule,
        DeadlineRuleInput,
        DeadlineRuleSerializer,
        "Begin a rule of your municipality: the ward office; deadlines that are set stay.",
    )

    end = ApiVerb(
        actions.end_rule,
        RuleEnding,
        "End a rule of your municipality: the ward office; deadlines that are set stay.",
        ability="deadlines.manage",
        versioned=False,
    )


def _in_force(municipality_code: str, step: AbuseVerb, kind: tuple[str, str]) -> dict[str, Any]:
    rule = selectors.rule_for(municipality_code, step, kind, clock.now())
    default = DEFAULT_HOURS.get(step) if rule is None else None
    return {
        "step": step.value,
        "counted_from": COUNTED_FROM[step].value,
        "rule": rule and rule.pk,
        "hours": rule.hours if rule else default,
        "working_days": rule and rule.working_days,
        "basis": rule.basis if rule else default and RuleBasis.GUIDELINE.value,
        "basis_text": rule.basis_text if rule else str(DEFAULT_BASIS) if default else "",
    }

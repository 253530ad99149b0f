"""Deadlines and their rules on the wire: what the serializers of every room have in common."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from carenet.agencies.api.serializers import ColleagueSerializer
from carenet.core import clock
from carenet.deadlines.models import DeadlineModel, DeadlineRuleModel
from carenet.deadlines.states import RuleBasis
from carenet.rest.serializers import Moment, StrictFields

SECONDS_OF_AN_HOUR = 3600
LONGEST_HOURS, LONGEST_WORKING_DAYS = 24 * 365, 200


class DeadlineFields(serializers.ModelSerializer[Any]):
    """By when a step is due, and by which rule."""

    basis = serializers.SerializerMethodField()
    basis_text = serializers.SerializerMethodField()
    hours_left = serializers.SerializerMethodField(
        help_text="Below zero when it is late; null when it is over."
    )

    class Meta:
        fields = (
            "id", "step", "due_at", "hours_left", "rule", "basis", "basis_text",
            "over_at", "over_because",
        )  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(serializers.ChoiceField(choices=RuleBasis.choices))
    def get_basis(self, deadline: DeadlineModel) -> str:
        return deadline.ground.basis if deadline.ground else RuleBasis.GUIDELINE

    def get_basis_text(self, deadline: DeadlineModel) -> str:
        return deadline.ground.basis_text if deadline.ground else ""

    def get_hours_left(self, deadline: DeadlineModel) -> float | None:
        if deadline.over_at:
            return None
        left = deadline.due_at - clock.now()
        return round(left.total_seconds() / SECONDS_OF_AN_HOUR, 1)


class RuleFields(serializers.ModelSerializer[Any]):
    """A rule, from when to when, and what it rests on."""

    counted_from = serializers.SerializerMethodField(help_text="The step from which it counts.")
    set_by = ColleagueSerializer(read_only=True)

    def get_counted_from(self, rule: DeadlineRuleModel) -> str:
        return str(rule.steps[rule.step].counted_from)


class RuleInputFields(StrictFields, serializers.ModelSerializer[Any]):
    """A new rule: hours by the clock, or working days of the ward office."""

    hours = serializers.IntegerField(
        min_value=1, max_value=LONGEST_HOURS, required=False, allow_null=True
    )
    working_days = serializers.IntegerField(
        min_value=1, max_value=LONGEST_WORKING_DAYS, required=False, allow_null=True
    )
    valid_from = Moment(required=False, allow_null=True, help_text="Now, without it.")


class StepInForceFields(serializers.Serializer[Any]):
    """What counts for a step now; without a rule of the municipality, the default."""

    step = serializers.CharField()
    counted_from = serializers.CharField()
    rule = serializers.UUIDField(allow_null=True)
    hours = serializers.IntegerField(allow_null=True)
    working_days = serializers.IntegerField(allow_null=True)
    basis = serializers.ChoiceField(choices=RuleBasis.choices, allow_null=True)
    basis_text = serializers.CharField(allow_blank=True)

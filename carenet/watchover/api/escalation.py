"""`/agencies/{id}/escalation/`: who is told of an agency's alerts, step by step."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from carenet.agencies.api.members_and_calendar import OfAgency
from carenet.core.decisions import demand
from carenet.core.errors import NotFound
from carenet.reminders.escalation import Hours, PolicyStep
from carenet.rest.etags import etag, expected_version, required_version
from carenet.rest.serializers import Input, Nothing
from carenet.watchover import policy
from carenet.watchover.actions.escalation_policies import remove_policy, set_policy
from carenet.watchover.escalation import Policy, Tier
from carenet.watchover.models import EscalationPolicy
from carenet.watchover.selectors.escalation import policy_of, policy_row
from carenet.watchover.states import AlertKind

_MINUTE = timedelta(minutes=1)
_KIND = OpenApiParameter("kind", str, OpenApiParameter.PATH, enum=AlertKind.values)
#: The engine passes over no more steps than these.
MOST_STEPS = 8
LONGEST_WAIT, LONGEST_PAUSE = 7 * 24 * 60, 24 * 60


class StepInput(Input):
    """Whom to tell, and when, counted from the beginning of the alert."""

    after_minutes = serializers.IntegerField(min_value=0, max_value=LONGEST_WAIT)
    tier = serializers.ChoiceField(choices=Tier.choices)
    hours = serializers.ChoiceField(choices=Hours.choices, default=Hours.ALWAYS)
    channel = serializers.CharField(
        max_length=20, default="", allow_blank=True,
        help_text="Besides the inbox this one alone; every one that reaches them, without.",
    )  # fmt: skip


class LadderInput(Input):
    """A whole ladder; the last step comes again until somebody acknowledges."""

    steps = serializers.ListField(child=StepInput(), min_length=1, max_length=MOST_STEPS)
    repeat_minutes = serializers.IntegerField(
        min_value=1, max_value=LONGEST_PAUSE, default=60, help_text="Between two last steps."
    )
    acknowledged_minutes = serializers.IntegerField(
        min_value=1, max_value=LONGEST_PAUSE, default=120,
        help_text="For how long an acknowledgement holds that names no time.",
    )  # fmt: skip


class StepSerializer(serializers.Serializer[Any]):
    """One step, and in words whom it reaches."""

    after_minutes = serializers.IntegerField()
    tier = serializers.ChoiceField(choices=Tier.choices)
    words = serializers.CharField()
    hours = serializers.ChoiceField(choices=Hours.choices)
    channel = serializers.CharField()


class LadderSerializer(serializers.Serializer[Any]):
    """The ladder that holds for one kind of alert."""

    kind = serializers.ChoiceField(choices=AlertKind.choices)
    own = serializers.BooleanField(help_text="False: the house's, for the agency has set none.")
    steps = StepSerializer(many=True)
    repeat_minutes = serializers.IntegerField()
    acknowledged_minutes = serializers.IntegerField()


class LaddersSerializer(serializers.Serializer[Any]):
    """One ladder for each kind of alert."""

    ladders = LadderSerializer(many=True)


def policy_from(given: dict[str, Any]) -> Policy:
    """Return the policy that a body of `LadderInput` describes: its name in the contract."""
    steps = tuple(
        PolicyStep(
            Tier(each["tier"]),
            each["after_minutes"] * _MINUTE,
            Hours(each["hours"]),
            each["channel"],
        )
        for each in given["steps"]
    )
    return Policy(steps, given["repeat_minutes"] * _MINUTE, given["acknowledged_minutes"] * _MINUTE)


class EscalationViewSet(OfAgency):
    """The ladders of an agency: read by its own people and C, set by its managers and coordinators."""

    serializer_class = LadderSerializer
    queryset = EscalationPolicy.objects.none()
    abilities = {
        "overview": "watch.view",
        "retrieve": "watch.view",
        "replace": "watch.escalate",
        "remove": "watch.escalate",
    }

    @extend_schema(operation_id="agency_ladders", responses=LaddersSerializer)
    def overview(self, request: Request, agency_id: UUID) -> Response:
        """Read who is told of each kind of alert."""
        self._demand_view()
        return Response({"ladders": [self._shown(kind) for kind in AlertKind]})

    @extend_schema(operation_id="agency_ladder", parameters=[_KIND], responses=LadderSerializer)
    def retrieve(self, request: Request, agency_id: UUID, kind: str) -> Response:
        """Read who is told of one kind of alert."""
        self._demand_view()
        return self._answer(_kind(kind))

    @extend_schema(
        operation_id="agency_ladder_replace",
        parameters=[_KIND],
        request=LadderInput,
        responses=LadderSerializer,
    )
    def replace(self, request: Request, agency_id: UUID, kind: str) -> Response:
        """Set a ladder of your own; open alerts climb it from their next step on."""
        version, wanted = required_version(request), _kind(kind)
        given = self.read_body(LadderInput)
        escalation = policy_from(given)
        set_policy(
            actor=self.actor,
            agency=self.agency,
            kind=wanted,
            escalation=escalation,
            version=version,
        )
        return self._answer(wanted)

    @extend_schema(
        operation_id="agency_ladder_remove",
        parameters=[_KIND],
        request=Nothing,
        responses={204: None},
    )
    def remove(self, request: Request, agency_id: UUID, kind: str) -> Response:
        """Let the house's ladder hold again."""
        self.read_body(Nothing)
        remove_policy(
            actor=self.actor,
            agency=self.agency,
            kind=_kind(kind),
            version=expected_version(request),
        )
        return Response(status=204)

    def _demand_view(self) -> None:
        demand(policy.can_view_escalation(self.actor, self.agency))

    def _answer(self, kind: AlertKind) -> Response:
        headers = {"ETag": etag(policy_row(self.agency, kind))}
        return Response(self._shown(kind), headers=headers)

    def _shown(self, kind: AlertKind) -> dict[str, Any]:
        escalation, own = policy_of(self.agency, kind), policy_row(self.agency, kind).is_own
        steps = [
            {
                "after_minutes": step.after // _MINUTE, "tier": step.tier,
                "words": step.tier.label, "hours": step.hours, "channel": step.channel,
            }
            for step in escalation.steps
        ]  # fmt: skip
        shown: dict[str, Any] = LadderSerializer(
            {
                "kind": kind, "own": own, "steps": steps,
                "repeat_minutes": escalation.repeat_every // _MINUTE,
                "acknowledged_minutes": escalation.acknowledged_for // _MINUTE,
            }
        ).data  # fmt: skip
        return shown


def _kind(name: str) -> AlertKind:
    if name not in AlertKind.values:
        raise NotFound
    return AlertKind(name)

"""`/watch-assignments/{id}/rehearsal/`: if nobody looks in on that day, who is told, when and how?"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from carenet.agencies.api.serializers import AgencyInShortSerializer, ColleagueSerializer
from carenet.audit.actions import log_read
from carenet.core.decisions import demand
from carenet.reminders.actions.delivery_times import channels_to
from carenet.reminders.registry import Recipient
from carenet.rest.serializers import Day, Input, Moment
from carenet.watchover import policy
from carenet.watchover.actions.escalation_policies import demand_sound
from carenet.watchover.api.base import OfAssignment
from carenet.watchover.api.escalation import LadderInput, policy_from
from carenet.watchover.escalation import Tier
from carenet.watchover.models import WatchAssignment
from carenet.watchover.selectors.escalation import PlannedStep
from carenet.watchover.selectors.rehearsal import rehearse, step_text
from carenet.watchover.states import AlertKind


class RehearsalInput(Input):
    """What is supposed to happen, and (before it is saved) by which ladder."""

    missed_on = Day(
        required=False, help_text="A day on which somebody is to look in, and nobody does."
    )
    began_at = Moment(required=False, help_text="Or the moment at which an alert begins.")
    kind = serializers.ChoiceField(
        choices=AlertKind.choices, default=AlertKind.WATCHER_SILENT, help_text="With `began_at`."
    )
    ladder = LadderInput(required=False, help_text="The agency's own without it.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("missed_on" in attrs) == ("began_at" in attrs):
            raise serializers.ValidationError(
                {"missed_on": [_("Give either a day or the moment at which it begins.")]}
            )
        if "missed_on" in attrs and attrs["kind"] != AlertKind.WATCHER_SILENT:
            raise serializers.ValidationError(
                {"kind": [_("A missed day makes a silent watcher. Give began_at instead.")]}
            )
        return attrs


class WaySerializer(serializers.Serializer[Any]):
    """How somebody is told, and from when on: e-mail waits for open days and quiet hours."""

    channel = serializers.CharField()
    at = serializers.DateTimeField()


class ToldSerializer(serializers.Serializer[Any]):
    """Somebody who is told."""

    person = ColleagueSerializer()
    agency = AgencyInShortSerializer()
    ways = WaySerializer(many=True)


class RehearsedStepSerializer(serializers.Serializer[Any]):
    """One step as it would go."""

    at = serializers.DateTimeField()
    tier = serializers.ChoiceField(choices=Tier.choices)
    told = ToldSerializer(many=True)
    words = serializers.CharField()


class RehearsalSerializer(serializers.Serializer[Any]):
    """What would follow, until the last step has come a second time."""

    kind = serializers.ChoiceField(choices=AlertKind.choices)
    began_at = serializers.DateTimeField(allow_null=True, help_text="Null: no alert would begin.")
    words = serializers.CharField()
    steps = RehearsedStepSerializer(many=True)


class RehearsalViewSet(OfAssignment):
    """By the very code that escalates; nothing is written."""

    serializer_class = RehearsalSerializer
    queryset = WatchAssignment.objects.none()
    abilities = {"create": "watch.view"}
    asking = frozenset({"create"})

    @extend_schema(
        operation_id="watch_assignments_rehearsal",
        request=RehearsalInput,
        responses={200: RehearsalSerializer},
    )
    def create(self, request: Request, assignment_id: UUID) -> Response:
        """Say who would be told, when and how, as things stand now."""
        assignment = self.assignment
        demand(policy.can_rehearse(self.actor, assignment))
        given = self.read_body(RehearsalInput)
        kind = AlertKind(given["kind"])
        proposed = None
        if "ladder" in given:
            proposed = policy_from(given["ladder"])
            demand_sound(kind, proposed)
        found = rehearse(
            assignment, kind, proposed=proposed,
            missed_on=given.get("missed_on"), began_at=given.get("began_at"),
        )  # fmt: skip
        shown = {
            "kind": kind, "began_at": found.began_at, "words": found.words,
            "steps": [_step(each) for each in found.steps],
        }  # fmt: skip
        return Response(RehearsalSerializer(shown).data, status=status.HTTP_200_OK)


def _step(planned: PlannedStep) -> dict[str, Any]:
    return {
        "at": planned.at,
        "tier": planned.step.tier,
        "told": [_told(each, planned.at) for each in planned.recipients],
        "words": step_text(planned),
    }


def _told(recipient: Recipient, at: datetime) -> dict[str, Any]:
    log_read("user", recipient.user.pk)
    ways = [{"channel": channel.name, "at": when} for channel, when in channels_to(recipient, at)]
    return {"person": recipient.user, "agency": recipient.agency, "ways": ways}

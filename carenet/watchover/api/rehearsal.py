"""`/watch-assignments/{id}/rehearsal/`: if nobody looks in on that day, who is told, when and how?"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response

from carenet.agencies.api.serializers import AgencyInShortSerializer, ColleagueSerializer
from carenet.audit.actions import saw
from carenet.decisions import demand
from carenet.errors import Invalid
from carenet.reminders.actions.timing import ways_to
from carenet.rest.serializers import Day, Input, Moment
from carenet.watchover import policy
from carenet.watchover.actions.escalating import demand_sound
from carenet.watchover.api.base import OfAssignment
from carenet.watchover.api.escalation import LadderInput, ladder_from
from carenet.watchover.ladders import Tier
from carenet.watchover.models import Pause, WatchAssignment
from carenet.watchover.selectors.escalation import escalation, ladder_of
from carenet.watchover.selectors.times import expected_on
from carenet.watchover.states import AlertKind

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from rest_framework.request import Request

    from carenet.reminders.registry import Recipient
    from carenet.watchover.selectors.escalation import PlannedStep

#: So many times the last step is shown, to see that it comes again.
AGAIN = 2
#: So many lines at most: pauses and days without anybody add some.
MOST_LINES = 20


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

    @extend_schema(
        operation_id="watch_assignments_rehearsal",
        request=RehearsalInput,
        responses={200: RehearsalSerializer},
    )
    def create(self, request: Request, assignment_id: UUID) -> Response:
        """Say who would be told, when and how, as things stand now."""
        assignment = self.assignment
        demand(policy.can_rehearse(self.actor, assignment))
        given = self.read(RehearsalInput, request)
        kind = AlertKind(given["kind"])
        ladder = ladder_of(assignment.responsible_agency, kind)
        if "ladder" in given:
            ladder = ladder_from(given["ladder"])
            demand_sound(kind, ladder)
        began_at, words = _beginning(assignment, given)
        steps: list[PlannedStep] = []
        if began_at is not None:
            plan = escalation(assignment, kind, began_at, ladder)
            for step in islice(plan, MOST_LINES):
                steps.append(step)
                if step.number >= len(ladder.steps) - 1 + AGAIN - 1:
                    break
        shown = {
            "kind": kind, "began_at": began_at, "words": words,
            "steps": [_step(each) for each in steps],
        }  # fmt: skip
        return Response(RehearsalSerializer(shown).data, status=status.HTTP_200_OK)


def _beginning(assignment: WatchAssignment, given: dict[str, Any]) -> tuple[datetime | None, str]:
    """Return when the alert would begin, and why; None where a pause excuses the day."""
    if "began_at" in given:
        return given["began_at"], _("An alert begins.")
    expected = expected_on(assignment, given["missed_on"])
    if expected is None:
        raise Invalid({"missed_on": _("Nobody is to look in on that day. Choose another one.")})
    window = (expected.window_start, expected.grace_until)
    if Pause.objects.touching(*window).filter(resident=assignment.resident_id).exists():
        return None, _("A pause excuses that day: nobody is told.")
    return expected.grace_until, _("Nobody has looked in, and the grace is over.")


def _step(planned: PlannedStep) -> dict[str, Any]:
    return {
        "at": planned.at,
        "tier": planned.step.tier,
        "told": [_told(each, planned.at) for each in planned.recipients],
        "words": _words(planned),
    }


def _words(planned: PlannedStep) -> str:
    if planned.silenced_by:
        until = planned.silenced_by.until
        if until is None:
            return _("A pause silences it until further notice.")
        ends = timezone.localtime(until).strftime("%Y-%m-%d %H:%M")
        return _("A pause silences it until %(until)s.") % {"until": ends}
    if not planned.recipients:
        return _("Nobody can be told: %(tier)s.") % {"tier": planned.step.tier.label}
    return _("Told: %(tier)s.") % {"tier": planned.step.tier.label}


def _told(recipient: Recipient, at: datetime) -> dict[str, Any]:
    saw("user", recipient.user.pk)
    ways = [{"channel": channel.name, "at": when} for channel, when in ways_to(recipient, at)]
    return {"person": recipient.user, "agency": recipient.agency, "ways": ways}

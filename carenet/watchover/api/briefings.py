"""`/watch-briefing/`: what somebody is told of the watches that come to them."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from carenet.agencies.api.serializers import ColleagueSerializer
from carenet.audit.actions import log_read
from carenet.core import clock
from carenet.watchover.api.base import WatchView
from carenet.watchover.api.serializers import (
    ScheduleSerializer,
    WatchedPersonSerializer,
    watched_person,
)
from carenet.watchover.models import Alert, CheckIn, WatchAssignment
from carenet.watchover.selectors.briefings import Briefing, briefings
from carenet.watchover.states import AlertState


class BriefedCheckInSerializer(serializers.ModelSerializer[CheckIn]):
    """What was found, and when; not by whom, nor in which words."""

    class Meta:
        model = CheckIn
        fields = ["outcome", "observed_at"]
        read_only_fields = fields


class BriefedAlertSerializer(serializers.ModelSerializer[Alert]):
    """What worries now."""

    state = serializers.SerializerMethodField()

    class Meta:
        model = Alert
        fields = ["kind", "level", "state", "opened_at"]
        read_only_fields = fields

    @extend_schema_field(serializers.ChoiceField(choices=AlertState.choices))
    def get_state(self, alert: Alert) -> str:
        return alert.state_at(clock.now()).value


class BriefingSerializer(serializers.Serializer[Briefing]):
    """One watch that comes to the reader."""

    assignment = serializers.UUIDField(source="watch.pk")
    code = serializers.CharField(source="watch.code")
    begins_at = serializers.DateTimeField(
        allow_null=True, help_text="When they begin to look in; null: not by a day."
    )
    handed_over = serializers.BooleanField()
    resident = serializers.SerializerMethodField()
    method = serializers.CharField(source="watch.method")
    safety_note = serializers.CharField(source="watch.safety_note")
    schedule = ScheduleSerializer(allow_null=True)
    backup = ColleagueSerializer(allow_null=True)
    check_ins = BriefedCheckInSerializer(many=True, help_text="The last ones, newest first.")
    alerts = BriefedAlertSerializer(many=True, help_text="Those that nobody has resolved.")

    @extend_schema_field(WatchedPersonSerializer)
    def get_resident(self, briefing: Briefing) -> dict[str, Any]:
        watch = briefing.watch
        shows_address: bool = watch.shows_address  # type: ignore[attr-defined]
        log_read("watchassignment", watch.pk)
        return watched_person(watch.resident, shows_address=shows_address)


class BriefingsSerializer(serializers.Serializer[Any]):
    """The watches that come to the reader, or came with a handover."""

    watches = BriefingSerializer(many=True)


class BriefingView(WatchView):
    """Briefings of whoever comes after somebody."""

    serializer_class = BriefingsSerializer
    queryset = WatchAssignment.objects.none()
    abilities = {"own": "watch.view"}

    @extend_schema(operation_id="watch_briefing", responses=BriefingsSerializer)
    def own(self, request: Request) -> Response:
        """Read what comes to oneself by a handover that was released, or was carried out."""
        return Response(BriefingsSerializer({"watches": briefings(self.actor)}).data)

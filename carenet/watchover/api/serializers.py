"""Watches on the wire: what who keeps them sees, and the narrow view of who looks in."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from carenet.agencies.actors import Actor
from carenet.agencies.api.serializers import AgencyInShortSerializer, ColleagueSerializer
from carenet.audit.actions import log_read
from carenet.audit.api.serializers import LogReadMixin
from carenet.core import clock
from carenet.residents.api.serializers import PersonSerializer
from carenet.residents.models import Resident
from carenet.watchover.models import (
    Alert,
    CheckIn,
    Expectation,
    Pause,
    WatchAssignment,
    WatchEvent,
    WatchSchedule,
)
from carenet.watchover.states import AlertState, CheckInOutcome

#: Whom to call before anything else when there is danger to life: ambulance, police.
CALL_FIRST = ["119", "110"]


class WatchedPersonSerializer(serializers.ModelSerializer[Resident]):
    """All that somebody who looks in is told of the person."""

    address = serializers.CharField(allow_null=True, help_text="Null where it is protected.")
    address_hidden = serializers.BooleanField()

    class Meta:
        model = Resident
        fields = ["id", "name", "kana", "address", "address_hidden", "phone"]
        read_only_fields = fields


def watched_person(person: Resident, *, shows_address: bool) -> dict[str, Any]:
    """Return what a `WatchedPersonSerializer` tells of a person, noted as read."""
    log_read("resident", person.pk)
    return {
        "id": str(person.pk),
        "name": person.name,
        "kana": person.kana,
        "address": person.address if shows_address else None,
        "address_hidden": not shows_address,
        "phone": person.phone,
    }


class AssignmentSerializer(serializers.ModelSerializer[WatchAssignment]):
    """Who looks in on whom; read from `selectors.assignments`."""

    resident = serializers.SerializerMethodField()
    responsible_agency = AgencyInShortSerializer(read_only=True)
    watcher = ColleagueSerializer(read_only=True, allow_null=True)
    watcher_agency = AgencyInShortSerializer(read_only=True, allow_null=True)
    backup = ColleagueSerializer(read_only=True, allow_null=True)
    backup_agency = AgencyInShortSerializer(read_only=True, allow_null=True)
    paused = serializers.BooleanField(read_only=True, help_text="Nobody needs to look in now.")
    late = serializers.BooleanField(
        read_only=True, help_text="A window has closed and nobody has looked in."
    )

    class Meta:
        model = WatchAssignment
        fields = [
            "id", "code", "status", "resident", "responsible_agency",
            "watcher", "watcher_agency", "backup", "backup_agency",
            "method", "sharing_basis", "basis_words", "basis_until", "term_from", "term_until",
            "safety_note", "paused", "late", "created_at", "ended_at", "end_reason",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(WatchedPersonSerializer)
    def get_resident(self, assignment: WatchAssignment) -> dict[str, Any]:
        shows_address: bool = assignment.shows_address  # type: ignore[attr-defined]
        return watched_person(assignment.resident, shows_address=shows_address)

    def to_representation(self, assignment: WatchAssignment) -> dict[str, Any]:
        log_read("watchassignment", assignment.pk)
        shown = super().to_representation(assignment)
        if not assignment.kept:  # type: ignore[attr-defined]
            shown["basis_words"] = ""
        return shown


class AssignmentsSerializer(serializers.Serializer[Any]):
    """The watches that were made or changed at once."""

    assignments = AssignmentSerializer(many=True)


class ScheduleSerializer(serializers.ModelSerializer[WatchSchedule]):
    """One rhythm, and for how long it holds or held."""

    class Meta:
        model = WatchSchedule
        fields = [
            "id", "rule", "begins_at", "window_minutes", "grace_minutes", "holiday_policy",
            "effective_from", "effective_until",
        ]  # fmt: skip
        read_only_fields = fields


class ExpectationSerializer(serializers.ModelSerializer[Expectation]):
    """One time at which somebody is to look in."""

    late = serializers.BooleanField(
        read_only=True, help_text="Its window has closed, its grace may still last."
    )

    class Meta:
        model = Expectation
        fields = [
            "id", "assignment", "window_start", "due_at", "grace_until",
            "state", "late", "settled_at", "alert",
        ]  # fmt: skip
        read_only_fields = fields


class CheckInSerializer(serializers.ModelSerializer[CheckIn]):
    """What somebody who looked in has found; words of another agency are for who keeps the watch."""

    by_agency = AgencyInShortSerializer(read_only=True)
    by_user = ColleagueSerializer(read_only=True, allow_null=True)
    call_first = serializers.SerializerMethodField(
        help_text="Numbers to call before anything else: there is danger to life."
    )

    class Meta:
        model = CheckIn
        fields = [
            "id", "call_first", "assignment", "expectation", "outcome", "observed_at",
            "recorded_at", "by_agency", "by_user", "claimed_person", "by_proxy", "note", "offline",
            "client_key",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_call_first(self, check_in: CheckIn) -> list[str]:
        return CALL_FIRST if check_in.outcome == CheckInOutcome.EMERGENCY else []

    def to_representation(self, check_in: CheckIn) -> dict[str, Any]:
        log_read("checkin", check_in.pk)
        shown = super().to_representation(check_in)
        actor: Actor = self.context["request"].actor
        if not (check_in.kept or check_in.by_agency_id == actor.agency_id):  # type: ignore[attr-defined]
            shown["note"] = shown["claimed_person"] = ""
        return shown


class PauseSerializer(LogReadMixin, serializers.ModelSerializer[Pause]):
    """A time in which nobody needs to look in."""

    audit_kind = "resident"
    audit_id = "resident_id"
    by_agency = AgencyInShortSerializer(read_only=True)

    class Meta:
        model = Pause
        fields = ["id", "resident", "since", "until", "reason", "recorded_at", "by_agency"]
        read_only_fields = fields


class AlertSerializer(LogReadMixin, serializers.ModelSerializer[Alert]):
    """What worries about whom, who has taken it on until when, and what it came to."""

    audit_kind = "alert"
    code = serializers.CharField(source="assignment.code", read_only=True)
    resident = PersonSerializer(source="assignment.resident", read_only=True)
    state = serializers.SerializerMethodField()
    acknowledged_by = ColleagueSerializer(read_only=True, allow_null=True)
    resolved_by = ColleagueSerializer(read_only=True, allow_null=True)

    class Meta:
        model = Alert
        fields = [
            "id", "assignment", "code", "resident", "kind", "level", "state", "opened_at", "joined",
            "acknowledged_by", "acknowledged_until", "resolved_at", "resolved_by",
            "ended_by", "outcome",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(serializers.ChoiceField(choices=AlertState.choices))
    def get_state(self, alert: Alert) -> str:
        return alert.state_at(clock.now()).value


class WatchEventSerializer(LogReadMixin, serializers.ModelSerializer[WatchEvent]):
    """One thing that happened, in the words of those who did it."""

    audit_kind = "watchassignment"
    audit_id = "assignment_id"
    by_agency = AgencyInShortSerializer(read_only=True)
    by_user = ColleagueSerializer(read_only=True, allow_null=True)

    class Meta:
        model = WatchEvent
        fields = [
            "id", "at", "verb", "alert", "by_agency", "by_user", "claimed_person", "note", "data",
        ]  # fmt: skip
        read_only_fields = fields

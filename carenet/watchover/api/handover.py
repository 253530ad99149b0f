"""`/watch-handovers/`: the watches of those whose term ends go to those who come after."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from carenet.agencies.actors import Actor
from carenet.agencies.api.fields import VisibleField
from carenet.agencies.api.serializers import AgencyInShortSerializer, ColleagueSerializer
from carenet.agencies.api.verbs import ApiVerb, create_method, retrieve_method, update_method
from carenet.agencies.policy import visible_to as visible_agencies
from carenet.agencies.selectors import colleagues
from carenet.audit.actions import log_read
from carenet.residents.api.serializers import PersonSerializer
from carenet.rest.serializers import Day, Input, Nothing
from carenet.watchover import policy
from carenet.watchover.actions import handover_execution, handover_plan
from carenet.watchover.api.base import WatchView
from carenet.watchover.models import HandoverLine, HandoverPair, WatchHandover
from carenet.watchover.selectors.handover import lines_of
from carenet.watchover.states import HandoverRemark, Obstacle

#: A council's commissioners and more; those of a ward are several plans.
MOST_PAIRS, MOST_CONSENTS = 100, 1000
_WHERE = "The agency for which they look in; your own without it."


class WatchHandoverPair(Input):
    """Who leaves, and who comes after them."""

    outgoing = VisibleField(colleagues)
    outgoing_agency = VisibleField(
        visible_agencies, required=False, allow_null=True, help_text=_WHERE
    )
    successor = VisibleField(
        colleagues,
        required=False,
        allow_null=True,
        help_text="Nobody without it; the same person where they were appointed again.",
    )
    successor_agency = VisibleField(
        visible_agencies, required=False, allow_null=True, help_text=_WHERE
    )

    def validate(self, pair: dict[str, Any]) -> dict[str, Any]:
        """Of a pair nothing may be left out, though a plan is changed in part."""
        if "outgoing" not in pair:
            raise serializers.ValidationError({"outgoing": [_("Say who leaves.")]})
        return pair


class WatchHandoverInput(Input):
    """Who leaves, who comes after, and from which day on."""

    pairs = serializers.ListField(child=WatchHandoverPair(), min_length=1, max_length=MOST_PAIRS)
    effective_on = Day(
        required=False,
        allow_null=True,
        help_text="From its midnight in Japan on; without it only by hand.",
    )
    term_until = Day(
        required=False, help_text="The new term's last day; when all terms end without it."
    )
    consented = serializers.ListField(
        child=serializers.UUIDField(),
        required=False,
        max_length=MOST_CONSENTS,
        help_text="Watches over people who were asked anew and agree to the successor.",
    )


class WatchHandoverPairSerializer(serializers.ModelSerializer[HandoverPair]):
    """Who leaves, and who comes after them."""

    outgoing = ColleagueSerializer(read_only=True)
    outgoing_agency = AgencyInShortSerializer(read_only=True)
    successor = ColleagueSerializer(read_only=True, allow_null=True)
    successor_agency = AgencyInShortSerializer(read_only=True, allow_null=True)

    class Meta:
        model = HandoverPair
        fields = ["outgoing", "outgoing_agency", "successor", "successor_agency"]
        read_only_fields = fields


class HandoverRemarkSerializer(serializers.Serializer[Any]):
    """What else to know, in words."""

    remark = serializers.ChoiceField(choices=HandoverRemark.choices)
    words = serializers.CharField()


class WatchHandoverLineSerializer(serializers.ModelSerializer[HandoverLine]):
    """What becomes of one watch, or has."""

    code = serializers.CharField(source="assignment.code", read_only=True)
    resident = PersonSerializer(source="assignment.resident", read_only=True)
    responsible_agency = AgencyInShortSerializer(
        source="assignment.responsible_agency", read_only=True
    )
    outgoing = ColleagueSerializer(
        read_only=True, allow_null=True, help_text="Null: who leaves only stands by here."
    )
    watcher = ColleagueSerializer(read_only=True, allow_null=True, help_text="Afterwards.")
    watcher_agency = AgencyInShortSerializer(read_only=True, allow_null=True)
    backup = ColleagueSerializer(read_only=True, allow_null=True, help_text="Afterwards.")
    backup_agency = AgencyInShortSerializer(read_only=True, allow_null=True)
    obstacle = serializers.ChoiceField(choices=Obstacle.choices, allow_blank=True, read_only=True)
    obstacle_words = serializers.SerializerMethodField()
    remarks = serializers.SerializerMethodField()

    class Meta:
        model = HandoverLine
        fields = [
            "assignment", "code", "resident", "responsible_agency", "outgoing",
            "watcher", "watcher_agency", "backup", "backup_agency",
            "obstacle", "obstacle_words", "remarks",
        ]  # fmt: skip
        read_only_fields = fields

    def get_obstacle_words(self, line: HandoverLine) -> str:
        return str(Obstacle(line.obstacle).label) if line.obstacle else ""

    @extend_schema_field(HandoverRemarkSerializer(many=True))
    def get_remarks(self, line: HandoverLine) -> list[dict[str, str]]:
        return [{"remark": each, "words": str(HandoverRemark(each).label)} for each in line.remarks]

    def to_representation(self, line: HandoverLine) -> dict[str, Any]:
        log_read("watchassignment", line.assignment_id)
        log_read("resident", line.assignment.resident_id)
        return super().to_representation(line)


class WatchHandoverInShortSerializer(serializers.ModelSerializer[WatchHandover]):
    """A plan by where it stands."""

    agency = AgencyInShortSerializer(read_only=True)
    done_by = ColleagueSerializer(read_only=True, allow_null=True)

    class Meta:
        model = WatchHandover
        fields = [
            "id", "status", "agency", "ward_wide", "effective_on", "term_until", "created_at",
            "released_at", "done_at", "done_by",
        ]  # fmt: skip
        read_only_fields = fields


class WatchHandoverSerializer(WatchHandoverInShortSerializer):
    """A plan with what becomes of each watch, or has; as things stand until it is over."""

    pairs = WatchHandoverPairSerializer(many=True, read_only=True)
    lines = serializers.SerializerMethodField()

    class Meta(WatchHandoverInShortSerializer.Meta):
        fields = [*WatchHandoverInShortSerializer.Meta.fields, "consented", "pairs", "lines"]
        read_only_fields = fields

    @extend_schema_field(WatchHandoverLineSerializer(many=True))
    def get_lines(self, handover: WatchHandover) -> Any:
        return WatchHandoverLineSerializer(lines_of(handover), many=True, context=self.context).data


class HandoverViewSet(WatchView):
    """Handovers of a term that the actor plans, or keeps the watches of."""

    serializer_class = WatchHandoverSerializer
    queryset = WatchHandover.objects.none()
    abilities = {
        "list": "watch.assign",
        "retrieve": "watch.assign",
        "create": "watch.assign",
        "partial_update": "watch.assign",
    }
    id_argument = "handover_id"

    def queryset_for(self, actor: Actor) -> QuerySet[WatchHandover]:
        people = ("outgoing", "outgoing_agency", "successor", "successor_agency")
        return (
            policy.handovers_visible_to(actor)
            .select_related("agency", "done_by")
            .prefetch_related(*(f"pairs__{name}" for name in people))
        )

    @extend_schema(responses=WatchHandoverInShortSerializer(many=True))
    def list(self, request: Request) -> Response:
        """List handovers, newest first."""
        rows = policy.handovers_visible_to(self.actor).select_related("agency", "done_by")
        page: Any = self.paginate_queryset(rows)
        return self.get_paginated_response(WatchHandoverInShortSerializer(page, many=True).data)

    create = create_method(
        handover_plan.plan,
        WatchHandoverInput,
        WatchHandoverSerializer,
        "Plan a handover; the answer shows what would become of each watch.",
        looked_up=True,
    )

    retrieve = retrieve_method("Read one handover: what becomes of each watch, or has.")

    partial_update = update_method(
        handover_plan.change,
        WatchHandoverInput,
        WatchHandoverSerializer,
        "Change an open plan: its people, its day, and who was asked anew.",
    )

    schedule = ApiVerb(
        handover_plan.schedule,
        Nothing,
        "Let it be carried out by itself when its day begins in Japan.",
        ability="watch.assign",
    )
    release = ApiVerb(
        handover_plan.release,
        Nothing,
        "Let each successor read the briefing of what goes to them.",
        ability="watch.assign",
    )
    carry_out = ApiVerb(
        handover_execution.carry_out,
        Nothing,
        "Hand everything over now, all at once.",
        ability="watch.assign",
    )
    cancel = ApiVerb(
        handover_plan.call_off,
        Nothing,
        "Call it off: everything stays in the hands in which it is.",
        ability="watch.assign",
    )

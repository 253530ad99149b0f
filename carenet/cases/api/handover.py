"""Cases in other hands: the pool without a person in charge, the handover, and the pack for it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from carenet.agencies.actors import Actor
from carenet.agencies.api.fields import VisibleField
from carenet.agencies.api.serializers import AgencyInShortSerializer, ColleagueSerializer
from carenet.agencies.api.verbs import list_method
from carenet.agencies.api.views import ActorViewSet
from carenet.agencies.selectors import colleagues
from carenet.audit.actions import current_context, log_read
from carenet.audit.api.serializers import LogReadMixin
from carenet.cases import selectors
from carenet.cases.actions.handover import MOST_CASES, Wanted, hand_over
from carenet.cases.api.notes_and_shares import OfCase
from carenet.cases.api.serializers import CaseSerializer
from carenet.cases.models import Case
from carenet.cases.selectors.handover_pack import as_text, pack
from carenet.core import clock
from carenet.rest.csv_export import Csv
from carenet.rest.serializers import Input

AS = OpenApiParameter(
    "as", str, enum=["json", "text"], description="text: as it is printed; Accept says the same."
)


class WantedInput(Input):
    """One case, and its own successor if it has one."""

    case = serializers.UUIDField()
    to_person = VisibleField(colleagues, required=False, allow_null=True, default=None)


class HandoverInput(Input):
    """From whom to whom, and why."""

    from_person = serializers.UUIDField(
        allow_null=True, help_text="Who has them now; null: those that nobody is in charge of."
    )
    to_person = VisibleField(
        colleagues,
        required=False,
        allow_null=True,
        default=None,
        help_text="Who takes over what names no successor of its own.",
    )
    cases: serializers.ListSerializer[Any] = serializers.ListSerializer(
        child=WantedInput(),
        required=False,
        min_length=1,
        max_length=MOST_CASES,
        help_text="Without it: every open case of that person that you see.",
    )
    reason = serializers.CharField(max_length=300)


class HandedOverSerializer(LogReadMixin, serializers.ModelSerializer[Case]):
    """A case in new hands."""

    audit_kind = "case"
    person_in_charge = ColleagueSerializer(read_only=True)

    class Meta:
        model = Case
        fields = ["id", "code", "person_in_charge", "next_action_on"]
        read_only_fields = fields


class HandoverAnswer(serializers.Serializer[Any]):
    """What has changed hands."""

    cases = HandedOverSerializer(many=True)


class HandoverViewSet(ActorViewSet):
    """Many cases at once."""

    serializer_class = CaseSerializer
    queryset = Case.objects.none()
    abilities = {"list": "cases.reassign", "create": "cases.hand_over"}

    def queryset_for(self, actor: Actor) -> QuerySet[Case]:
        return selectors.without_person(actor)

    list = list_method(
        "List the open cases that nobody in your agency is in charge of, newest first."
    )

    @extend_schema(request=HandoverInput, responses={200: HandoverAnswer})
    def create(self, request: Request) -> Response:
        """Put up to 200 cases into other hands: all of them, or none."""
        given = self.read_body(HandoverInput)
        if "cases" in given:
            given["cases"] = [Wanted(**each) for each in given["cases"]]
        moved = hand_over(actor=self.actor, **given)
        return Response(HandoverAnswer({"cases": moved}).data)


class LineSerializer(serializers.Serializer[Any]):
    """One line; `kind` and `id` say where more of it is found."""

    on = serializers.DateField(allow_null=True)
    text = serializers.CharField()
    kind = serializers.CharField(allow_blank=True)
    id = serializers.UUIDField(allow_null=True)


class SectionSerializer(serializers.Serializer[Any]):
    """A part of the pack."""

    name = serializers.CharField()
    title = serializers.CharField()
    lines = LineSerializer(many=True)


class PackSerializer(serializers.Serializer[Any]):
    """The handover pack, in the reader's language and as far as the reader sees the case."""

    case = serializers.UUIDField()
    code = serializers.CharField()
    made_at = serializers.DateTimeField()
    made_for = AgencyInShortSerializer()
    sections = SectionSerializer(many=True)


class PlainText(Csv):
    """Text as it is; problems stay JSON documents."""

    media_type = "text/plain"
    format = "text"


class PackViewSet(OfCase):
    """What a successor has to know, put together for the reader; the trail keeps that it was read."""

    serializer_class = PackSerializer
    abilities = {"retrieve": "cases.view"}
    query_names = frozenset({"as"})
    renderer_classes = [JSONRenderer, PlainText]

    @extend_schema(
        parameters=[AS],
        responses={
            (200, "application/json"): PackSerializer,
            (200, "text/plain"): OpenApiTypes.STR,
        },
    )
    def retrieve(self, request: Request, case_id: UUID) -> Response:
        """Read the handover pack, as JSON or as text."""
        wanted = request.query_params.get("as", request.accepted_renderer.format)
        if wanted not in {"json", "text"}:
            raise ValidationError({"as": [_("Give json or text.")]})
        case = selectors.seen_case(self.actor, case_id)
        now, trail = clock.now(), current_context()
        trail.purpose = trail.purpose or "handover"
        sections = pack(self.actor, case)
        log_read("handover_pack", case.pk)
        request.accepted_renderer = PlainText() if wanted == "text" else JSONRenderer()
        request.accepted_media_type = request.accepted_renderer.media_type
        if wanted == "text":
            return Response(as_text(case, sections, now))
        told = {
            "case": case.pk,
            "code": case.code,
            "made_at": now,
            "made_for": self.actor.agency,
            "sections": sections,
        }
        return Response(self.get_serializer(told).data)

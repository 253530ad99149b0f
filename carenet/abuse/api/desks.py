"""`/other-desks/`, and under a consultation: the desks for other abuse, and the calls made to them."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from carenet.abuse.actions import desk_calls
from carenet.abuse.actions.other_desks import set_desk
from carenet.abuse.models import DeskCall, OtherDesk
from carenet.abuse.selectors import desks
from carenet.abuse.states.desks import DeskKind
from carenet.agencies.actions.municipal_settings import end_setting
from carenet.agencies.actors import Actor
from carenet.agencies.api.municipal_settings import MunicipalSettingViewSet, SettingEnding
from carenet.agencies.api.serializers import AgencyInShortSerializer, ColleagueSerializer
from carenet.agencies.api.verbs import ApiVerb, create_method, list_method
from carenet.audit.api.serializers import LogReadMixin
from carenet.cases.api.consultation_readers import OfConsultation
from carenet.rest.schema import DeskProblem
from carenet.rest.serializers import Moment, StrictFields


class OtherDeskSerializer(serializers.ModelSerializer[OtherDesk]):
    """A desk as a municipality has set it, from when to when, and who says so."""

    set_by = ColleagueSerializer(read_only=True)

    class Meta:
        model = OtherDesk
        fields = [
            "id", "municipality_code", "kind", "name", "phone", "hours", "source", "checked_on",
            "valid_from", "valid_until", "set_by",
        ]  # fmt: skip
        read_only_fields = fields


class OtherDeskInput(StrictFields, serializers.ModelSerializer[OtherDesk]):
    """A new desk; without `checked_on` nobody has checked it."""

    valid_from = Moment(required=False, allow_null=True, help_text="Now, without it.")

    class Meta:
        model = OtherDesk
        fields = ["kind", "name", "phone", "hours", "source", "checked_on", "valid_from"]


class DeskEnding(SettingEnding):
    """When a desk ends: now, without a time."""


class DesksInForceSerializer(serializers.Serializer[Any]):
    """Whom to telephone, for each kind: what counts everywhere, and what the municipality has set."""

    municipality_code = serializers.CharField()
    desks = DeskProblem(many=True)


class OtherDeskViewSet(MunicipalSettingViewSet):
    """Desks are settings of the municipality, not law; each names its source."""

    setting = OtherDesk
    serializer_class = OtherDeskSerializer
    abilities = {
        "list": "other_desks.view",
        "in_force": "other_desks.view",
        "create": "other_desks.manage",
    }

    list = list_method(
        "List what municipalities have set, newest first; ended ones and those to come too."
    )

    @extend_schema(responses=DesksInForceSerializer)
    @action(detail=False, url_path="in-force")
    def in_force(self, request: Request) -> Response:
        """Read whom to telephone now in the municipality of your agency."""
        code = self.actor.agency.municipality_code
        found = desks.desks_for(code, list(DeskKind))
        shown = DesksInForceSerializer({"municipality_code": code, "desks": found})
        return Response(shown.data)

    create = create_method(
        set_desk,
        OtherDeskInput,
        OtherDeskSerializer,
        "Begin a desk of your municipality: the ward office.",
    )

    end = ApiVerb(
        partial(end_setting, OtherDesk),
        DeskEnding,
        "End a desk of your municipality: the ward office.",
        ability="other_desks.manage",
        versioned=False,
    )


class DeskCallSerializer(LogReadMixin, serializers.ModelSerializer[DeskCall]):
    """Whom somebody has called about a consultation, when, and who answered."""

    audit_kind = "consultation"
    audit_id = "consultation_id"
    by_agency = AgencyInShortSerializer(read_only=True)
    by_user = ColleagueSerializer(read_only=True)

    class Meta:
        model = DeskCall
        fields = [
            "id", "consultation", "victim", "alleged", "desk", "phone", "called_at",
            "answered_by", "text", "by_agency", "by_user", "recorded_at",
        ]  # fmt: skip
        read_only_fields = fields


class DeskCallInput(StrictFields, serializers.ModelSerializer[DeskCall]):
    """A call that was made; an empty `answered_by` says that nobody answered."""

    called_at = Moment(help_text="When the call was made.")

    class Meta:
        model = DeskCall
        fields = ["victim", "alleged", "desk", "phone", "called_at", "answered_by", "text"]


class DeskCallViewSet(OfConsultation):
    """The calls to other desks about one consultation; the first one sets it apart."""

    serializer_class = DeskCallSerializer
    queryset = DeskCall.objects.none()
    abilities = {"list": "consultations.view", "create": "abuse.report"}

    def queryset_for(self, actor: Actor) -> QuerySet[DeskCall]:
        return desks.desk_calls(self.consultation)

    list = list_method("List the calls, newest first.")

    create = create_method(
        desk_calls.record_call,
        DeskCallInput,
        DeskCallSerializer,
        "Record a call; from now on the consultation is for its recorder and named people.",
    )

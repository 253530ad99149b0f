"""`/watch-report/`: a commissioner's monthly activity report, as JSON and as a table."""

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
from carenet.agencies.api.serializers import ColleagueSerializer
from carenet.agencies.models import User
from carenet.audit.actions import log_read
from carenet.core.errors import NotFound
from carenet.rest.csv_export import Csv
from carenet.watchover.api.base import WatchView
from carenet.watchover.selectors.activity import Activity, activity, reported_on
from carenet.watchover.selectors.activity_report import as_csv, month_named, rows_of
from carenet.watchover.states import CheckInOutcome, ReportItem, ReportSection

MONTH = OpenApiParameter("month", str, description="As 2026-11; the current one without it.")
AS = OpenApiParameter("as", str, enum=["json", "csv"], description="csv: Accept says the same.")


class ReportRowSerializer(serializers.Serializer[Any]):
    """One item of the form."""

    section = serializers.ChoiceField(choices=ReportSection.choices)
    section_words = serializers.CharField()
    item = serializers.ChoiceField(choices=ReportItem.choices)
    words = serializers.CharField()
    number = serializers.IntegerField(
        allow_null=True, help_text="Null: it is not recorded here and cannot be tallied."
    )
    remark = serializers.CharField()


class OutcomeCountSerializer(serializers.Serializer[Any]):
    """How often something was found."""

    outcome = serializers.ChoiceField(choices=CheckInOutcome.choices)
    words = serializers.CharField()
    number = serializers.IntegerField()


class ReportSerializer(serializers.Serializer[Any]):
    """One person's month: numbers, and nobody's name but of who did it."""

    month = serializers.CharField()
    complete = serializers.BooleanField(help_text="False: the month is not over.")
    scope = serializers.ChoiceField(
        choices=["own", "kept"], help_text="kept: only what was done for watches that you keep."
    )
    person = ColleagueSerializer()
    rows = ReportRowSerializer(many=True)
    check_ins = OutcomeCountSerializer(many=True, help_text="Without those for others.")
    for_others = serializers.IntegerField(help_text="Recorded for somebody else who looked in.")


class ReportView(WatchView):
    """The monthly activity report."""

    serializer_class = ReportSerializer
    queryset = User.objects.none()
    abilities = {"own": "watch.report", "retrieve": "watch.report"}
    query_names = frozenset({"month", "as"})
    renderer_classes = [JSONRenderer, Csv]

    def queryset_for(self, actor: Actor) -> QuerySet[User]:
        return reported_on(actor)

    @extend_schema(
        operation_id="watch_report_own",
        parameters=[MONTH, AS],
        responses={
            (200, "application/json"): ReportSerializer,
            (200, "text/csv"): OpenApiTypes.STR,
        },
    )
    def own(self, request: Request) -> Response:
        """Read one's own month, for the acting agency, as JSON or as a table."""
        if self.actor.user is None:
            raise NotFound
        return self._report(request, self.actor.user)

    @extend_schema(
        operation_id="watch_report",
        parameters=[MONTH, AS],
        responses={
            (200, "application/json"): ReportSerializer,
            (200, "text/csv"): OpenApiTypes.STR,
        },
    )
    def retrieve(self, request: Request, id: UUID) -> Response:
        """Read the month of somebody who looks in for watches that the actor keeps."""
        return self._report(request, self.get_object())

    def _report(self, request: Request, person: User) -> Response:
        wanted = request.query_params.get("as", request.accepted_renderer.format)
        if wanted not in {"json", "csv"}:
            raise ValidationError({"as": [_("Give json or csv.")]})
        found = activity(self.actor, person, month_named(request.query_params.get("month")))
        log_read("activity_report", person.pk)
        request.accepted_renderer = Csv() if wanted == "csv" else JSONRenderer()
        request.accepted_media_type = request.accepted_renderer.media_type
        if wanted == "csv":
            return Response(as_csv(found))
        return Response(self.get_serializer(_figures(found)).data)


def _figures(found: Activity) -> dict[str, Any]:
    return {
        "month": f"{found.month:%Y-%m}",
        "complete": found.complete,
        "scope": "own" if found.own else "kept",
        "person": found.person,
        "rows": rows_of(found),
        "check_ins": [
            {"outcome": outcome.value, "words": str(outcome.label), "number": number}
            for outcome, number in zip(CheckInOutcome, found.outcomes.values(), strict=True)
        ],
        "for_others": found.for_others,
    }

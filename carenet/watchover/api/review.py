"""`/watch-review/…`: the network as a whole, for those who keep it."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from carenet.agencies.api.serializers import ColleagueSerializer
from carenet.areas.models import Area
from carenet.audit.actions import log_read
from carenet.watchover.api.base import WatchView
from carenet.watchover.api.serializers import AssignmentSerializer
from carenet.watchover.models import WatchAssignment
from carenet.watchover.rules import ReviewRule
from carenet.watchover.selectors import review
from carenet.watchover.states import AlertKind

_SMALL = "Null where it is too small to be shown to readers who may not see persons."


class AreaInShortSerializer(serializers.ModelSerializer[Area]):
    """An area by its name."""

    class Meta:
        model = Area
        fields = ["id", "kind", "name"]
        read_only_fields = fields


class CoverageRowSerializer(serializers.Serializer[Any]):
    """How far the people of an area are watched over."""

    area = AreaInShortSerializer(allow_null=True, help_text="Null: the address lies in none.")
    watched = serializers.IntegerField(allow_null=True, help_text=_SMALL)
    waiting = serializers.IntegerField(allow_null=True, help_text=_SMALL)
    unwatched_on_list = serializers.IntegerField(
        allow_null=True, help_text="On the city's list, and nobody is to look in on them yet."
    )
    refused = serializers.IntegerField(allow_null=True, help_text=_SMALL)
    hidden = serializers.BooleanField(help_text="Counts of this row are not shown.")


class CoverageSerializer(serializers.Serializer[Any]):
    """Every area in which somebody is watched, waits for it, is on the list, or refused."""

    areas = CoverageRowSerializer(many=True)
    complete = serializers.BooleanField(help_text="False: only the newest watches were counted.")


class LoadRowSerializer(serializers.Serializer[Any]):
    """What somebody has taken on."""

    watcher = ColleagueSerializer()
    watches = serializers.IntegerField()
    stands_by = serializers.IntegerField()
    overloaded = serializers.BooleanField()


class LoadSerializer(serializers.Serializer[Any]):
    """The most burdened watchers first."""

    watchers = LoadRowSerializer(many=True)


class AgeSerializer(serializers.Serializer[Any]):
    """How many are so old."""

    up_to_hours = serializers.IntegerField(allow_null=True, help_text="Null: older than all.")
    alerts = serializers.IntegerField()


class AlertAgesRowSerializer(serializers.Serializer[Any]):
    """For how long alerts of a kind have been unresolved."""

    kind = serializers.ChoiceField(choices=AlertKind.choices)
    ages = AgeSerializer(many=True)


class AlertAgesSerializer(serializers.Serializer[Any]):
    """How old the unresolved alerts are, by kind."""

    kinds = AlertAgesRowSerializer(many=True)


class FiredRuleSerializer(serializers.Serializer[Any]):
    """A rule that fired, in words."""

    rule = serializers.ChoiceField(choices=ReviewRule.choices)
    words = serializers.CharField()


class ReviewedWatchSerializer(AssignmentSerializer):
    """A watch, and why it shows here."""

    because = serializers.SerializerMethodField()

    class Meta(AssignmentSerializer.Meta):
        fields = [*AssignmentSerializer.Meta.fields, "because"]
        read_only_fields = fields

    @extend_schema_field(FiredRuleSerializer(many=True))
    def get_because(self, watch: WatchAssignment) -> list[dict[str, str]]:
        fired: list[ReviewRule] = self.context["rules"][watch.pk]
        return [{"rule": rule.value, "words": str(rule.label)} for rule in fired]


class ReviewFigures(WatchView):
    """Numbers of the watches that the actor keeps."""

    queryset = WatchAssignment.objects.none()
    serializer_class = CoverageSerializer
    abilities = {"coverage": "watch.count", "load": "watch.review", "ages": "watch.review"}

    @extend_schema(operation_id="watch_review_coverage", responses=CoverageSerializer)
    def coverage(self, request: Request) -> Response:
        """Count for each area who is watched, waits for it, is on the list unwatched, or refused."""
        rows, complete = review.coverage(self.actor)
        return Response(CoverageSerializer({"areas": rows, "complete": complete}).data)

    @extend_schema(operation_id="watch_review_load", responses=LoadSerializer)
    def load(self, request: Request) -> Response:
        """Say who looks in on how many, the most burdened first."""
        rows = review.load(self.actor)
        for row in rows:
            log_read("user", row["watcher"].pk)
        return Response(LoadSerializer({"watchers": rows}).data)

    @extend_schema(operation_id="watch_review_alerts", responses=AlertAgesSerializer)
    def ages(self, request: Request) -> Response:
        """Say for how long alerts have been unresolved."""
        return Response(AlertAgesSerializer({"kinds": review.ages(self.actor)}).data)


class _ReviewList(WatchView):
    """Watches that a rule holds up, each with the rule in words."""

    serializer_class = ReviewedWatchSerializer
    queryset = WatchAssignment.objects.none()
    abilities = {"list": "watch.review"}

    def page_with(self, found: tuple[QuerySet[WatchAssignment], review.Rules]) -> Response:
        """Answer with a page of the watches, newest first."""
        rows, rules = found
        page: Any = self.paginate_queryset(rows)
        context = {**self.get_serializer_context(), "rules": rules}
        shown = ReviewedWatchSerializer(page, many=True, context=context).data
        return self.get_paginated_response(shown)


class SinglePointsViewSet(_ReviewList):
    """What rests on one person."""

    def list(self, request: Request) -> Response:
        """List watches without a backup, and those of watchers with too many."""
        return self.page_with(review.single_points(self.actor))


class EndingTermsViewSet(_ReviewList):
    """What ends before long."""

    def list(self, request: Request) -> Response:
        """List watches whose term or basis ends before long."""
        return self.page_with(review.ending(self.actor))


class WeakSignalsViewSet(_ReviewList):
    """What the last check-ins hint at."""

    def list(self, request: Request) -> Response:
        """List watches whose signs of life grow weaker."""
        return self.page_with(review.weak_signals(self.actor))

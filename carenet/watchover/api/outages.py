"""`/outages/`: that this service itself was away, said to whoever looks in or keeps a watch."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers

from carenet.agencies.api.verbs import list_method
from carenet.core import clock
from carenet.watchover.api.base import WatchView
from carenet.watchover.models import Outage
from carenet.watchover.selectors.outages import recent_outages


class OutageSerializer(serializers.ModelSerializer[Outage]):
    """One outage, and what it means for whoever is to look in."""

    words = serializers.SerializerMethodField(help_text="A banner, in the reader's language.")

    class Meta:
        model = Outage
        fields = ["id", "began_at", "recovered_at", "grace_until", "words"]
        read_only_fields = fields

    grace_until = serializers.DateTimeField(
        help_text="No time that was expected meanwhile counts as missed before."
    )

    def get_words(self, outage: Outage) -> str:
        return _(
            "This service was away from %(since)s to %(until)s. What was to be looked in on "
            "meanwhile has time until %(grace)s."
        ) % {
            "since": _clock(outage.began_at),
            "until": _clock(outage.recovered_at),
            "grace": _clock(outage.grace_until),
        }


class OutageViewSet(WatchView):
    """A banner for as long as somebody may wonder."""

    serializer_class = OutageSerializer
    queryset = Outage.objects.none()
    abilities = {"list": "watch.view"}

    def queryset_for(self, actor: Any) -> Any:
        return recent_outages(clock.now())

    list = extend_schema(responses=OutageSerializer(many=True))(
        list_method(
            "List our own outages of the past day, or that still lengthen a time; newest first."
        )
    )


def _clock(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "DATETIME_FORMAT")

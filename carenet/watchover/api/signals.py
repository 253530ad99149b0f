"""`/signals/`: what partners' systems have noticed, up to 200 at once."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from carenet.rest.serializers import Input, Moment
from carenet.watchover.actions.signals import Signal, SignalResult, record_signals
from carenet.watchover.api.base import WatchView
from carenet.watchover.api.input_serializers import MOST_AT_ONCE
from carenet.watchover.models import CheckIn


class SignalInput(Input):
    """One sign of life."""

    assignment = serializers.UUIDField(help_text="The watch that it belongs to.")
    key = serializers.CharField(
        max_length=100, help_text="Your own id of it: the same one again is the same sign."
    )
    observed_at = Moment()


class SignalsInput(Input):
    """What was noticed."""

    signals = serializers.ListField(child=SignalInput(), min_length=1, max_length=MOST_AT_ONCE)


class SignalFateSerializer(serializers.Serializer[Any]):
    """What became of one sign."""

    key = serializers.CharField()
    result = serializers.ChoiceField(choices=SignalResult.choices)


class SignalFatesSerializer(serializers.Serializer[Any]):
    """What became of each, in the order in which they were sent."""

    signals = SignalFateSerializer(many=True)


class SignalViewSet(WatchView):
    """Indirect signs of partners' systems."""

    serializer_class = SignalFatesSerializer
    queryset = CheckIn.objects.none()
    abilities = {"create": "watch.signal"}

    @extend_schema(
        operation_id="signals_create", request=SignalsInput, responses={200: SignalFatesSerializer}
    )
    def create(self, request: Request) -> Response:
        """Record signs of life; each line is told by itself what became of it."""
        given = [Signal(**each) for each in self.read_body(SignalsInput)["signals"]]
        results = record_signals(actor=self.actor, signals=given)
        rows = [
            {"key": each.key, "result": str(result)}
            for each, result in zip(given, results, strict=True)
        ]
        return Response({"signals": rows})

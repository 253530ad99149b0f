"""`/reminders/`: what waits for me."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from carenet.agencies.actors import Actor
from carenet.agencies.api.views import ActorViewSet
from carenet.reminders import actions, selectors
from carenet.reminders.api.serializers import (
    AcknowledgeInput,
    DelegateInput,
    ReminderSerializer,
    SnoozeInput,
)
from carenet.reminders.models import InboxEntry
from carenet.rest.serializers import Nothing

STATES = ["open", "settled"]


class ReminderViewSet(ActorViewSet):
    """The inbox of whoever asks, in the agency they act for."""

    serializer_class = ReminderSerializer
    abilities = {
        "list": "reminders.view",
        "retrieve": "reminders.view",
        "read": "reminders.note_read",
        "acknowledge": "reminders.respond",
        "snooze": "reminders.respond",
        "delegate": "reminders.respond",
        "take_back": "reminders.respond",
    }
    filter_names = frozenset({"state"})

    def queryset_for(self, actor: Actor) -> QuerySet[InboxEntry]:
        return selectors.inbox(actor)

    @extend_schema(
        parameters=[
            OpenApiParameter(
                "state", enum=STATES, description="Only those that still wait for you, or not."
            )
        ]
    )
    def list(self, request: Request) -> Response:
        """List the reminders, newest first."""
        state, entries = _state(request), self.get_queryset()
        if state:
            still_open = selectors.still_open()
            entries = entries.filter(still_open if state == "open" else ~still_open)
        return self.page_of(entries)

    def retrieve(self, request: Request, id: UUID) -> Response:
        """Read one reminder."""
        return self._answer()

    @extend_schema(request=Nothing, responses=ReminderSerializer)
    @action(detail=True, methods=["post"])
    def read(self, request: Request, id: UUID) -> Response:
        """Say that you have read it; reading it over the API does not."""
        self.read_body(Nothing)
        actions.mark_read(actor=self.actor, entry=self.get_object())
        return self._answer()

    @extend_schema(request=AcknowledgeInput, responses=ReminderSerializer)
    @action(detail=True, methods=["post"])
    def acknowledge(self, request: Request, id: UUID) -> Response:
        """Take it on: nobody else is chased for some working days, then you are asked first."""
        words = self.read_body(AcknowledgeInput)
        actions.acknowledge(actor=self.actor, entry=self.get_object(), **words)
        return self._answer()

    @extend_schema(request=SnoozeInput, responses=ReminderSerializer)
    @action(detail=True, methods=["post"])
    def snooze(self, request: Request, id: UUID) -> Response:
        """Put it off until the morning of a day, and say why."""
        words = self.read_body(SnoozeInput)
        actions.snooze(actor=self.actor, entry=self.get_object(), **words)
        return self._answer()

    @extend_schema(request=DelegateInput, responses=ReminderSerializer)
    @action(detail=True, methods=["post"])
    def delegate(self, request: Request, id: UUID) -> Response:
        """Hand it on to a colleague, who is told at once and asked first from now on."""
        entry = self.get_object()
        actions.delegate(actor=self.actor, entry=entry, **self.read_body(DelegateInput))
        return self._answer()

    @extend_schema(request=Nothing, responses=ReminderSerializer)
    @action(detail=True, methods=["post"], url_path="take-back")
    def take_back(self, request: Request, id: UUID) -> Response:
        """Undo that you have just taken it on or put it off."""
        self.read_body(Nothing)
        actions.take_back(actor=self.actor, entry=self.get_object())
        return self._answer()

    def _answer(self) -> Response:
        return Response(self.get_serializer(self.get_object()).data)


def _state(request: Request) -> str | None:
    given = request.query_params.get("state")
    if given is not None and request.query_params.getlist("state") not in [
        [each] for each in STATES
    ]:
        raise ValidationError(
            {"state": [_("Give one of: %(known)s.") % {"known": ", ".join(STATES)}]}
        )
    return given

"""`/reminders/`: what waits for me."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from carenet.agencies.api.views import ActorViewSet
from carenet.reminders import selectors
from carenet.reminders.api.serializers import ReminderSerializer

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet
    from rest_framework.request import Request

    from carenet.agencies.actors import Actor
    from carenet.reminders.models import InboxEntry

STATES = ["open", "settled"]


class ReminderViewSet(ActorViewSet):
    """The inbox of whoever asks, in the agency they act for."""

    serializer_class = ReminderSerializer
    abilities = {"list": "reminders.view", "retrieve": "reminders.view"}
    filter_names = frozenset({"state"})

    def queryset_for(self, actor: Actor) -> QuerySet[InboxEntry]:
        return selectors.inbox(actor)

    @extend_schema(
        parameters=[
            OpenApiParameter(
                "state", enum=STATES, description="Only those whose reason still holds, or not."
            )
        ]
    )
    def list(self, request: Request) -> Response:
        """List the reminders, newest first."""
        state, entries = _state(request), self.get_queryset()
        if state:
            entries = entries.filter(reminder__settled_at__isnull=state == "open")
        page = self.paginate_queryset(entries)
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    def retrieve(self, request: Request, id: UUID) -> Response:
        """Read one reminder."""
        return Response(self.get_serializer(self.get_object()).data)


def _state(request: Request) -> str | None:
    given = request.query_params.get("state")
    if given is not None and given not in STATES:
        raise ValidationError(
            {"state": [_("Give one of: %(known)s.") % {"known": ", ".join(STATES)}]}
        )
    return given

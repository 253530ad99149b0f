"""`/expectations/`, `/check-ins/`, `/pauses/`, `/alerts/`: what was expected, found and feared."""

from __future__ import annotations

from django.db.models import Q, QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from carenet.agencies.actors import Actor
from carenet.agencies.api.verbs import ApiVerb, retrieve_method
from carenet.core import clock
from carenet.rest.filters import choices_of, codes
from carenet.rest.serializers import Nothing
from carenet.watchover import policy, selectors
from carenet.watchover.actions import alerts as alerting
from carenet.watchover.actions import check_ins, pauses
from carenet.watchover.api.base import OF_ASSIGNMENT, WatchView
from carenet.watchover.api.input_serializers import (
    Acknowledgement,
    CheckInInput,
    PauseInput,
    Resolution,
)
from carenet.watchover.api.serializers import (
    AlertSerializer,
    CheckInSerializer,
    ExpectationSerializer,
    PauseSerializer,
)
from carenet.watchover.models import Alert, CheckIn, Expectation, Pause
from carenet.watchover.states import AlertKind, AlertState, ExpectationState


class Lateness(TextChoices):
    """Whether somebody is late."""

    LATE = "yes", _("late")


class ExpectationViewSet(WatchView):
    """When somebody is, was and will be to look in."""

    serializer_class = ExpectationSerializer
    queryset = Expectation.objects.none()
    filter_names = frozenset({"assignment", "state", "late"})
    abilities = {"list": "watch.view"}

    def queryset_for(self, actor: Actor) -> QuerySet[Expectation]:
        return selectors.expectations(actor)

    @extend_schema(
        parameters=[
            OF_ASSIGNMENT,
            codes("state", ExpectationState.values),
            OpenApiParameter("late", str, enum=Lateness.values, description="Only what is late."),
        ]
    )
    def list(self, request: Request) -> Response:
        """List the times at which somebody is to look in, laid out last first."""
        rows = self.of_assignment(self.get_queryset())
        states = choices_of(request, "state", ExpectationState)
        if states:
            rows = rows.filter(state__in=states)
        if choices_of(request, "late", Lateness):
            rows = rows.filter(late=True)
        return self.page_of(rows)


class CheckInViewSet(WatchView):
    """Who has looked in, and what they found."""

    serializer_class = CheckInSerializer
    queryset = CheckIn.objects.none()
    filter_names = frozenset({"assignment"})
    abilities = {"list": "watch.view", "create": "watch.check_in"}

    def queryset_for(self, actor: Actor) -> QuerySet[CheckIn]:
        return selectors.check_ins(actor)

    @extend_schema(parameters=[OF_ASSIGNMENT])
    def list(self, request: Request) -> Response:
        """List check-ins, recorded last first."""
        return self.page_of(self.of_assignment(self.get_queryset()))

    @extend_schema(request=CheckInInput, responses={201: CheckInSerializer})
    def create(self, request: Request) -> Response:
        """Record that somebody has looked in; the same `client_key` again is the same check-in."""
        given = self.read_body(CheckInInput)
        assignment = given.pop("assignment")
        found = check_ins.check_in(actor=self.actor, assignment_id=assignment.pk, **given)
        return self.respond_visible(found.pk, status.HTTP_201_CREATED)


class PauseViewSet(WatchView):
    """When nobody needs to look in."""

    serializer_class = PauseSerializer
    queryset = Pause.objects.none()
    filter_names = frozenset({"assignment"})
    abilities = {
        "list": "watch.view",
        "create": "watch.pause",
    }
    id_argument = "pause_id"

    def queryset_for(self, actor: Actor) -> QuerySet[Pause]:
        return selectors.pauses(actor)

    def of_assignment(self, rows: QuerySet[Pause]) -> QuerySet[Pause]:
        """A pause is the resident's, and so of every watch over them."""
        wanted = self.wanted_assignment()
        if wanted is None:
            return rows
        watches = policy.visible_to(self.actor).filter(pk=wanted)
        return rows.filter(resident__in=watches.values("resident"))

    @extend_schema(parameters=[OF_ASSIGNMENT])
    def list(self, request: Request) -> Response:
        """List pauses, recorded last first."""
        return self.page_of(self.of_assignment(self.get_queryset()))

    @extend_schema(request=PauseInput, responses={201: PauseSerializer})
    def create(self, request: Request) -> Response:
        """Say that nobody needs to look in on the resident of a watch for a while."""
        given = self.read_body(PauseInput)
        assignment = given.pop("assignment")
        found = pauses.pause(actor=self.actor, assignment_id=assignment.pk, **given)
        return self.respond_visible(found.pk, status.HTTP_201_CREATED)

    end = ApiVerb(
        pauses.end_pause,
        Nothing,
        "Somebody looks in again; a pause that had not begun does not take place.",
        versioned=False,
        ability="watch.pause",
    )


class AlertViewSet(WatchView):
    """What worries: who is silent, and what somebody found."""

    serializer_class = AlertSerializer
    queryset = Alert.objects.none()
    filter_names = frozenset({"assignment", "state", "kind"})
    abilities = {
        "list": "watch.view",
        "retrieve": "watch.view",
    }
    id_argument = "alert_id"

    def queryset_for(self, actor: Actor) -> QuerySet[Alert]:
        return selectors.alerts(actor)

    @extend_schema(
        parameters=[
            OF_ASSIGNMENT,
            codes("state", AlertState.values, "What is unresolved without it."),
            codes("kind", AlertKind.values),
        ]
    )
    def list(self, request: Request) -> Response:
        """List alerts, opened last first."""
        rows = self.of_assignment(self.get_queryset())
        states = choices_of(request, "state", AlertState)
        rows = rows.filter(_in_states(states or [AlertState.OPEN, AlertState.ACKNOWLEDGED]))
        kinds = choices_of(request, "kind", AlertKind)
        return self.page_of(rows.filter(kind__in=kinds) if kinds else rows)

    retrieve = retrieve_method("Read one alert.")

    acknowledge = ApiVerb(
        alerting.acknowledge,
        Acknowledgement,
        "Take it on until a time: nobody else is told before.",
        ability="watch.respond",
    )
    resolve = ApiVerb(
        alerting.resolve, Resolution, "Say what it has come to.", ability="watch.resolve"
    )


def _in_states(states: list[AlertState]) -> Q:
    """The condition behind `Alert.state_at`: an acknowledgement that has run out counts no more."""
    now = clock.now()
    free = Q(acknowledged_until=None) | Q(acknowledged_until__lte=now)
    conditions = {
        AlertState.OPEN: Q(resolved_at=None) & free,
        AlertState.ACKNOWLEDGED: Q(resolved_at=None, acknowledged_until__gt=now),
        AlertState.RESOLVED: Q(resolved_at__isnull=False),
    }
    found = Q(pk__in=[])
    for state in states:
        found |= conditions[state]
    return found

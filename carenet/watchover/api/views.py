"""`/watch-assignments/`: who looks in on whom, and the verbs that move it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from carenet.agencies.actors import Actor
from carenet.agencies.api.verbs import (
    ApiVerb,
    create_method,
    list_method,
    retrieve_method,
    update_method,
)
from carenet.audit.actions import no_such
from carenet.core.decisions import demand
from carenet.residents.policy import visible_to as visible_residents
from carenet.rest.etags import expected_version
from carenet.rest.filters import choices_of, codes
from carenet.watchover import policy, selectors
from carenet.watchover.actions import assignments, transitions
from carenet.watchover.actions import schedule as watch_schedule
from carenet.watchover.api.base import OfAssignment, WatchView
from carenet.watchover.api.input_serializers import (
    ManyReassigned,
    People,
    Proposal,
    Proposals,
    RhythmInput,
    WatchAgreement,
    WatchChanges,
    WatchEnding,
    WatchRemark,
)
from carenet.watchover.api.serializers import (
    AssignmentSerializer,
    AssignmentsSerializer,
    ScheduleSerializer,
    WatchEventSerializer,
)
from carenet.watchover.models import WatchAssignment, WatchEvent, WatchSchedule
from carenet.watchover.states import OPEN, WatchStatus, WatchVerb


class AssignmentViewSet(WatchView):
    """Watches that the actor answers for, or looks in on."""

    serializer_class = AssignmentSerializer
    queryset = WatchAssignment.objects.none()
    filter_names = frozenset({"status"})
    abilities = {
        "list": "watch.view",
        "retrieve": "watch.view",
        "create": "watch.assign",
        "partial_update": "watch.assign",
        "assign_many": "watch.assign",
        "reassign_many": "watch.assign",
    }
    id_argument = "assignment_id"

    def queryset_for(self, actor: Actor) -> QuerySet[WatchAssignment]:
        return selectors.assignments(actor)

    @extend_schema(parameters=[codes("status", WatchStatus.values, "All open ones without it.")])
    def list(self, request: Request) -> Response:
        """List watches, newest first."""
        wanted = choices_of(request, "status", WatchStatus) or sorted(OPEN)
        return self.page_of(self.get_queryset().filter(status__in=wanted))

    create = create_method(
        assignments.propose,
        Proposal,
        AssignmentSerializer,
        "Propose a watch over a resident.",
        looked_up=True,
    )

    retrieve = retrieve_method("Read one watch.")

    partial_update = update_method(
        assignments.edit,
        WatchChanges,
        AssignmentSerializer,
        "Change method, basis, term and safety note.",
    )

    consent = ApiVerb(
        partial(transitions.move, verb=WatchVerb.CONSENT),
        WatchAgreement,
        "The person has agreed, or another basis lets the watcher in.",
        ability="watch.assign",
    )
    activate = ApiVerb(
        partial(transitions.move, verb=WatchVerb.ACTIVATE),
        WatchRemark,
        "Begin: from the next window on somebody is missed who does not look in.",
        ability="watch.assign",
    )
    suspend = ApiVerb(
        partial(transitions.move, verb=WatchVerb.SUSPEND),
        WatchRemark,
        "Expect nobody until it is resumed.",
        ability="watch.assign",
    )
    resume = ApiVerb(
        partial(transitions.move, verb=WatchVerb.RESUME),
        WatchRemark,
        "Go on with a fresh window.",
        ability="watch.assign",
    )
    end = ApiVerb(
        partial(transitions.move, verb=WatchVerb.END),
        WatchEnding,
        "End it for good.",
        ability="watch.assign",
    )
    reassign = ApiVerb(
        assignments.reassign,
        People,
        "Give it to another watcher, another backup, or both.",
        ability="watch.assign",
    )

    @extend_schema(
        operation_id="watch_assignments_assign_many",
        request=Proposals,
        responses={201: AssignmentsSerializer},
    )
    def assign_many(self, request: Request) -> Response:
        """Propose the same watch over many residents: all or none."""
        given = self.read_body(Proposals)
        wanted = set(given.pop("residents"))
        residents = list(visible_residents(self.actor).filter(pk__in=wanted))
        if len(residents) != len(wanted):
            raise no_such("residents", "resident", wanted - {each.pk for each in residents})
        made = assignments.propose_many(actor=self.actor, residents=residents, **given)
        return self._answer_many([each.pk for each in made], status.HTTP_201_CREATED)

    @extend_schema(
        operation_id="watch_assignments_reassign_many",
        request=ManyReassigned,
        responses=AssignmentsSerializer,
    )
    def reassign_many(self, request: Request) -> Response:
        """Give many watches to the same people: all or none."""
        given = self.read_body(ManyReassigned)
        wanted = set(given.pop("assignments"))
        found = policy.visible_to(self.actor).filter(pk__in=wanted)
        missing = wanted - set(found.values_list("pk", flat=True))
        if missing:
            raise no_such("assignments", "watchassignment", missing)
        done = assignments.reassign_many(actor=self.actor, assignment_ids=wanted, **given)
        return self._answer_many([each.pk for each in done], status.HTTP_200_OK)

    def _answer_many(self, pks: Iterable[UUID], code: int) -> Response:
        rows = self.get_queryset().filter(pk__in=pks).order_by("pk")
        shown = self.get_serializer(rows, many=True).data
        return Response({"assignments": shown}, status=code)


class ScheduleViewSet(OfAssignment):
    """In which rhythm somebody looks in, and did before."""

    serializer_class = ScheduleSerializer
    queryset = WatchSchedule.objects.none()
    abilities = {"list": "watch.view", "create": "watch.assign"}

    def queryset_for(self, actor: Actor) -> QuerySet[WatchSchedule]:
        return selectors.schedules(actor, self.assignment)

    list = list_method("List the rhythms, newest first: the current one has no end.")

    @extend_schema(request=RhythmInput, responses={201: ScheduleSerializer})
    def create(self, request: Request, assignment_id: UUID) -> Response:
        """Let another rhythm hold from a moment on; what was before stays as it was."""
        given = self.read_body(RhythmInput)
        schedule = watch_schedule.set_schedule(
            actor=self.actor,
            assignment_id=assignment_id,
            version=expected_version(request),
            effective_from=given.pop("effective_from", None),
            rhythm=watch_schedule.VisitSchedule(**given),
        )
        return self.respond_visible(schedule.pk, status.HTTP_201_CREATED)


class WatchEventViewSet(OfAssignment):
    """The story of one watch and its alerts, for who keeps it."""

    serializer_class = WatchEventSerializer
    queryset = WatchEvent.objects.none()
    abilities = {"list": "watch.view"}

    def queryset_for(self, actor: Actor) -> QuerySet[WatchEvent]:
        assignment = self.assignment
        demand(policy.can_read_history(actor, assignment))
        return selectors.events(assignment)

    list = list_method("List what happened, newest first.")

"""`/tasks/`: what is to be done, by whom and by when, soonest first."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from carenet.agencies.actors import Actor
from carenet.agencies.api.verbs import ApiVerb, retrieve_method, update_method
from carenet.agencies.api.views import ActorViewSet
from carenet.rest.pagination import keyset_page
from carenet.rest.serializers import Day, Nothing
from carenet.tasks import selectors
from carenet.tasks.actions import change, drop, finish, give, hand_on
from carenet.tasks.api.serializers import (
    TaskChange,
    TaskDrop,
    TaskHandOn,
    TaskInput,
    TaskSerializer,
)
from carenet.tasks.models import Task
from carenet.tasks.selectors import Wanted, Whose
from carenet.tasks.states import TaskStatus

WHOSE = OpenApiParameter(
    "whose", str, enum=Whose.values, description="Your agency's without it; of a case everybody's."
)
STATUS = OpenApiParameter(
    "status", str, enum=TaskStatus.values, description="The open ones without it."
)
CASE = OpenApiParameter("case", OpenApiTypes.UUID, description="Those of one case.")
DUE_BEFORE = OpenApiParameter(
    "due_before", OpenApiTypes.DATE, description="Those that are due before this day."
)


class Filters(serializers.Serializer[Any]):
    """What a list of tasks shows."""

    whose = serializers.ChoiceField(choices=Whose.choices, required=False)
    status = serializers.ChoiceField(choices=TaskStatus.choices, required=False)
    case = serializers.UUIDField(required=False)
    due_before = Day(required=False)


class TaskViewSet(ActorViewSet):
    """Tasks on what the actor sees."""

    serializer_class = TaskSerializer
    filter_names = frozenset({"whose", "status", "case", "due_before"})
    abilities = {
        "list": "tasks.view",
        "retrieve": "tasks.view",
        "create": "tasks.give",
        "partial_update": "tasks.work",
    }
    id_argument = "task_id"

    def queryset_for(self, actor: Actor) -> QuerySet[Task]:
        return selectors.tasks(actor)

    @extend_schema(
        parameters=[WHOSE, STATUS, CASE, DUE_BEFORE],
        responses=TaskSerializer(many=True),
        filters=False,
    )
    def list(self, request: Request) -> Response:
        """List open tasks of your agency, soonest due first; or others, by the filters."""
        return keyset_page(
            request,
            fetch=partial(selectors.task_page, self.actor, _wanted(request)),
            show=lambda rows: self.get_serializer(rows, many=True).data,
            read_key=selectors.key_from,
            write_key=selectors.key_parts,
        )

    retrieve = retrieve_method("Read one task.")

    @extend_schema(request=TaskInput, responses={201: TaskSerializer})
    def create(self, request: Request) -> Response:
        """Give a task on a case to an agency that sees the case, or to a person there."""
        given = self.read_body(TaskInput)
        made = give(actor=self.actor, on=("case", given.pop("case").pk), **given)
        return self.respond_visible(made.pk, status.HTTP_201_CREATED)

    partial_update = update_method(
        change, TaskChange, TaskSerializer, "Say otherwise what is to be done, or by when."
    )

    finish = ApiVerb(finish, Nothing, "Say that it is done.", ability="tasks.work")
    drop = ApiVerb(drop, TaskDrop, "Drop it, and say why.", ability="tasks.work")
    hand_on = ApiVerb(
        hand_on,
        TaskHandOn,
        "Put it into the hands of a colleague, or of another agency that sees the case.",
        ability="tasks.work",
    )


def _wanted(request: Request) -> Wanted:
    """Return what the query asks for; raises `ValidationError`."""
    filters = Filters(data=request.query_params)
    filters.is_valid(raise_exception=True)
    given = filters.validated_data
    case: UUID | None = given.get("case")
    due_before: date | None = given.get("due_before")
    whose = given.get("whose", None if case else Whose.AGENCY)
    return Wanted(
        whose=whose and Whose(whose),
        status=TaskStatus(given.get("status", TaskStatus.OPEN)),
        case=case,
        due_before=due_before,
    )

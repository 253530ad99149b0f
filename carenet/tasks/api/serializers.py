"""Tasks on the wire."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from carenet.agencies.actors import Actor
from carenet.agencies.api.fields import VisibleField
from carenet.agencies.api.serializers import AgencyInShortSerializer, ColleagueSerializer
from carenet.agencies.policy import visible_to as visible_agencies
from carenet.agencies.selectors import colleagues
from carenet.audit.api.serializers import LogReadMixin
from carenet.rest.serializers import Day, Input
from carenet.tasks.models import Task, TaskHandover
from carenet.tasks.registry import subject_named
from carenet.tasks.states import TaskSource


class CaseOfTaskSerializer(serializers.Serializer[Any]):
    """The case that a task hangs on."""

    id = serializers.UUIDField(source="pk")
    code = serializers.CharField()


class TaskHandoverSerializer(serializers.ModelSerializer[TaskHandover]):
    """One change of whoever has a task; no person stands for the whole agency."""

    from_agency = AgencyInShortSerializer(read_only=True)
    from_person = ColleagueSerializer(read_only=True, allow_null=True)
    to_agency = AgencyInShortSerializer(read_only=True)
    to_person = ColleagueSerializer(read_only=True, allow_null=True)

    class Meta:
        model = TaskHandover
        fields = [
            "from_agency", "from_person", "to_agency", "to_person", "cause", "reason", "at",
        ]  # fmt: skip
        read_only_fields = fields


class TaskSerializer(LogReadMixin, serializers.ModelSerializer[Task]):
    """A task: what is to be done, by whom, by when, and what has become of it."""

    audit_kind = "task"
    case = CaseOfTaskSerializer(read_only=True)
    agency = AgencyInShortSerializer(read_only=True)
    person = ColleagueSerializer(read_only=True, allow_null=True)
    by_agency = AgencyInShortSerializer(read_only=True)
    by_user = ColleagueSerializer(read_only=True, allow_null=True)
    settled_by = ColleagueSerializer(read_only=True, allow_null=True)
    handovers = TaskHandoverSerializer(many=True, read_only=True)
    source_id = serializers.UUIDField(
        source="seen_source_id",
        read_only=True,
        allow_null=True,
        help_text="The object from which it comes, for whoever sees that.",
    )

    class Meta:
        model = Task
        fields = [
            "id", "case", "what", "due_on", "agency", "person", "status", "reason", "with_case",
            "is_next_action", "source", "source_id", "by_agency", "by_user", "created_at",
            "settled_at", "settled_by", "handovers",
        ]  # fmt: skip
        read_only_fields = fields


def subject_finder(field: str) -> Callable[[Actor], QuerySet[Any]]:
    """Return how what tasks hang on is looked up, once the rooms above have said it."""
    return lambda actor: subject_named(field).visible_to(actor)


class TaskInput(Input):
    """A new task: on which case, what, by when, for whom, and from what it comes."""

    case = VisibleField(subject_finder("case"))
    what = serializers.CharField(max_length=300)
    due_on = Day()
    agency = VisibleField(
        visible_agencies,
        required=False,
        allow_null=True,
        default=None,
        help_text="Who does it: an agency that sees the case; your own without it.",
    )
    person = VisibleField(
        colleagues,
        required=False,
        allow_null=True,
        default=None,
        help_text="Who there; without it whoever of the agency comes to it.",
    )
    source = serializers.ChoiceField(  # type: ignore[assignment]  # DRF's own word, too
        choices=TaskSource.choices, required=False, allow_blank=True, default=""
    )
    source_id = serializers.UUIDField(
        required=False,
        allow_null=True,
        default=None,
        help_text="The note, plan or referral of the case from which it comes.",
    )


class TaskChange(Input):
    """What is to be done, or by when, said otherwise."""

    what = serializers.CharField(max_length=300)
    due_on = Day()


class TaskDrop(Input):
    """Why nobody does it any more."""

    reason = serializers.CharField(max_length=300)


class TaskHandOn(Input):
    """Into whose hands: a colleague's, or those of another agency that sees the case."""

    agency = VisibleField(
        visible_agencies,
        required=False,
        allow_null=True,
        default=None,
        help_text="Without it the task stays with the agency that has it.",
    )
    person = VisibleField(colleagues, required=False, allow_null=True, default=None)
    reason = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")

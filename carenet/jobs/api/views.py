"""`/jobs/`: the long work that one has asked for on the pages: how it stands, and its end."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from carenet.agencies.actors import Actor
from carenet.agencies.api.verbs import list_method, retrieve_method
from carenet.agencies.api.views import ActorViewSet
from carenet.jobs import actions, selectors
from carenet.jobs.models import Job
from carenet.rest.serializers import Input, Nothing


class RefusedLineSerializer(serializers.Serializer[Any]):
    """A line of which nothing comes."""

    line = serializers.IntegerField(help_text="As an editor counts.")
    key = serializers.CharField()
    words = serializers.CharField(help_text="Why, and what to do about it.")


class JobSerializer(serializers.ModelSerializer[Job]):
    """A piece of long work."""

    counts = serializers.DictField(
        child=serializers.IntegerField(), help_text="What became of how many, by result."
    )
    told = RefusedLineSerializer(many=True, read_only=True, source="row_errors")
    has_more_told = serializers.BooleanField(
        read_only=True, help_text="There are more such lines than are told; `counts` counts all."
    )

    class Meta:
        model = Job
        fields = [
            "id", "kind", "preview", "state", "done", "total", "counts", "told", "has_more_told",
            "reason", "needs_release", "released_at", "created_at",
            "cancel_asked_at", "finished_at", "follows",
        ]  # fmt: skip
        read_only_fields = fields


class Refusal(Input):
    """Why somebody does not agree to it."""

    reason = serializers.CharField(max_length=500)


class JobViewSet(ActorViewSet):
    """One's own imports and exports."""

    serializer_class = JobSerializer
    queryset = Job.objects.none()
    abilities = {
        "list": "jobs.view",
        "retrieve": "jobs.view",
        "cancel": "jobs.run",
        "to_release": "jobs.release",
        "release": "jobs.release",
        "refuse": "jobs.release",
    }

    def queryset_for(self, actor: Actor) -> QuerySet[Job]:
        if self.action in {"release", "refuse"}:
            return selectors.to_release(actor)
        return selectors.jobs(actor)

    list = list_method("List your own imports and exports, asked for last first.")

    retrieve = retrieve_method("Read how one of them stands.")

    @extend_schema(request=Nothing, responses=JobSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, id: UUID) -> Response:
        """End it after the step that it is on; what was done stays."""
        self.read_body(Nothing)
        actions.cancel(actor=self.actor, job_id=id)
        return Response(self.get_serializer(self.still_visible(id)).data)

    @extend_schema(responses=JobSerializer(many=True))
    @action(detail=False, methods=["get"], url_path="to-release")
    def to_release(self, request: Request) -> Response:
        """List what colleagues have asked for and what begins only once you agree."""
        return self.page_of(selectors.to_release(self.actor))

    @extend_schema(request=Nothing, responses=JobSerializer)
    @action(detail=True, methods=["post"])
    def release(self, request: Request, id: UUID) -> Response:
        """Agree to what a colleague has asked for: it begins."""
        self.read_body(Nothing)
        return Response(self.get_serializer(actions.release(actor=self.actor, job_id=id)).data)

    @extend_schema(request=Refusal, responses=JobSerializer)
    @action(detail=True, methods=["post"])
    def refuse(self, request: Request, id: UUID) -> Response:
        """Refuse what a colleague has asked for, with the reason."""
        given = self.read_body(Refusal)
        return Response(
            self.get_serializer(actions.refuse(actor=self.actor, job_id=id, **given)).data
        )

"""`/cases/{case_id}/plans/` and `/goals/`: from the draft to the review, and each goal's end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.response import Response

from carenet.cases import selectors
from carenet.cases.actions import goals, plans
from carenet.cases.api.notes_and_shares import OfCase
from carenet.cases.api.plan_serializers import (
    Agreement,
    GoalSerializer,
    PlanInput,
    PlanSerializer,
    Remark,
    ReviewInput,
    Whose,
)
from carenet.cases.models import PlanGoal, SupportPlan
from carenet.cases.states import GoalVerb
from carenet.rest.etags import etag, expected_version, required_version

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet
    from rest_framework.request import Request

    from carenet.agencies.actors import Actor


class PlanViewSet(OfCase):
    """The support plans (支援計画) of a case: the lead writes them, everybody on the case reads them."""

    serializer_class = PlanSerializer
    queryset = SupportPlan.objects.none()
    abilities = {
        "list": "cases.view",
        "retrieve": "cases.view",
        "create": "cases.plan",
        "partial_update": "cases.plan",
        "agree": "cases.plan",
        "review": "cases.plan",
        "end": "cases.plan",
    }

    def queryset_for(self, actor: Actor) -> QuerySet[SupportPlan]:
        return selectors.plans(actor, self.case)

    def list(self, request: Request, case_id: UUID) -> Response:
        """List the plans, newest first; a draft is the lead's alone."""
        return self._page(self.get_queryset())

    @extend_schema(request=PlanInput, responses={201: PlanSerializer})
    def create(self, request: Request, case_id: UUID) -> Response:
        """Begin a plan as a draft."""
        body = PlanInput(data=request.data, context=self.get_serializer_context())
        body.is_valid(raise_exception=True)
        plan = plans.write_plan(actor=self.actor, case_id=case_id, **body.validated_data)
        return self._answer(plan.pk, status.HTTP_201_CREATED)

    def retrieve(self, request: Request, case_id: UUID, id: UUID) -> Response:
        """Read one plan."""
        return self._answer(id)

    @extend_schema(request=PlanInput, responses=PlanSerializer)
    def partial_update(self, request: Request, case_id: UUID, id: UUID) -> Response:
        """Change a draft; what is agreed on is frozen."""
        version = required_version(request)
        self.get_object()
        body = PlanInput(data=request.data, partial=True, context=self.get_serializer_context())
        body.is_valid(raise_exception=True)
        plans.edit_plan(
            actor=self.actor, case_id=case_id, plan_id=id, version=version, **body.validated_data
        )
        return self._answer(id)

    @extend_schema(request=Agreement, responses=PlanSerializer)
    @action(detail=True, methods=["post"])
    def agree(self, request: Request, case_id: UUID, id: UUID) -> Response:
        """Put a draft into force, as agreed with the person; it replaces the plan before it."""
        body = Agreement(data=request.data)
        body.is_valid(raise_exception=True)
        version = expected_version(request)
        plans.agree(
            actor=self.actor, case_id=case_id, plan_id=id, version=version, **body.validated_data
        )
        return self._answer(id)

    @extend_schema(request=ReviewInput, responses=PlanSerializer)
    @action(detail=True, methods=["post"])
    def review(self, request: Request, case_id: UUID, id: UUID) -> Response:
        """Write down a review: go on, begin a new plan, or end this one."""
        body = ReviewInput(data=request.data)
        body.is_valid(raise_exception=True)
        version = expected_version(request)
        plans.review(
            actor=self.actor, case_id=case_id, plan_id=id, version=version, **body.validated_data
        )
        return self._answer(id)

    @extend_schema(request=Remark, responses=PlanSerializer)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, case_id: UUID, id: UUID) -> Response:
        """End a plan, or give up a draft."""
        body = Remark(data=request.data)
        body.is_valid(raise_exception=True)
        version = expected_version(request)
        plans.end_plan(
            actor=self.actor, case_id=case_id, plan_id=id, version=version, **body.validated_data
        )
        return self._answer(id)

    def _answer(self, plan_id: UUID, code: int = status.HTTP_200_OK) -> Response:
        plan: SupportPlan = self.still_visible(plan_id)
        body = self.get_serializer(plan).data
        return Response(body, status=code, headers={"ETag": etag(plan)})


class GoalViewSet(OfCase):
    """The goals of the plan in force: read with their plan, settled one by one."""

    serializer_class = GoalSerializer
    queryset = PlanGoal.objects.none()
    abilities = {
        "reach": "cases.plan",
        "drop": "cases.plan",
        "reopen": "cases.plan",
        "assign": "cases.plan",
    }

    def queryset_for(self, actor: Actor) -> QuerySet[PlanGoal]:
        return selectors.goals(actor, self.case)

    @extend_schema(request=Remark, responses=GoalSerializer)
    @action(detail=True, methods=["post"])
    def reach(self, request: Request, case_id: UUID, id: UUID) -> Response:
        """The goal is reached."""
        return self._move(request, case_id, id, GoalVerb.REACH)

    @extend_schema(request=Remark, responses=GoalSerializer)
    @action(detail=True, methods=["post"])
    def drop(self, request: Request, case_id: UUID, id: UUID) -> Response:
        """Give the goal up, and say why."""
        return self._move(request, case_id, id, GoalVerb.DROP)

    @extend_schema(request=Remark, responses=GoalSerializer)
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, case_id: UUID, id: UUID) -> Response:
        """The goal is open after all."""
        return self._move(request, case_id, id, GoalVerb.REOPEN)

    @extend_schema(request=Whose, responses=GoalSerializer)
    @action(detail=True, methods=["post"])
    def assign(self, request: Request, case_id: UUID, id: UUID) -> Response:
        """Let somebody else see to the goal."""
        body = Whose(data=request.data, context=self.get_serializer_context())
        body.is_valid(raise_exception=True)
        version = expected_version(request)
        goals.assign_goal(
            actor=self.actor, case_id=case_id, goal_id=id, version=version, **body.validated_data
        )
        return self._answer()

    def _move(self, request: Request, case_id: UUID, goal_id: UUID, verb: GoalVerb) -> Response:
        body = Remark(data=request.data)
        body.is_valid(raise_exception=True)
        goals.move_goal(
            actor=self.actor,
            case_id=case_id,
            goal_id=goal_id,
            verb=verb,
            version=expected_version(request),
            **body.validated_data,
        )
        return self._answer()

    def _answer(self) -> Response:
        goal: PlanGoal = self.get_object()
        return Response(self.get_serializer(goal).data, headers={"ETag": etag(goal)})

"""`/cases/{case_id}/plans/` and `/goals/`: from the draft to the review, and each goal's end."""

from __future__ import annotations

from functools import partial

from django.db.models import QuerySet

from carenet.agencies.actors import Actor
from carenet.agencies.api.verbs import (
    ApiVerb,
    create_method,
    list_method,
    retrieve_method,
    update_method,
)
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


class PlanViewSet(OfCase):
    """The support plans (支援計画) of a case: the lead writes them, everybody on the case reads them."""

    serializer_class = PlanSerializer
    queryset = SupportPlan.objects.none()
    abilities = {
        "list": "cases.view",
        "retrieve": "cases.view",
        "create": "cases.plan",
        "partial_update": "cases.plan",
    }
    id_argument = "plan_id"

    def queryset_for(self, actor: Actor) -> QuerySet[SupportPlan]:
        return selectors.plans(actor, self.case)

    list = list_method("List the plans, newest first; a draft is the lead's alone.")

    create = create_method(
        plans.write_plan, PlanInput, PlanSerializer, "Begin a plan as a draft.", looked_up=True
    )

    retrieve = retrieve_method("Read one plan.")

    partial_update = update_method(
        plans.edit_plan, PlanInput, PlanSerializer, "Change a draft; what is agreed on is frozen."
    )

    agree = ApiVerb(
        plans.agree,
        Agreement,
        "Put a draft into force, as agreed with the person; it replaces the plan before it.",
        ability="cases.plan",
    )
    review = ApiVerb(
        plans.review,
        ReviewInput,
        "Write down a review: go on, begin a new plan, or end this one.",
        ability="cases.plan",
    )
    end = ApiVerb(plans.end_plan, Remark, "End a plan, or give up a draft.", ability="cases.plan")


class GoalViewSet(OfCase):
    """The goals of the plan in force: read with their plan, settled one by one."""

    serializer_class = GoalSerializer
    queryset = PlanGoal.objects.none()
    id_argument = "goal_id"

    def queryset_for(self, actor: Actor) -> QuerySet[PlanGoal]:
        return selectors.goals(actor, self.case)

    reach = ApiVerb(
        partial(goals.move_goal, verb=GoalVerb.REACH),
        Remark,
        "The goal is reached.",
        ability="cases.plan",
    )
    drop = ApiVerb(
        partial(goals.move_goal, verb=GoalVerb.DROP),
        Remark,
        "Give the goal up, and say why.",
        ability="cases.plan",
    )
    reopen = ApiVerb(
        partial(goals.move_goal, verb=GoalVerb.REOPEN),
        Remark,
        "The goal is open after all.",
        ability="cases.plan",
    )
    assign = ApiVerb(
        goals.assign_goal, Whose, "Let somebody else see to the goal.", ability="cases.plan"
    )

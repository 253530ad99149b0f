"""Assessments and plans: the rule of the list and the rule of the object are one."""

from __future__ import annotations

import pytest
from django.utils import timezone

from carenet.agencies.actors import Actor
from carenet.cases import policy
from carenet.cases.models import Assessment, SupportPlan
from tests.access.combinations import ACTORS, World, a_world


@pytest.fixture(scope="module")
def world(for_one_file: None) -> World:  # noqa: ARG001 - ordering
    """A draft, an agreed plan and an assessment on every case."""
    world, now = a_world(), timezone.now()
    day = now.date()
    for case in world.cases:
        by = {"case": case, "written_by_agency": case.lead_agency, "overall_aim": "…"}
        SupportPlan.objects.create(**by, number=1)
        SupportPlan.objects.create(
            **by, number=2, status="agreed", agreed_on=day, valid_from=day, review_on=day
        )
        Assessment.objects.create(
            case=case, author_agency=case.lead_agency, number=1, occasion="first", assessed_on=day
        )
    return world


@pytest.fixture(params=ACTORS)
def actor(request: pytest.FixtureRequest, world: World) -> Actor:
    return world.actors[request.param]


def test_plans(world: World, actor: Actor) -> None:
    for case in world.cases[::2]:
        seen = set(policy.plans_visible_to(actor, case))
        assert seen == {plan for plan in case.plans.all() if policy.can_view_plan(actor, plan)}


def test_assessments_are_seen_with_the_case(world: World, actor: Actor) -> None:
    for case in world.cases[::2]:
        seen = policy.assessments_visible_to(actor, case).exists()
        assert seen == bool(policy.can_view(actor, case))


def test_drafts_are_hidden_from_somebody_who_sees_the_agreed_plan(world: World) -> None:
    counts = {
        policy.plans_visible_to(each, case).count()
        for each in world.actors.values()
        for case in world.cases[::5]
    }
    assert counts == {0, 1, 2}

"""Few rows and many cost the same number of queries."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import timezone

from carenet.agencies.actors import Actor
from carenet.cases.models import (
    Assessment,
    AssessmentFinding,
    Case,
    PlanGoal,
    PlanReview,
    SupportPlan,
)
from tests.access.test_lists_are_flat import queries_of
from tests.cases.paths import at
from tests.factories import a_case, a_resident, api


def many_assessments(worker: Actor, number: int) -> str:
    case, before = a_case(worker), None
    for each in range(number):
        before = Assessment.objects.create(
            case=case, author_agency=worker.agency, author=worker.user, number=each + 1,
            occasion="review", assessed_on=timezone.localdate(), replaces=before,
        )  # fmt: skip
        AssessmentFinding.objects.create(assessment=before, domain="health", concern="some")
    return at(case, "assessments")


def many_plans(worker: Actor, number: int) -> str:
    case, now = a_case(worker), timezone.now()
    for each in range(number):
        plan = SupportPlan.objects.create(
            case=case, number=each + 1, status="ended", ended_at=now, overall_aim="在宅",
            written_by_agency=worker.agency, written_by=worker.user,
        )  # fmt: skip
        PlanGoal.objects.create(plan=plan, position=1, what="食べる", agency=worker.agency)
        PlanReview.objects.create(
            plan=plan, reviewed_on=now.date(), outcome="end", note="終了", by_agency=worker.agency
        )
    return at(case, "plans")


def many_without_person(worker: Actor, number: int) -> str:
    person = a_resident(worker)
    Case.objects.bulk_create(
        Case(resident=person, lead_agency=worker.agency, summary="…") for _ in range(number)
    )
    return "/api/v1/cases/without-person/"


@pytest.mark.parametrize("fill", [many_assessments, many_plans, many_without_person])
def test_a_page_costs_the_same(worker: Actor, fill: Callable[[Actor, int], str]) -> None:
    client = api(worker)
    few = queries_of(client, fill(worker, 3))
    assert len(queries_of(client, fill(worker, 8))) == len(few) <= 10

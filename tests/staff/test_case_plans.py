"""Plans, goals and assessments on the desk: written, agreed on, reviewed, settled; each lost race told."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from carenet.agencies.actors import Actor
from carenet.agencies.roles import Role
from carenet.cases.models import Assessment, Case, PlanGoal, SupportPlan
from carenet.cases.states import GoalState, PlanStatus
from carenet.referrals.actions import acceptance_and_outcome
from tests.cases.plans import GOAL, agreed, day, write
from tests.factories import a_case, a_member, a_sent_referral, an_agency, api
from tests.staff.browser import session_of
from tests.staff.query_count import queries

pytestmark = pytest.mark.django_db
PLAN = {
    "overall_aim": "家で暮らし続ける",
    "wishes": "庭の手入れをしたい",
    "goals_0_what": "転ばずに外へ出る",
    "goals_0_measures": "手すりをつける\n週1回の体操",
    "goals_0_others": "本人",
    "goals_0_until": day(60),
}


def desk(actor: Actor) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.cookies["sessionid"] = session_of(actor)
    return client


def of(case: Case, *parts: object) -> str:
    return f"/desk/cases/{case.pk}/" + "".join(f"{each}/" for each in parts)


@pytest.fixture
def lead() -> Actor:
    return a_member(an_agency())


@pytest.fixture
def case(lead: Actor) -> Case:
    return a_case(lead)


def a_draft(lead: Actor, case: Case) -> SupportPlan:
    write(api(lead), case)
    return SupportPlan.objects.get(case=case)


def sent(actor: Actor, case: Case, row: Any, *step: object, **form: Any) -> Any:
    row.refresh_from_db()
    return desk(actor).post(of(case, *step), {"version": row.version} | form)


@pytest.mark.operation("cases_plans_create")
def test_a_plan_is_written_with_its_goals(lead: Actor, case: Case) -> None:
    hands = {"goals_1_what": "服薬を続ける", "goals_1_agency": str(lead.user_id)}
    assert desk(lead).post(of(case, "plans", "new"), PLAN | hands).status_code == 303
    first, second = PlanGoal.objects.all()
    assert (first.measures, first.others) == (["手すりをつける", "週1回の体操"], "本人")
    assert (second.agency, second.person) == (lead.agency, lead.user)


def test_a_goal_that_is_nobodys_comes_back_at_its_line(lead: Actor, case: Case) -> None:
    form = PLAN | {"goals_0_others": ""}
    answer = desk(lead).post(of(case, "plans", "new"), form)
    assert answer.status_code == 400
    assert set(answer.context["form"].errors) == {"goals_0_agency"}
    assert "庭の手入れをしたい" in answer.content.decode()


def test_more_lines_are_asked_for_without_losing_anything(lead: Actor, case: Case) -> None:
    page = desk(lead).post(of(case, "plans", "new"), PLAN | {"more": "1"})
    assert "転ばずに外へ出る" in page.content.decode()
    assert len(page.context["form"].lines) == 3
    assert not SupportPlan.objects.exists()


@pytest.mark.operation("cases_plans_partial_update")
def test_a_draft_is_changed_by_its_version(lead: Actor, case: Case) -> None:
    plan = a_draft(lead, case)
    assert sent(lead, case, plan, "plans", plan.pk, **PLAN).status_code == 303
    plan.refresh_from_db()
    assert plan.wishes == "庭の手入れをしたい"
    stale = desk(lead).post(of(case, "plans", plan.pk), PLAN | {"version": "0"})
    assert stale.status_code == 412
    assert "転ばずに外へ出る" in stale.content.decode()


@pytest.mark.operation("cases_plans_agree_create", "cases_plans_review_create")
def test_it_is_agreed_on_and_reviewed(lead: Actor, case: Case) -> None:
    plan = a_draft(lead, case)
    days = {"agreed_on": "今日", "valid_from": "今日", "review_on": day(60)}
    assert sent(lead, case, plan, "plans", plan.pk, "agree", **days).status_code == 303
    plan.refresh_from_db()
    assert plan.status == PlanStatus.AGREED
    found = {"reviewed_on": "今日", "outcome": "end", "note": "達成した"}
    assert sent(lead, case, plan, "plans", plan.pk, "review", **found).status_code == 303
    page = desk(lead).get(of(case, "plans")).content.decode()
    assert "達成した" in page


def test_a_review_without_the_next_one_is_refused_at_its_field(lead: Actor, case: Case) -> None:
    agreed(api(lead), case)
    plan = SupportPlan.objects.get(case=case)
    found = {"reviewed_on": "今日", "outcome": "continue", "note": "順調"}
    answer = sent(lead, case, plan, "plans", plan.pk, "review", **found)
    assert set(answer.context["form"].errors) == {"next_review_on"}


@pytest.mark.operation("cases_plans_end_create")
def test_a_draft_is_given_up(lead: Actor, case: Case) -> None:
    plan = a_draft(lead, case)
    assert sent(lead, case, plan, "plans", plan.pk, "end", note="本人が望まない").status_code == 303
    plan.refresh_from_db()
    assert (plan.status, plan.end_note) == (PlanStatus.ENDED, "本人が望まない")


@pytest.mark.operation(
    "cases_goals_drop_create", "cases_goals_reach_create", "cases_goals_reopen_create"
)
def test_a_goal_is_reached_given_up_and_open_again(lead: Actor, case: Case) -> None:
    agreed(api(lead), case)
    goal = PlanGoal.objects.get()
    assert sent(lead, case, goal, "goals", goal.pk, "reach").status_code == 303
    assert sent(lead, case, goal, "goals", goal.pk, "reopen").status_code == 303
    assert sent(lead, case, goal, "goals", goal.pk, "drop").status_code == 400
    assert sent(lead, case, goal, "goals", goal.pk, "drop", note="転居").status_code == 303
    goal.refresh_from_db()
    assert goal.state == GoalState.DROPPED


def test_the_agency_that_sees_to_a_goal_settles_it_and_no_other(lead: Actor, case: Case) -> None:
    other = a_member(an_agency())
    referral = a_sent_referral(lead, other.agency, case)
    acceptance_and_outcome.accept(actor=other, referral_id=referral.pk)
    theirs = {"what": "受診に付き添う", "agency": str(other.agency_id)}
    agreed(api(lead), case, theirs, GOAL)
    page = desk(other).get(of(case, "plans"))
    goal = PlanGoal.objects.get(agency=other.agency_id)
    assert page.context["settle"] == {goal.pk}
    assert sent(other, case, goal, "goals", goal.pk, "reach").status_code == 303
    own = PlanGoal.objects.get(agency=None)
    assert desk(other).get(of(case, "goals", own.pk, "reach")).status_code == 403


@pytest.mark.operation("cases_goals_assign_create")
def test_a_goal_goes_to_somebody_else(lead: Actor, case: Case) -> None:
    agreed(api(lead), case)
    goal = PlanGoal.objects.get()
    assert (
        sent(lead, case, goal, "goals", goal.pk, "assign", agency=str(lead.agency_id)).status_code
        == 303
    )
    goal.refresh_from_db()
    assert (goal.agency_id, goal.others) == (lead.agency_id, "")


def test_a_draft_is_the_leads_alone(lead: Actor, case: Case) -> None:
    other = a_member(an_agency())
    referral = a_sent_referral(lead, other.agency, case)
    acceptance_and_outcome.accept(actor=other, referral_id=referral.pk)
    plan = a_draft(lead, case)
    assert desk(other).get(of(case, "plans")).context["plans"] == []
    assert desk(other).get(of(case, "plans", plan.pk, "agree")).status_code == 403


@pytest.mark.operation("cases_assessments_create")
def test_an_assessment_is_written_and_the_next_one_begins_with_it(lead: Actor, case: Case) -> None:
    said = {
        "version": 0, "occasion": "first", "assessed_on": "今日", "overall": "一人での外出に不安",
        "health_concern": "some", "health_text": "膝の痛み",
    }  # fmt: skip
    client = desk(lead)
    assert client.post(of(case, "assessments", "new"), said).status_code == 303
    assessment = Assessment.objects.get()
    assert [(each.domain, each.text) for each in assessment.findings.all()] == [
        ("health", "膝の痛み")
    ]
    assert "膝の痛み" in client.get(of(case, "assessments", "new")).content.decode()
    assert "一人での外出に不安" in client.get(of(case, "assessments")).content.decode()


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({}, "__all__"),
        ({"health_text": "膝の痛み"}, "health_concern"),
        ({"health_concern": "some", "occasion": "correction"}, "occasion"),
        ({"health_concern": "some", "assessed_on": "あさって"}, "assessed_on"),
    ],
)
def test_an_assessment_says_something(
    lead: Actor, case: Case, said: dict[str, str], wrong: str
) -> None:
    form = {"version": "0", "occasion": "first", "assessed_on": "今日"} | said
    answer = desk(lead).post(of(case, "assessments", "new"), form)
    assert set(answer.context["form"].errors) == {wrong}


def test_an_assessment_takes_the_place_of_none_that_nobody_has_read(
    lead: Actor, case: Case
) -> None:
    client, colleague = desk(lead), desk(a_member(lead.agency))
    said = {"version": 0, "occasion": "first", "assessed_on": "今日", "health_concern": "some"}
    assert colleague.post(of(case, "assessments", "new"), said).status_code == 303
    answer = client.post(of(case, "assessments", "new"), said | {"overall": "転倒が心配"})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "転倒が心配" in page
    assert 'name="version" value="1"' in page
    assert Assessment.objects.count() == 1
    again = said | {"version": 1, "occasion": "review"}
    assert client.post(of(case, "assessments", "new"), again).status_code == 303


def test_a_manager_reads_and_is_told_what_is_missing(lead: Actor, case: Case) -> None:
    manager = a_member(lead.agency, Role.MANAGER)
    for page in ("plans", "assessments"):
        assert desk(manager).get(of(case, page)).context["denials"]


@pytest.mark.parametrize("page", ["plans", "assessments"])
def test_one_goal_and_many_cost_the_same(lead: Actor, page: str) -> None:
    asked = []
    for number in (1, 4):
        case = a_case(lead)
        agreed(api(lead), case, *[GOAL] * number)
        asked.append(len(queries(desk(lead), of(case, page))))
    assert asked == [asked[0]] * 2
    assert asked[0] <= 12

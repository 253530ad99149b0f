"""What moves a case on its page: its state, who has it, who may see it; what an end settles is said first."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from carenet.agencies.actors import Actor
from carenet.agencies.roles import Role
from carenet.cases.actions.cases import restrict
from carenet.cases.models import Case, CaseMember
from carenet.cases.registry import CaseGuard
from carenet.cases.selectors import refusals
from carenet.cases.states import CaseStatus
from carenet.core.errors import Conflict
from carenet.referrals.actions import acceptance_and_outcome
from tests.factories import a_case, a_member, a_sent_referral, an_agency
from tests.staff.browser import session_of
from tests.tasks.calls import a_task

pytestmark = pytest.mark.django_db


def desk(actor: Actor) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.cookies["sessionid"] = session_of(actor)
    return client


def of(case: Case, step: str = "") -> str:
    return f"/desk/cases/{case.pk}/{step}"


def taken(actor: Actor, case: Case, step: str, **form: Any) -> Any:
    case.refresh_from_db()
    return desk(actor).post(of(case, f"{step}/"), {"version": case.version} | form, follow=True)


@pytest.fixture
def lead() -> Actor:
    return a_member(an_agency())


@pytest.fixture
def case(lead: Actor) -> Case:
    return a_case(lead)


def offered(actor: Actor, case: Case) -> set[str]:
    found = desk(actor).get(of(case)).context["offers"]
    return {each.address.split("/")[-2] for each in found}


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ([], {"plan", "close", "discontinue"}),
        (["plan"], {"support", "close", "discontinue"}),
        (["plan", "support"], {"monitor", "close", "discontinue"}),
        (["plan", "support", "monitor"], {"support", "close", "discontinue"}),
    ],
)
def test_what_the_table_allows_is_offered(
    lead: Actor, case: Case, steps: list[str], expected: set[str]
) -> None:
    for step in steps:
        assert taken(lead, case, step).context["done"]
    assert offered(lead, case) == expected | {"reassign", "restrict", "shares"}


@pytest.mark.operation("cases_support_create", "cases_monitor_create", "cases_discontinue_create")
def test_a_case_goes_through_its_states_on_its_page(lead: Actor, case: Case) -> None:
    for step, form in (
        ("plan", {}),
        ("support", {}),
        ("monitor", {}),
        ("discontinue", {"reason": "moved_away"}),
    ):
        assert taken(lead, case, step, **form).context["done"], step


def test_an_end_says_first_what_it_settles(lead: Actor, case: Case) -> None:
    task, other = a_task(lead, case), an_agency()
    referral = a_sent_referral(lead, other, case)
    page = desk(lead).get(of(case, "close/")).content.decode()
    assert f"/desk/tasks/{task.pk}/" in page
    assert f"/desk/referrals/{referral.pk}/" in page
    assert f"ends {settings.BASIS_DAYS_AFTER_CASE} days later" in page


@pytest.mark.operation("cases_close_create", "cases_reopen_create")
def test_a_case_is_closed_and_reopened(lead: Actor, case: Case) -> None:
    page = taken(lead, case, "close", reason="goal_reached", note="買い物に行けている")
    case.refresh_from_db()
    assert (case.status, case.end_note) == (CaseStatus.CLOSED, "買い物に行けている")
    assert "The case is closed" in page.content.decode()
    assert offered(lead, case) == {"reopen", "restrict"}
    taken(lead, case, "reopen")
    case.refresh_from_db()
    assert case.status == CaseStatus.ASSESSING


def test_an_end_says_why(lead: Actor, case: Case) -> None:
    assert taken(lead, case, "discontinue").status_code == 422


@pytest.mark.operation("cases_plan_create")
def test_whoever_was_overtaken_keeps_what_was_typed(lead: Actor, case: Case) -> None:
    form = {"version": case.version, "reason": "died", "note": "ご家族から連絡"}
    taken(lead, case, "plan")
    answer = desk(lead).post(of(case, "close/"), form)
    assert answer.status_code == 412
    assert "ご家族から連絡" in answer.content.decode()


def test_what_another_room_keeps_from_being_done_is_said_beforehand(
    lead: Actor, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    guard = CaseGuard(lambda _case: Conflict("先に済ませてください"), lambda _case: None)
    monkeypatch.setattr(refusals, "case_guards", [guard])
    assert "先に済ませてください" in desk(lead).get(of(case, "close/")).content.decode()


def test_nobody_takes_a_step_unseen(lead: Actor, case: Case) -> None:
    assert desk(lead).post(of(case, "plan/")).status_code == 428


def test_a_step_that_is_not_possible_is_refused_at_once(lead: Actor, case: Case) -> None:
    assert desk(lead).get(of(case, "monitor/")).status_code == 409


def test_another_agency_is_offered_nothing(lead: Actor, case: Case) -> None:
    other = a_member(an_agency())
    referral = a_sent_referral(lead, other.agency, case)
    acceptance_and_outcome.accept(actor=other, referral_id=referral.pk)
    assert offered(other, case) == set()
    assert desk(other).get(of(case, "close/")).status_code == 403


@pytest.mark.operation("cases_reassign_create", "cases_take_back_create")
def test_a_case_goes_into_other_hands_and_back_by_its_confirmation(lead: Actor, case: Case) -> None:
    colleague = a_member(lead.agency)
    page = taken(lead, case, "reassign", person=str(colleague.user_id))
    case.refresh_from_db()
    assert case.person_in_charge_id == colleague.user_id
    assert page.context["may_undo"]
    back = taken(lead, case, "take-back")
    case.refresh_from_db()
    assert case.person_in_charge_id == lead.user_id
    assert not back.context["may_undo"]


def test_the_address_of_the_confirmation_names_nobody(lead: Actor, case: Case) -> None:
    page = taken(lead, case, "reassign", person=str(a_member(lead.agency).user_id))
    assert page.redirect_chain[-1][0] == of(case, "?done=reassign")


def test_it_goes_to_nobody_of_another_agency(lead: Actor, case: Case) -> None:
    stranger = a_member(an_agency())
    assert taken(lead, case, "reassign", person=str(stranger.user_id)).status_code == 422


@pytest.mark.operation("cases_named_members_create", "cases_restrict_create")
def test_a_restricted_case_leads_to_who_is_named(lead: Actor, case: Case) -> None:
    colleague = a_member(lead.agency)
    page = taken(lead, case, "restrict")
    assert page.redirect_chain[-1][0] == of(case, "members/?done=restrict")
    assert desk(colleague).get(of(case)).status_code == 404
    assert (
        desk(lead).post(of(case, "members/"), {"user": str(colleague.user_id)}).status_code == 303
    )
    assert desk(colleague).get(of(case)).status_code == 200


def test_the_last_one_stays_named(lead: Actor, case: Case) -> None:
    restrict(actor=lead, case_id=case.pk)
    member = CaseMember.objects.get(case=case)
    answer = desk(lead).post(of(case, f"members/{member.pk}/end/"))
    assert answer.status_code == 409
    assert "First name somebody of your agency" in answer.content.decode()


@pytest.mark.operation("cases_named_members_end_create", "cases_unrestrict_create")
def test_a_naming_ends_and_the_case_is_opened_again(lead: Actor, case: Case) -> None:
    manager = a_member(lead.agency, Role.MANAGER)
    restrict(actor=lead, case_id=case.pk)
    desk(lead).post(of(case, "members/"), {"user": str(manager.user_id)})
    member = CaseMember.objects.get(case=case, user=manager.user_id)
    assert desk(lead).post(of(case, f"members/{member.pk}/end/")).status_code == 303
    assert desk(manager).get(of(case)).status_code == 404
    taken(lead, case, "unrestrict")
    assert desk(manager).get(of(case)).status_code == 200

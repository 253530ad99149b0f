"""A second referral from an existing case: no new consultation, person and case chosen already."""

from __future__ import annotations

import pytest
from django.test import Client

from carenet.agencies.actors import Actor
from carenet.agencies.roles import Role
from carenet.cases.actions.cases import move, restrict
from carenet.cases.models import Case, Consultation
from carenet.cases.states import CaseVerb
from carenet.referrals.models import Referral
from carenet.referrals.states import ReferralStatus
from tests.factories import a_case, a_member, a_resident, a_sent_referral, an_agency
from tests.staff.browser import session_of

pytestmark = pytest.mark.django_db


def desk(actor: Actor) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.cookies["sessionid"] = session_of(actor)
    return client


def of(case: Case) -> str:
    return f"/desk/cases/{case.pk}/referral/"


@pytest.fixture
def lead() -> Actor:
    return a_member(an_agency())


@pytest.fixture
def form() -> dict[str, str]:
    other = a_member(an_agency())
    return {
        "receiver": str(other.agency_id), "kind": "CO_SUPPORT", "need": "home_visit",
        "urgency": "normal", "sharing_basis": "WITHIN_PURPOSE", "reason": "手帳の申請を手伝ってほしい",
    }  # fmt: skip


def test_it_is_sent_from_the_case(lead: Actor, form: dict[str, str]) -> None:
    case = a_case(lead)
    a_sent_referral(lead, an_agency(), case)
    answer = desk(lead).post(of(case), form)
    referral = Referral.objects.get(reason=form["reason"])
    assert answer.headers["location"] == f"/desk/referrals/{referral.pk}/"
    assert (referral.status, referral.case_id) == (ReferralStatus.SENT, case.pk)
    assert not Consultation.objects.exists()


def test_it_is_kept_as_a_draft_to_be_completed(lead: Actor, form: dict[str, str]) -> None:
    answer = desk(lead).post(of(a_case(lead)), form | {"later": "1"})
    referral = Referral.objects.get()
    assert answer.headers["location"] == f"/desk/referrals/{referral.pk}/draft/"
    assert referral.status == ReferralStatus.DRAFT


def test_what_was_sent_of_the_case_stands_above_the_form(lead: Actor) -> None:
    case = a_case(lead)
    referral = a_sent_referral(lead, an_agency(), case)
    assert f"/desk/referrals/{referral.pk}/" in desk(lead).get(of(case)).content.decode()


def test_the_same_again_asks_why_and_keeps_nothing(lead: Actor, form: dict[str, str]) -> None:
    case = a_case(lead)
    desk(lead).post(of(case), form)
    answer = desk(lead).post(of(case), form | {"reason": "もう一度"})
    assert answer.status_code == 409
    assert "もう一度" in answer.content.decode()
    assert Referral.objects.count() == 1
    again = desk(lead).post(
        of(case), form | {"reason": "もう一度", "duplicate_reason": "状況が変わった"}
    )
    assert again.status_code == 303


def test_of_a_restricted_case_somebody_is_named(lead: Actor, form: dict[str, str]) -> None:
    case = a_case(lead)
    restrict(actor=lead, case_id=case.pk)
    answer = desk(lead).post(of(case), form)
    assert set(answer.context["form"].errors) == {"addressee"}


def test_a_protected_address_is_disclosed_by_a_word_alone(lead: Actor) -> None:
    person = a_resident(lead, address="大豆戸町26-1", address_protected=True)
    protected, open_one = a_case(lead, person), a_case(lead)
    assert "discloses_address" in desk(lead).get(of(protected)).context["form"].fields
    assert "discloses_address" not in desk(lead).get(of(open_one)).context["form"].fields


def test_an_ended_case_is_not_referred(lead: Actor) -> None:
    case = a_case(lead)
    move(actor=lead, case_id=case.pk, verb=CaseVerb.CLOSE, reason="other")
    assert desk(lead).get(of(case)).status_code == 409


def test_the_case_leads_there_whoever_may(lead: Actor) -> None:
    case = a_case(lead)
    assert of(case) in desk(lead).get(f"/desk/cases/{case.pk}/").content.decode()
    manager = a_member(lead.agency, Role.MANAGER)
    assert of(case) not in desk(manager).get(f"/desk/cases/{case.pk}/").content.decode()

"""Nobody is shown who works elsewhere by the forms of a case; and an undo is of one step alone."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from carenet.agencies.actors import Actor
from carenet.cases.actions.cases import reassign, restrict
from carenet.cases.models import Case, CaseMember
from carenet.referrals.actions import acceptance_and_outcome
from tests.factories import a_case, a_member, a_sent_referral, an_agency
from tests.staff.browser import session_of

pytestmark = pytest.mark.django_db


def desk(actor: Actor) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.cookies["sessionid"] = session_of(actor)
    return client


def of(case: Case, step: str = "") -> str:
    return f"/desk/cases/{case.pk}/{step}"


@pytest.fixture
def lead() -> Actor:
    return a_member(an_agency())


@pytest.fixture
def case(lead: Actor) -> Case:
    return a_case(lead)


@pytest.fixture
def partner(lead: Actor, case: Case) -> Actor:
    """Somebody of an agency that has a part in the case."""
    other = a_member(an_agency())
    referral = a_sent_referral(lead, other.agency, case)
    acceptance_and_outcome.accept(actor=other, referral_id=referral.pk)
    return other


def named(actor: Actor, name: str) -> Actor:
    user: Any = actor.user
    user.name = name
    user.save()
    return actor


def test_the_form_of_members_lists_nobody_who_works_elsewhere(
    lead: Actor, case: Case, partner: Actor
) -> None:
    elsewhere = named(a_member(partner.agency), "他所 花子")
    restrict(actor=lead, case_id=case.pk)
    page = desk(lead).get(of(case, "members/")).content.decode()
    assert "他所 花子" not in page
    assert str(elsewhere.user_id) not in page


def test_somebody_elsewhere_is_named_by_full_name(lead: Actor, case: Case, partner: Actor) -> None:
    elsewhere = named(a_member(partner.agency), "他所 花子")
    restrict(actor=lead, case_id=case.pk)
    form = {"agency": str(partner.agency_id), "addressee": "他所　花子"}
    assert desk(lead).post(of(case, "members/"), form).status_code == 303
    assert CaseMember.objects.filter(case=case, user=elsewhere.user_id).exists()


def test_nobody_is_named_without_a_name(lead: Actor, case: Case) -> None:
    restrict(actor=lead, case_id=case.pk)
    assert desk(lead).post(of(case, "members/"), {}).status_code == 422


def test_the_form_of_a_plan_is_for_the_lead_alone(lead: Actor, case: Case, partner: Actor) -> None:
    answer = desk(partner).post(of(case, "plans/new/"), {"overall_aim": ""})
    assert answer.status_code == 403
    assert f'value="{lead.user_id}"' not in answer.content.decode()


def test_a_refused_form_of_members_lists_nobody_who_works_elsewhere(
    lead: Actor, case: Case, partner: Actor
) -> None:
    elsewhere = named(a_member(partner.agency), "他所 花子")
    restrict(actor=lead, case_id=case.pk)
    answer = desk(lead).post(of(case, "members/"), {"agency": str(partner.agency_id)})
    assert answer.status_code == 422
    for hidden in ("他所 花子", str(elsewhere.user_id)):
        assert hidden not in answer.content.decode()


def test_an_undo_is_offered_to_whoever_did_it(lead: Actor, case: Case) -> None:
    colleague = a_member(lead.agency)
    form = {"version": case.version, "person": str(colleague.user_id)}
    there = desk(lead).post(of(case, "reassign/"), form).headers["location"]
    assert desk(lead).get(there).context["may_undo"]
    assert not desk(colleague).get(there).context["may_undo"]


def test_an_undo_is_not_offered_once_the_case_went_on(lead: Actor, case: Case) -> None:
    colleague, third = a_member(lead.agency), a_member(lead.agency)
    form = {"version": case.version, "person": str(colleague.user_id)}
    there = desk(lead).post(of(case, "reassign/"), form).headers["location"]
    person: Any = third.user
    reassign(actor=colleague, case_id=case.pk, person=person)
    assert not desk(lead).get(there).context["may_undo"]

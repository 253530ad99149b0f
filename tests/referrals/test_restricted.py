"""A referral of a restricted case: for one named person, and for nobody else at the receiver."""

from __future__ import annotations

import pytest

from carenet.agencies.actors import Actor
from carenet.agencies.models import AgencyKind
from carenet.agencies.roles import Role
from carenet.cases.actions import cases
from carenet.cases.models import Case, Confidentiality
from carenet.core.errors import Invalid
from carenet.referrals.actions import acceptance_and_outcome, drafts
from tests.factories import a_case, a_draft, a_member, a_sent_referral, a_system, an_agency, api

pytestmark = pytest.mark.django_db


@pytest.fixture
def addressee(receiver: Actor) -> Actor:
    return receiver


@pytest.fixture
def colleague(addressee: Actor) -> Actor:
    return a_member(addressee.agency)


@pytest.fixture
def case(sender: Actor) -> Case:
    return a_case(sender, confidentiality=Confidentiality.RESTRICTED)


def test_it_needs_an_addressee(sender: Actor, addressee: Actor, case: Case) -> None:
    draft = a_draft(sender, addressee.agency, case)
    with pytest.raises(Invalid) as refused:
        drafts.send(actor=sender, referral_id=draft.pk)
    assert "addressee" in refused.value.fields


def test_only_the_addressee_sees_it(
    sender: Actor, addressee: Actor, colleague: Actor, case: Case
) -> None:
    sent = a_sent_referral(sender, addressee.agency, case, addressee=addressee.user)
    assert api(addressee).get(f"/api/v1/referrals/{sent.pk}/").status_code == 200
    assert api(colleague).get(f"/api/v1/referrals/{sent.pk}/").status_code == 404


def test_only_the_addressee_finds_it_in_the_inbox(
    sender: Actor, addressee: Actor, colleague: Actor, case: Case
) -> None:
    sent = a_sent_referral(sender, addressee.agency, case, addressee=addressee.user)
    inbox = "/api/v1/referrals/?box=inbox"
    assert [row["id"] for row in api(addressee).get(inbox).json()["results"]] == [str(sent.pk)]
    assert api(colleague).get(inbox).json()["results"] == []


def test_the_coordinator_of_the_ward_does_not_see_it(
    sender: Actor, addressee: Actor, case: Case
) -> None:
    coordinator = a_member(an_agency(AgencyKind.WARD_OFFICE), Role.COORDINATOR)
    sent = a_sent_referral(sender, addressee.agency, case, addressee=addressee.user)
    assert api(coordinator).get(f"/api/v1/referrals/{sent.pk}/").status_code == 404


def test_the_person_in_charge_is_named_to_the_case(
    sender: Actor, addressee: Actor, colleague: Actor, case: Case
) -> None:
    sent = a_sent_referral(sender, addressee.agency, case, addressee=addressee.user)
    acceptance_and_outcome.accept(
        actor=addressee, referral_id=sent.pk, person_in_charge=colleague.user
    )
    assert api(colleague).get(f"/api/v1/cases/{case.pk}/").status_code == 200


def test_whoever_holds_the_ball_keeps_it_when_a_case_is_restricted_later(
    sender: Actor, addressee: Actor, colleague: Actor
) -> None:
    case = a_case(sender)
    sent = a_sent_referral(sender, addressee.agency, case)
    acceptance_and_outcome.accept(actor=addressee, referral_id=sent.pk)
    cases.restrict(actor=sender, case_id=case.pk)
    assert api(addressee).get(f"/api/v1/referrals/{sent.pk}/").status_code == 200
    assert api(colleague).get(f"/api/v1/referrals/{sent.pk}/").status_code == 404
    assert api(colleague).get("/api/v1/referrals/?box=inbox").json()["results"] == []


def test_a_partners_system_sees_nothing_of_a_restricted_case(sender: Actor, case: Case) -> None:
    system = a_system(sender.agency)
    assert system.get(f"/api/v1/cases/{case.pk}/").status_code == 404
    assert system.get("/api/v1/cases/").json()["results"] == []

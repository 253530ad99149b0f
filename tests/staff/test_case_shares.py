"""Agencies are let in on a case on its page: on a basis, for longer, no more."""

from __future__ import annotations

import pytest
from django.test import Client

from carenet.access.models import Grant
from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency
from carenet.cases.models import Case
from carenet.cases.selectors import live_grants
from tests.factories import a_case, a_member, a_sent_referral, an_agency
from tests.staff.browser import session_of

pytestmark = pytest.mark.django_db
PURPOSE = {"codename": "view_case", "basis": "WITHIN_PURPOSE", "reason": "訪問を分担する"}


@pytest.fixture
def lead() -> Actor:
    return a_member(an_agency())


@pytest.fixture
def case(lead: Actor) -> Case:
    return a_case(lead)


@pytest.fixture
def other() -> Agency:
    return an_agency()


def desk(actor: Actor) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.cookies["sessionid"] = session_of(actor)
    return client


def of(case: Case, *parts: object) -> str:
    return "/".join(["/desk/cases", str(case.pk), "shares", *map(str, parts), ""])


def shared(lead: Actor, case: Case, other: Agency) -> Grant:
    desk(lead).post(of(case), {"agency": str(other.pk), **PURPOSE})
    return live_grants(case.pk).get(group=other.group_id)


@pytest.mark.operation("cases_grants_create")
def test_an_agency_is_let_in_on_a_basis(lead: Actor, case: Case, other: Agency) -> None:
    grant = shared(lead, case, other)
    assert (grant.basis, grant.reason) == ("WITHIN_PURPOSE", "訪問を分担する")
    assert other.name in desk(lead).get(of(case)).content.decode()


def test_without_a_basis_what_was_typed_comes_back(lead: Actor, case: Case, other: Agency) -> None:
    answer = desk(lead).post(of(case), {**PURPOSE, "agency": str(other.pk), "basis": ""})
    assert answer.status_code == 422
    assert "訪問を分担する" in answer.content.decode()
    assert not live_grants(case.pk).filter(group=other.group_id).exists()


@pytest.mark.operation("cases_grants_prolong_create")
def test_a_share_goes_on_for_a_reason(lead: Actor, case: Case, other: Agency) -> None:
    grant = shared(lead, case, other)
    given = {"reason": "訪問が続く", "until": "あした"}
    assert desk(lead).post(of(case, grant.pk, "prolong"), given).status_code == 303
    assert live_grants(case.pk).get(group=other.group_id).reason == "訪問が続く"


@pytest.mark.operation("cases_grants_revoke_create")
def test_a_share_ends(lead: Actor, case: Case, other: Agency) -> None:
    grant = shared(lead, case, other)
    assert desk(lead).post(of(case, grant.pk, "end")).status_code == 303
    assert not live_grants(case.pk).filter(group=other.group_id).exists()


def test_what_belongs_to_a_referral_is_not_ended_by_hand(
    lead: Actor, case: Case, other: Agency
) -> None:
    a_sent_referral(lead, other, case)
    page = desk(lead).get(of(case)).content.decode()
    assert "End the share" not in page


def test_whoever_has_a_part_and_does_not_lead_lets_nobody_in(
    lead: Actor, case: Case, other: Agency
) -> None:
    guest = a_member(other)
    shared(lead, case, other)
    assert desk(guest).get(of(case)).status_code == 403

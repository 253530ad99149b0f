"""A protected address (DV等支援措置) is hidden from all who lack the right."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from carenet.access.models import Grant
from carenet.agencies.actors import Actor
from carenet.agencies.models import AgencyKind
from carenet.agencies.roles import Role
from carenet.cases.models import Case
from carenet.core.errors import Forbidden, Invalid
from carenet.referrals.actions.acceptance_and_outcome import accept, complete
from carenet.referrals.models import Referral, ReferralOutcome
from carenet.residents.models import Resident
from tests.factories import (
    a_case,
    a_member,
    a_resident,
    a_sent_referral,
    a_system,
    an_agency,
    api,
)
from tests.rest.raw_requests import code_of

HIDDEN_PLACE = "大豆戸町99-9"


@pytest.fixture
def person(registrar: Actor) -> Resident:
    return a_resident(registrar, address=HIDDEN_PLACE, address_protected=True)


@pytest.fixture
def case(registrar: Actor, person: Resident) -> Case:
    return a_case(registrar, person)


def record(client: APIClient, person: Resident) -> dict[str, Any]:
    answer = client.get(f"/api/v1/residents/{person.pk}/")
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json()
    return found


def sees(client: APIClient, person: Resident) -> bool:
    """Whether the address is shown; where it is not, nothing of the answer gives it away."""
    shown = record(client, person)
    if shown["address_hidden"]:
        assert shown["address"] is None
        assert HIDDEN_PLACE not in str(shown)
        return False
    return bool(shown["address"] == HIDDEN_PLACE)


def refer(registrar: Actor, helper: Actor, case: Case, **words: Any) -> Referral:
    """Refer the case to the helper's agency, where it is accepted."""
    referral = a_sent_referral(registrar, helper.agency, case, **words)
    return accept(actor=helper, referral_id=referral.pk)


def test_the_agency_that_registered_the_person_sees_it(registrar: Actor, person: Resident) -> None:
    for colleague in (registrar, a_member(registrar.agency, Role.MANAGER)):
        assert sees(api(colleague), person)
    assert sees(a_system(registrar.agency), person)


def test_an_address_that_is_not_protected_hides_from_nobody(
    registrar: Actor, helper: Actor
) -> None:
    person = a_resident(registrar, address=HIDDEN_PLACE)
    refer(registrar, helper, a_case(registrar, person))
    assert sees(api(helper), person)


def test_a_receiver_that_has_been_asked_does_not(
    registrar: Actor, helper: Actor, person: Resident, case: Case
) -> None:
    a_sent_referral(registrar, helper.agency, case, discloses_address=True)
    assert not sees(api(helper), person)


def test_a_receiver_that_supports_does_not(
    registrar: Actor, helper: Actor, person: Resident, case: Case
) -> None:
    refer(registrar, helper, case)
    assert not sees(api(helper), person)


def test_not_even_one_that_leads(
    registrar: Actor, helper: Actor, person: Resident, case: Case
) -> None:
    refer(registrar, helper, case, kind="TRANSFER_OF_LEAD")
    assert not sees(api(helper), person)


def test_an_accepted_referral_that_discloses_it_opens_it(
    registrar: Actor, helper: Actor, person: Resident, case: Case
) -> None:
    refer(registrar, helper, case, discloses_address=True)
    for colleague in (helper, a_member(helper.agency)):
        assert sees(api(colleague), person)
    assert sees(a_system(helper.agency), person)


def test_to_that_receiver_alone(
    registrar: Actor, helper: Actor, person: Resident, case: Case
) -> None:
    refer(registrar, helper, case, discloses_address=True)
    third = a_member(an_agency(AgencyKind.LIFE_SUPPORT_CENTER))
    refer(registrar, third, case)
    assert not sees(api(third), person)


def test_a_disclosure_is_in_the_ledger_with_its_basis(
    registrar: Actor, helper: Actor, case: Case
) -> None:
    referral = refer(
        registrar, helper, case, discloses_address=True, sharing_basis="WITHIN_PURPOSE"
    )
    grant = Grant.objects.get(permission__codename="view_protected_address")
    assert (grant.cause_id, grant.basis) == (referral.pk, "WITHIN_PURPOSE")
    assert grant.group_id == helper.agency.group_id


def test_a_disclosure_runs_out_with_its_referral(
    registrar: Actor, helper: Actor, person: Resident, case: Case
) -> None:
    referral = refer(registrar, helper, case, discloses_address=True)
    complete(
        actor=helper,
        referral_id=referral.pk,
        outcome=ReferralOutcome.SERVICE_STARTED,
        report="通所",
    )
    grant = Grant.objects.get(permission__codename="view_protected_address")
    assert grant.until
    assert grant.until > timezone.now()
    share = person.shares.get()
    share.until = timezone.now() - timedelta(seconds=1)
    share.save(update_fields=["until"])
    assert not sees(api(helper), person)


def test_who_cannot_see_it_cannot_disclose_it(
    registrar: Actor, helper: Actor, person: Resident, case: Case
) -> None:
    refer(registrar, helper, case, kind="TRANSFER_OF_LEAD")
    third = a_member(an_agency(AgencyKind.LIFE_SUPPORT_CENTER))
    with suppress(Forbidden, Invalid):
        refer(helper, third, case, discloses_address=True)
    third_sees = api(third).get(f"/api/v1/residents/{person.pk}/")
    assert HIDDEN_PLACE not in third_sees.content.decode()


def test_who_cannot_see_it_cannot_overwrite_it(
    registrar: Actor, helper: Actor, person: Resident, case: Case
) -> None:
    refer(registrar, helper, case, kind="TRANSFER_OF_LEAD")
    address, seen = f"/api/v1/residents/{person.pk}/", {"If-Match": '"1"'}
    answer = api(helper).patch(address, {"address": "篠原町1"}, headers=seen)
    assert code_of(answer, 403) == "address_protected"
    assert api(helper).patch(address, {"phone": "045"}, headers=seen).json()["address"] is None
    assert sees(api(registrar), person)


def test_only_the_agency_that_registered_the_person_lifts_it(
    registrar: Actor, helper: Actor, person: Resident, case: Case
) -> None:
    refer(registrar, helper, case, kind="TRANSFER_OF_LEAD", discloses_address=True)
    address, seen = f"/api/v1/residents/{person.pk}/", {"If-Match": '"1"'}
    lift = {"address_protected": False}
    assert code_of(api(helper).patch(address, lift, headers=seen), 403) == "address_protected"
    assert api(registrar).patch(address, lift, headers=seen).status_code == 200


def test_the_lead_may_set_it(registrar: Actor, helper: Actor) -> None:
    person = a_resident(registrar, address=HIDDEN_PLACE)
    refer(registrar, helper, a_case(registrar, person), kind="TRANSFER_OF_LEAD")
    protect = {"address_protected": True}
    address, seen = f"/api/v1/residents/{person.pk}/", {"If-Match": '"1"'}
    assert api(helper).patch(address, protect, headers=seen).status_code == 200
    third = a_member(an_agency(AgencyKind.LIFE_SUPPORT_CENTER))
    case = person.cases.get()
    case.refresh_from_db()
    refer(helper, third, case)
    assert not sees(api(third), person)


def test_a_disclosure_is_for_one_person(
    registrar: Actor, helper: Actor, person: Resident, case: Case
) -> None:
    refer(registrar, helper, case, discloses_address=True)
    other = a_resident(registrar, address=HIDDEN_PLACE, address_protected=True)
    refer(registrar, helper, a_case(registrar, other))
    assert sees(api(helper), person)
    assert not sees(api(helper), other)


def test_a_protected_address_is_in_no_list_and_no_referral(
    registrar: Actor, helper: Actor, case: Case
) -> None:
    referral = refer(registrar, helper, case)
    for address in (
        "/api/v1/cases/",
        f"/api/v1/cases/{case.pk}/",
        "/api/v1/referrals/",
        f"/api/v1/referrals/{referral.pk}/",
        f"/api/v1/referrals/{referral.pk}/events/",
    ):
        assert HIDDEN_PLACE not in api(helper).get(address).content.decode()

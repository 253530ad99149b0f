"""Correcting the record: the agency that registered the person, and whoever leads their case."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.http import HttpResponse
from rest_framework.test import APIClient

from carenet.agencies.actors import Actor
from carenet.agencies.roles import Role
from carenet.cases.actions.cases import move
from carenet.cases.models import Case
from carenet.cases.states import CaseVerb
from carenet.referrals.actions.acceptance_and_outcome import accept
from carenet.residents.models import Resident
from tests.factories import a_case, a_member, a_resident, a_sent_referral, a_system, api
from tests.rest.raw_requests import code_of, pointers_of


@pytest.fixture
def person(registrar: Actor) -> Resident:
    return a_resident(registrar, birth_year=1941)


def correct(client: APIClient, person: Resident, **changes: Any) -> HttpResponse:
    person.refresh_from_db()
    seen = {"If-Match": f'"{person.version}"'}
    return client.patch(f"/api/v1/residents/{person.pk}/", changes, headers=seen)


def a_case_of(registrar: Actor, person: Resident, helper: Actor, kind: str) -> Case:
    """Open a case of a person and refer it to the helper, who accepts."""
    case = a_case(registrar, person)
    referral = a_sent_referral(registrar, helper.agency, case, kind=kind)
    accept(actor=helper, referral_id=referral.pk)
    case.refresh_from_db()
    return case


def test_the_agency_that_registered_a_person_corrects_the_record(
    registrar: Actor, person: Resident
) -> None:
    assert correct(api(registrar), person, phone="045-000-0000").status_code == 200
    person.refresh_from_db()
    assert (person.phone, person.version) == ("045-000-0000", 2)


def test_what_is_not_sent_stays(registrar: Actor, person: Resident) -> None:
    correct(api(registrar), person, phone="045-000-0000")
    person.refresh_from_db()
    assert (person.family_name, person.birth_year) == ("髙橋", 1941)


def test_a_day_of_birth_replaces_the_year(registrar: Actor, person: Resident) -> None:
    correct(api(registrar), person, birth_date="1941-12-08")
    person.refresh_from_db()
    assert (person.birth_precision, person.birth_year) == ("day", None)


def test_a_year_replaces_the_day(registrar: Actor) -> None:
    person = a_resident(registrar, birth_date=date(1941, 12, 8))
    correct(api(registrar), person, birth_year=1942)
    person.refresh_from_db()
    assert (person.birth_precision, person.birth_date) == ("year", None)


def test_what_is_known_of_a_birth_can_be_taken_back(registrar: Actor, person: Resident) -> None:
    correct(api(registrar), person, birth_year=None)
    person.refresh_from_db()
    assert person.birth_precision == "unknown"


def test_an_impossible_birth_is_refused_here_too(registrar: Actor, person: Resident) -> None:
    assert pointers_of(correct(api(registrar), person, birth_year=1700)) == ["/birth_year"]
    person.refresh_from_db()
    assert (person.birth_year, person.version) == (1941, 1)


@pytest.mark.parametrize("change", [{"family_name": ""}, {"registered_by": "x"}, {"age": 84}])
def test_a_bad_correction_changes_nothing(
    registrar: Actor, person: Resident, change: dict[str, object]
) -> None:
    body = {"phone": "045-000-0000"} | change
    assert pointers_of(correct(api(registrar), person, **body)) == [f"/{next(iter(change))}"]
    person.refresh_from_db()
    assert (person.phone, person.version) == ("", 1)


def test_who_leads_an_open_case_corrects_the_record(
    registrar: Actor, person: Resident, helper: Actor
) -> None:
    a_case_of(registrar, person, helper, "TRANSFER_OF_LEAD")
    assert correct(api(helper), person, phone="045-000-0000").status_code == 200


def test_until_the_case_ends(registrar: Actor, person: Resident, helper: Actor) -> None:
    case = a_case_of(registrar, person, helper, "TRANSFER_OF_LEAD")
    move(actor=helper, case_id=case.pk, verb=CaseVerb.CLOSE, reason="goal_reached")
    answer = correct(api(helper), person, phone="045-000-0000")
    assert code_of(answer, 403) == "not_record_keeper"


def test_who_only_supports_does_not(registrar: Actor, person: Resident, helper: Actor) -> None:
    a_case_of(registrar, person, helper, "CO_SUPPORT")
    answer = correct(api(helper), person, phone="045-000-0000")
    assert code_of(answer, 403) == "not_record_keeper"


def test_nor_who_has_only_been_asked(registrar: Actor, person: Resident, helper: Actor) -> None:
    a_sent_referral(registrar, helper.agency, a_case(registrar, person))
    answer = correct(api(helper), person, phone="045-000-0000")
    assert code_of(answer, 403) == "not_record_keeper"


def test_the_agency_that_registered_keeps_the_record_when_the_lead_moves(
    registrar: Actor, person: Resident, helper: Actor
) -> None:
    a_case_of(registrar, person, helper, "TRANSFER_OF_LEAD")
    assert correct(api(registrar), person, phone="045-000-0000").status_code == 200


@pytest.mark.parametrize("role", [Role.MANAGER, Role.COORDINATOR])
def test_in_the_agency_it_is_casework(registrar: Actor, person: Resident, role: Role) -> None:
    answer = correct(api(a_member(registrar.agency, role)), person, phone="045-000-0000")
    assert code_of(answer, 403) == "role_missing"


def test_the_agencys_system_corrects_too(registrar: Actor, person: Resident) -> None:
    system = a_system(registrar.agency)
    assert correct(system, person, phone="045-000-0000").status_code == 200


def test_of_two_corrections_of_the_same_version_one_counts(
    registrar: Actor, person: Resident
) -> None:
    address, seen = f"/api/v1/residents/{person.pk}/", {"If-Match": '"1"'}
    first = api(registrar).patch(address, {"phone": "045-000-0001"}, headers=seen)
    second = api(registrar).patch(address, {"phone": "045-000-0002"}, headers=seen)
    assert (first.status_code, second.status_code) == (200, 412)
    person.refresh_from_db()
    assert person.phone == "045-000-0001"

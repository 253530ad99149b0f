"""What an answered inquiry shares is the record alone: it says whether it is the same person."""

from __future__ import annotations

from datetime import date

import pytest

from carenet.agencies.actors import Actor
from carenet.residents.actions import find_duplicates, found_household, inquire, share
from carenet.residents.models import HouseholdMember, Resident
from tests.factories import a_resident, api
from tests.residents.samples import a_consent, a_contact
from tests.rest.raw_requests import code_of, pointers_of

RESIDENTS = "/api/v1/residents/"
SAME = {"family_name": "鶴見", "given_name": "栞", "birth_date": date(1941, 12, 8)}


@pytest.fixture
def person(registrar: Actor) -> Resident:
    return a_resident(registrar, **SAME)


@pytest.fixture
def home(registrar: Actor, person: Resident) -> HouseholdMember:
    return found_household(actor=registrar, resident=person, role="head")


@pytest.fixture
def reader(registrar: Actor, helper: Actor, person: Resident) -> Actor:
    """A caseworker of the agency with which an inquiry shared the record."""
    (hint,) = find_duplicates(actor=helper, **SAME).hints
    asked = inquire(actor=helper, hint_id=hint.pk, words="訪問で出会った")
    share(actor=registrar, inquiry_id=asked.pk, basis="LIFE_BODY_PROPERTY", reason="火の不始末")
    assert api(helper).get(f"{RESIDENTS}{person.pk}/").status_code == 200
    return helper


@pytest.mark.parametrize("part", ["contacts", "certifications", "consents", "facts", "households"])
def test_what_hangs_on_the_person_is_not_shared(
    reader: Actor, registrar: Actor, person: Resident, part: str
) -> None:
    a_contact(registrar, person)
    denied = api(reader).get(f"{RESIDENTS}{person.pk}/{part}/")
    assert code_of(denied, 403) == "forbidden"


def test_nor_the_household(reader: Actor, home: HouseholdMember) -> None:
    assert code_of(api(reader).get(f"/api/v1/households/{home.household_id}/"), 404) == "not_found"


def test_nor_does_the_reader_write_down_what_the_person_says(
    reader: Actor, registrar: Actor, person: Resident
) -> None:
    word = {
        "pole": "given", "agencies": [str(reader.agency_id)], "categories": ["support"],
        "method": "oral",
    }  # fmt: skip
    denied = api(reader).post(f"{RESIDENTS}{person.pk}/consents/", word)
    assert code_of(denied, 403) == "forbidden"
    consent = a_consent(registrar, person, reader.agency)
    at = f"{RESIDENTS}{person.pk}/consents/{consent.pk}/withdraw/"
    assert code_of(api(reader).post(at, {"method": "oral"}), 404) == "not_found"


def test_with_a_case_of_their_own_the_reader_works_with_the_person(
    reader: Actor, registrar: Actor, person: Resident
) -> None:
    contact = a_contact(registrar, person)
    opened = api(reader).post("/api/v1/cases/", {"resident": str(person.pk), "summary": "独居"})
    assert opened.status_code == 201, pointers_of(opened)
    rows = api(reader).get(f"{RESIDENTS}{person.pk}/contacts/").json()["results"]
    assert [row["id"] for row in rows] == [str(contact.pk)]


def test_whoever_has_died_is_found_as_such(registrar: Actor, person: Resident) -> None:
    body = {"reason": "died", "on": "2026-01-05"}
    api(registrar).post(f"{RESIDENTS}{person.pk}/end/", body)
    (found,) = api(registrar).post(f"{RESIDENTS}search/", {"name": "鶴見"}).json()["results"]
    assert (found["ended_because"], found["ended_on"]) == ("died", "2026-01-05")
    said = {"family_name": "鶴見", "given_name": "栞", "birth_date": "1941-12-08"}
    (match,) = api(registrar).post(f"{RESIDENTS}matches/", said).json()["matches"]
    assert match["ended_because"] == "died"

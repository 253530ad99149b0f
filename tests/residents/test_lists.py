"""What hangs on a person costs the same number of queries, however much of it there is."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from carenet.agencies.actors import Actor
from carenet.residents.actions import found_household
from carenet.residents.models import (
    Certification,
    Consent,
    Contact,
    Household,
    HouseholdMember,
    Resident,
)
from tests.access.test_lists_are_flat import queries_of
from tests.factories import a_resident, api
from tests.residents.samples import a_fact

MOST = 10


def many_contacts(_actor: Actor, person: Resident, number: int) -> None:
    today = timezone.localdate()
    Contact.objects.bulk_create(
        Contact(
            resident=person, name="次郎", relationship="friend",
            confirmed_on=today, expires_on=today + timedelta(days=1),
        )
        for _ in range(number)
    )  # fmt: skip


def many_certifications(actor: Actor, person: Resident, number: int) -> None:
    Certification.objects.bulk_create(
        Certification(
            resident=person, care_level="06", certified_from=date(2020, 1, 5),
            recorded_by=actor.agency,
        )
        for _ in range(number)
    )  # fmt: skip


def many_consents(actor: Actor, person: Resident, number: int) -> None:
    Consent.objects.bulk_create(
        Consent(
            resident=person, pole="given", agencies=[actor.agency_id], categories=["support"],
            stated_on=date(2020, 1, 5), method="oral", recorded_by=actor.agency,
            recorded_by_person=actor.user,
        )
        for _ in range(number)
    )  # fmt: skip


def many_households(actor: Actor, person: Resident, number: int) -> None:
    """A person who has lived in many places, each time with two others."""
    for household in Household.objects.bulk_create(Household() for _ in range(number)):
        people = Resident.objects.bulk_create(
            Resident(registered_by=actor.agency, family_name="髙橋") for _ in range(2)
        )
        HouseholdMember.objects.bulk_create(
            HouseholdMember(
                household=household, resident=each, role="other", until=date(2020, 1, 5),
                ended_at=timezone.now(),
            )
            for each in (person, *people)
        )  # fmt: skip


def many_facts(actor: Actor, person: Resident, number: int) -> None:
    for _ in range(number):
        a_fact(actor, person)


FILLED = {
    "facts": many_facts,
    "contacts": many_contacts,
    "certifications": many_certifications,
    "consents": many_consents,
    "households": many_households,
}


@pytest.mark.parametrize("name", FILLED)
def test_few_rows_and_many_cost_the_same(registrar: Actor, name: str) -> None:
    person, client = a_resident(registrar), api(registrar)
    address = f"/api/v1/residents/{person.pk}/{name}/"
    FILLED[name](registrar, person, 3)
    few = queries_of(client, address)
    FILLED[name](registrar, person, 8)
    assert len(few) == len(queries_of(client, address)) <= MOST


def test_a_household_of_two_costs_as_much_as_one_of_twenty(registrar: Actor) -> None:
    member = found_household(actor=registrar, resident=a_resident(registrar), role="head")
    address, client = f"/api/v1/residents/{member.resident_id}/households/", api(registrar)
    alone = queries_of(client, address)
    people = Resident.objects.bulk_create(
        Resident(registered_by=registrar.agency, family_name="髙橋") for _ in range(20)
    )
    HouseholdMember.objects.bulk_create(
        HouseholdMember(household=member.household, resident=each, role="other") for each in people
    )
    assert len(alone) == len(queries_of(client, address))

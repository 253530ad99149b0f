"""What hangs on the people of a world: contacts, certifications, consents and households of some."""

from __future__ import annotations

from itertools import product

from carenet.core import clock
from carenet.residents.models import (
    Certification,
    Consent,
    Contact,
    Household,
    HouseholdMember,
    Resident,
    ResidentFact,
)
from tests.access.combinations import World

#: One in so many has records.
EVERY = 35


def people_with_records(world: World) -> list[Resident]:
    return world.residents[::EVERY]


def add_records(world: World) -> None:
    for number, person in enumerate(people_with_records(world)):
        _add(person, world, number)


def _add(person: Resident, world: World, number: int) -> None:
    today = clock.today()
    later = today.replace(year=today.year + 1, day=1)
    agencies = list(world.agencies.values())
    Contact.objects.create(
        resident=person, name="長女", relationship="child", confirmed_on=today, expires_on=later
    )
    Certification.objects.create(
        resident=person,
        care_level="21",
        certified_from=today,
        certified_until=later,
        recorded_by=agencies[0],
    )
    for pole in ("given", "refused"):
        Consent.objects.create(
            resident=person,
            pole=pole,
            agencies=[agencies[number % len(agencies)].pk],
            categories=["contacts"],
            stated_on=today,
            method="oral",
            recorded_by=agencies[(number + 1) % len(agencies)],
        )
    for kind, audience in product(("language", "school"), ("work", "case", "agency")):
        ResidentFact.objects.create(
            resident=person,
            kind=kind,
            detail="手話",
            source="observed",
            audience=audience,
            known_on=today,
            recorded_by=agencies[number % len(agencies)],
        )
    HouseholdMember.objects.create(
        household=Household.objects.create(), resident=person, role="spouse"
    )

"""What hangs on a person follows when two records become one, and returns when they are two."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from django.utils import timezone

from carenet.agencies.actors import Actor
from carenet.reminders.models import Reminder
from carenet.residents.actions import certify, end_record, found_household
from carenet.residents.models import Resident
from tests.factories import a_resident, api
from tests.residents.samples import a_consent, a_contact, a_fact
from tests.residents.test_merge import RESIDENTS, merge, unmerge
from tests.rest.raw_requests import code_of

STALE, CERTIFICATION = "resident.contact_stale", "resident.certification_ending"
CONSENT = "resident.consent_ending"


@pytest.fixture
def survivor(registrar: Actor) -> Resident:
    return a_resident(registrar)


@pytest.fixture
def loser(registrar: Actor) -> Resident:
    return a_resident(registrar)


def listed(actor: Actor, person: Resident, part: str) -> list[str]:
    answer = api(actor).get(f"{RESIDENTS}{person.pk}/{part}/")
    assert answer.status_code == 200, answer.content
    return [row["id"] for row in answer.json()["results"]]


def certified(actor: Actor, person: Resident, until: date) -> UUID:
    certification = certify(
        actor=actor, resident_id=person.pk, care_level="21",
        certified_from=timezone.localdate(), certified_until=until,
    )  # fmt: skip
    return certification.pk


def chased(kind: str, subject: UUID) -> bool:
    return Reminder.objects.filter(kind=kind, subject_id=subject, settled_at=None).exists()


def test_contacts_certifications_consents_households_and_facts_follow(
    registrar: Actor, helper: Actor, survivor: Resident, loser: Resident
) -> None:
    soon = timezone.localdate() + timedelta(days=100)
    contact = a_contact(registrar, loser)
    certification = certified(registrar, loser, soon)
    consent = a_consent(registrar, loser, helper.agency)
    member = found_household(actor=registrar, resident=loser, role="head")
    fact = a_fact(registrar, loser)
    assert merge(registrar, survivor, loser).status_code == 200
    assert listed(registrar, survivor, "contacts") == [str(contact.pk)]
    assert listed(registrar, survivor, "certifications") == [str(certification)]
    assert listed(registrar, survivor, "consents") == [str(consent.pk)]
    assert listed(registrar, survivor, "facts") == [str(fact.pk)]
    assert listed(registrar, survivor, "households") == [str(member.household_id)]
    unmerge(registrar, survivor, loser)
    assert listed(registrar, loser, "contacts") == [str(contact.pk)]
    assert listed(registrar, survivor, "consents") == []
    assert listed(registrar, loser, "facts") == [str(fact.pk)]


def test_so_does_what_falls_due_about_them(
    registrar: Actor, survivor: Resident, loser: Resident
) -> None:
    a_contact(registrar, loser)
    certified(registrar, loser, timezone.localdate() + timedelta(days=100))
    merge(registrar, survivor, loser)
    for kind in (STALE, CERTIFICATION):
        assert chased(kind, survivor.pk)
        assert not chased(kind, loser.pk)
    unmerge(registrar, survivor, loser)
    for kind in (STALE, CERTIFICATION):
        assert chased(kind, loser.pk)
        assert not chased(kind, survivor.pk)


def test_what_is_said_of_a_consent_names_the_record_that_is_left(
    registrar: Actor, helper: Actor, survivor: Resident, loser: Resident
) -> None:
    soon = timezone.localdate() + timedelta(days=100)
    consent = a_consent(registrar, loser, helper.agency, expires_on=soon)
    merge(registrar, survivor, loser)
    reminder = Reminder.objects.get(kind=CONSENT, subject_id=consent.pk, settled_at=None)
    assert reminder.subject_code.endswith(survivor.pk.hex[-8:])


def test_somebody_alive_is_not_merged_with_somebody_dead(
    registrar: Actor, survivor: Resident, loser: Resident
) -> None:
    end_record(actor=registrar, resident_id=loser.pk, reason="died", on=timezone.localdate())
    assert code_of(merge(registrar, survivor, loser), 409) == "record_ended"
    assert code_of(merge(registrar, loser, survivor), 409) == "record_ended"


def test_two_records_that_have_both_ended_become_one(
    registrar: Actor, survivor: Resident, loser: Resident
) -> None:
    for person in (survivor, loser):
        end_record(actor=registrar, resident_id=person.pk, reason="died", on=timezone.localdate())
    assert merge(registrar, survivor, loser).status_code == 200


def test_the_end_of_a_record_and_its_undoing_stand_in_its_history(
    registrar: Actor, survivor: Resident
) -> None:
    end_record(
        actor=registrar, resident_id=survivor.pk, reason="moved_away", on=timezone.localdate()
    )
    api(registrar).post(f"{RESIDENTS}{survivor.pk}/reinstate/", {})
    rows = api(registrar).get(f"{RESIDENTS}{survivor.pk}/versions/").json()["results"]
    assert [row["change"] for row in rows] == ["reinstate", "end", "register"]
    assert rows[1]["changes"]["ended_because"] == {"from": "", "to": "moved_away"}

"""Whom to call for a person: seen in casework, kept by record keepers, ended and never deleted."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import ProgrammingError, transaction
from django.utils import timezone

from carenet.agencies.actors import Actor
from carenet.residents.models import Contact, Resident
from tests.factories import a_case, a_resident, a_sent_referral, api
from tests.residents.samples import a_contact
from tests.rest.raw_requests import code_of, pointers_of


@pytest.fixture
def person(registrar: Actor) -> Resident:
    return a_resident(registrar)


def at(person: Resident, *parts: object) -> str:
    below = "".join(f"{part}/" for part in parts)
    return f"/api/v1/residents/{person.pk}/contacts/{below}"


def test_a_name_and_a_relationship_are_enough_and_hold_for_a_year(
    registrar: Actor, person: Resident
) -> None:
    answer = api(registrar).post(at(person), {"name": "髙橋 次郎", "relationship": "sibling"})
    assert answer.status_code == 201, answer.content
    year = timezone.localdate() + timedelta(days=365)
    assert answer.json()["expires_on"] == year.isoformat()


def test_whoever_works_with_the_person_sees_them(
    registrar: Actor, helper: Actor, person: Resident
) -> None:
    contact = a_contact(registrar, person)
    assert api(helper).get(at(person)).status_code == 404
    a_sent_referral(registrar, helper.agency, a_case(registrar, person))
    (row,) = api(helper).get(at(person)).json()["results"]
    assert row["id"] == str(contact.pk)


def test_only_a_record_keeper_writes(registrar: Actor, helper: Actor, person: Resident) -> None:
    a_sent_referral(registrar, helper.agency, a_case(registrar, person))
    answer = api(helper).post(at(person), {"name": "次郎", "relationship": "friend"})
    assert code_of(answer, 403) == "not_record_keeper"


def test_to_confirm_renews(registrar: Actor, person: Resident) -> None:
    contact = a_contact(registrar, person)
    Contact.objects.filter(pk=contact.pk).update(confirmed_on="2020-01-05", expires_on="2021-01-05")
    answer = api(registrar).post(at(person, contact.pk, "confirm"), {})
    assert answer.json()["confirmed_on"] == timezone.localdate().isoformat()
    assert answer.json()["expires_on"] > timezone.localdate().isoformat()


def test_nobody_confirms_for_tomorrow(registrar: Actor, person: Resident) -> None:
    contact = a_contact(registrar, person)
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    answer = api(registrar).post(at(person, contact.pk, "confirm"), {"confirmed_on": tomorrow})
    assert pointers_of(answer) == ["/confirmed_on"]


def test_a_correction_needs_the_version_that_was_seen(registrar: Actor, person: Resident) -> None:
    contact = a_contact(registrar, person)
    client, address = api(registrar), at(person, contact.pk)
    assert code_of(client.patch(address, {"holds_key": True}), 428) == "if_match_required"
    changed = client.patch(address, {"holds_key": True}, headers={"If-Match": '"1"'})
    assert changed.json()["holds_key"] is True
    again = client.patch(address, {"holds_key": False}, headers={"If-Match": '"1"'})
    assert code_of(again, 412) == "version_changed"


def test_an_ended_contact_is_out_of_the_way_but_kept(registrar: Actor, person: Resident) -> None:
    contact = a_contact(registrar, person)
    client = api(registrar)
    client.post(at(person, contact.pk, "end"), {})
    assert client.get(at(person)).json()["results"] == []
    assert len(client.get(at(person), {"standing": "ended"}).json()["results"]) == 1
    assert code_of(client.post(at(person, contact.pk, "confirm"), {}), 409) == "conflict"


def test_the_database_deletes_none(registrar: Actor, person: Resident) -> None:
    a_contact(registrar, person)
    with pytest.raises(ProgrammingError, match="Cannot delete"), transaction.atomic():
        Contact.objects.all().delete()


def test_a_contact_is_not_reached_through_another_person(
    registrar: Actor, person: Resident
) -> None:
    contact, other = a_contact(registrar, person), a_resident(registrar)
    assert api(registrar).post(at(other, contact.pk, "end"), {}).status_code == 404

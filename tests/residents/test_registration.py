"""Putting a person on the register: as little as the work needs, written as they write themselves."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError
from django.utils import timezone

from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency
from carenet.agencies.roles import Role, Scope
from carenet.audit.models import AuditEntry
from carenet.residents.models import Resident
from tests.factories import a_member, a_resident, a_system, an_agency, api
from tests.rest.raw_requests import code_of, pointers_of

RESIDENTS = "/api/v1/residents/"


def born(registrar: Actor, **birth: Any) -> tuple[str, Any, Any]:
    """Register somebody; return what is known of their birth."""
    answer = api(registrar).post(RESIDENTS, {"family_name": "髙橋"} | birth)
    assert answer.status_code == 201, answer.content
    shown = answer.json()
    return shown["birth_precision"], shown["birth_date"], shown["birth_year"]


def test_a_name_is_enough(registrar: Actor) -> None:
    answer = api(registrar).post(RESIDENTS, {"family_name": "髙橋"})
    assert answer.status_code == 201
    assert answer.json() == {
        "id": str(Resident.objects.get().pk),
        "family_name": "髙橋",
        "given_name": "",
        "family_kana": "",
        "given_kana": "",
        "birth_precision": "unknown",
        "birth_date": None,
        "birth_year": None,
        "address": "",
        "address_protected": False,
        "address_hidden": False,
        "phone": "",
        "insured_number": "",
        "registered_by": str(registrar.agency_id),
        "registered_at": answer.json()["registered_at"],
        "ended_because": "",
        "ended_on": None,
    }


def test_what_was_registered_can_be_read_back(registrar: Actor) -> None:
    made = api(registrar).post(
        RESIDENTS,
        {
            "family_name": "神\U000e0100",
            "given_name": "﨑子",
            "family_kana": "カミ",
            "given_kana": "サキコ",
            "birth_date": "1941-12-08",
            "address": "横浜市港北区大豆戸町26-1",
            "phone": "045-000-0000",
        },
    )
    read = api(registrar).get(f"{RESIDENTS}{made.json()['id']}/")
    assert (read.json(), read["ETag"]) == (made.json(), made["ETag"])


def test_the_day_of_birth_may_be_known(registrar: Actor) -> None:
    assert born(registrar, birth_date="1941-12-08") == ("day", "1941-12-08", None)


def test_or_only_the_year(registrar: Actor) -> None:
    assert born(registrar, birth_year=1941) == ("year", None, 1941)


def test_or_nothing(registrar: Actor) -> None:
    assert born(registrar, birth_date=None, birth_year=None) == ("unknown", None, None)


def test_day_and_year_together_are_refused(registrar: Actor) -> None:
    body = {"family_name": "髙橋", "birth_date": "1941-12-08", "birth_year": 1941}
    assert pointers_of(api(registrar).post(RESIDENTS, body)) == ["/birth_year"]


def test_how_much_is_known_follows_and_is_not_said(registrar: Actor) -> None:
    body = {"family_name": "髙橋", "birth_precision": "day"}
    assert pointers_of(api(registrar).post(RESIDENTS, body)) == ["/birth_precision"]


@pytest.mark.parametrize("day", ["1879-12-31", "1941-02-29", "1941-13-01", "2100-01-01"])
def test_nobody_is_born_on_a_day_that_cannot_be(registrar: Actor, day: str) -> None:
    body = {"family_name": "髙橋", "birth_date": day}
    assert pointers_of(api(registrar).post(RESIDENTS, body)) == ["/birth_date"]


def test_nor_tomorrow_but_today(registrar: Actor) -> None:
    today = timezone.localdate()
    tomorrow = {"family_name": "髙橋", "birth_date": str(today + timedelta(days=1))}
    assert pointers_of(api(registrar).post(RESIDENTS, tomorrow)) == ["/birth_date"]
    assert born(registrar, birth_date=str(today))[0] == "day"


@pytest.mark.parametrize("year", [1879, 2100])
def test_nor_in_a_year_that_cannot_be(registrar: Actor, year: int) -> None:
    body = {"family_name": "髙橋", "birth_year": year}
    assert pointers_of(api(registrar).post(RESIDENTS, body)) == ["/birth_year"]


def test_the_database_holds_the_precision_to_what_is_known(registrar: Actor) -> None:
    person = a_resident(registrar, birth_year=1941)
    with pytest.raises(IntegrityError, match="birth_says_what_is_known"):
        Resident.objects.filter(pk=person.pk).update(birth_precision="day")


@pytest.mark.parametrize("field", ["registered_by", "version", "id", "my_number"])
def test_what_is_not_asked_for_is_not_taken(registrar: Actor, field: str) -> None:
    body = {"family_name": "髙橋", field: "1"}
    assert pointers_of(api(registrar).post(RESIDENTS, body)) == [f"/{field}"]
    assert not Resident.objects.exists()


@pytest.mark.parametrize("role", [Role.MANAGER, Role.COORDINATOR, Role.WATCHER, Role.AUDITOR])
def test_only_casework_registers(plaza: Agency, role: Role) -> None:
    answer = api(a_member(plaza, role)).post(RESIDENTS, {"family_name": "髙橋"})
    assert code_of(answer, 403) == "role_missing"
    assert not Resident.objects.exists()


def test_a_partners_system_registers_with_the_scope(plaza: Agency) -> None:
    system = a_system(plaza, Scope.RESIDENTS_WRITE)
    assert system.post(RESIDENTS, {"family_name": "髙橋"}).status_code == 201
    reader = a_system(plaza, Scope.RESIDENTS_READ)
    assert code_of(reader.post(RESIDENTS, {"family_name": "髙橋"}), 403) == "scope_missing"


def test_the_register_cannot_be_listed(registrar: Actor) -> None:
    assert api(registrar).get(RESIDENTS).status_code == 405


def test_nobody_else_sees_who_was_registered(registrar: Actor, helper: Actor) -> None:
    address = f"{RESIDENTS}{a_resident(registrar).pk}/"
    assert api(registrar).get(address).status_code == 200
    assert code_of(api(helper).get(address), 404) == "not_found"


def test_registering_and_reading_are_on_the_trail(registrar: Actor) -> None:
    made = api(registrar).post(RESIDENTS, {"family_name": "髙橋", "address": "大豆戸町"}).json()
    api(registrar).get(f"{RESIDENTS}{made['id']}/", headers={"Carenet-Purpose": "訪問の準備"})
    of_person = AuditEntry.objects.filter(object_kind="resident", object_ids__contains=[made["id"]])
    entries = of_person.order_by("time")
    assert [(entry.deed, str(entry.object_ids[0])) for entry in entries] == [
        ("write", made["id"]),
        ("read", made["id"]),
        ("read", made["id"]),
    ]
    assert "大豆戸町" not in str(list(entries.values()))


def test_an_agency_that_has_no_part_gets_404_for_a_change_too(registrar: Actor) -> None:
    address = f"{RESIDENTS}{a_resident(registrar).pk}/"
    stranger = api(a_member(an_agency()))
    answer = stranger.patch(address, {"phone": "045"}, headers={"If-Match": '"1"'})
    assert code_of(answer, 404) == "not_found"

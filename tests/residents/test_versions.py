"""The history of a record: who changed which field, when, and what stood there before."""

# ruff: noqa: ARG001 - fixtures that only have to be there

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError
from django.test.utils import CaptureQueriesContext

from carenet.agencies.actors import Actor
from carenet.residents.actions import edit
from carenet.residents.models import Resident, ResidentVersion
from tests.factories import a_case, a_resident, a_sent_referral, a_system, api
from tests.rest.raw_requests import code_of


@pytest.fixture
def person(registrar: Actor) -> Resident:
    return a_resident(registrar, birth_year=1941)


def history(actor: Actor, person: Resident) -> list[dict[str, Any]]:
    answer = api(actor).get(f"/api/v1/residents/{person.pk}/versions/")
    rows: list[dict[str, Any]] = answer.json()["results"]
    return rows


def test_a_correction_keeps_what_stood_there(registrar: Actor, person: Resident) -> None:
    edit(actor=registrar, resident_id=person.pk, birth_date=date(1941, 12, 8))
    newest, first = history(registrar, person)
    assert newest["changes"] == {
        "birth_date": {"from": None, "to": "1941-12-08"},
        "birth_year": {"from": 1941, "to": None},
        "birth_precision": {"from": "year", "to": "day"},
    }
    assert (newest["version"], newest["change"], first["change"]) == (2, "edit", "register")
    assert newest["by_user"] == str(registrar.user_id)


def test_registering_is_its_first_row(registrar: Actor, person: Resident) -> None:
    (first,) = history(registrar, person)
    assert first["changes"]["family_name"] == {"from": "", "to": "髙橋"}


def test_a_partners_system_is_named(registrar: Actor, person: Resident) -> None:
    a_system(registrar.agency).patch(
        f"/api/v1/residents/{person.pk}/",
        {"phone": "045"},
        headers={"If-Match": '"1"', "Carenet-Acting-Person": "Yamada"},
    )
    newest = history(registrar, person)[0]
    assert newest["by_client"]
    assert (newest["by_user"], newest["claimed_person"]) == (None, "Yamada")


def test_an_address_is_in_it_for_those_who_may_see_it(registrar: Actor, helper: Actor) -> None:
    person = a_resident(registrar, address="大豆戸町26", address_protected=True)
    a_sent_referral(registrar, helper.agency, a_case(registrar, person))
    assert history(registrar, person)[0]["changes"]["address"]["to"] == "大豆戸町26"
    assert history(helper, person)[0]["changes"]["address"] == {"from": None, "to": None}


def test_out_of_sight_it_is_absent(helper: Actor, person: Resident) -> None:
    answer = api(helper).get(f"/api/v1/residents/{person.pk}/versions/")
    assert code_of(answer, 404) == "not_found"


def test_nobody_changes_history(person: Resident) -> None:
    for change in (
        lambda: ResidentVersion.objects.update(reason="…"),
        lambda: ResidentVersion.objects.all().delete(),
    ):
        with (
            pytest.raises(ProgrammingError, match="versions_are_append_only"),
            transaction.atomic(),
        ):
            change()


def test_few_rows_and_many_cost_the_same(registrar: Actor, person: Resident) -> None:
    counts = []
    for number in (3, 8):
        for each in range(number):
            edit(actor=registrar, resident_id=person.pk, phone=f"045-540-1{number}{each:02}")
        client = api(registrar)
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/api/v1/residents/{person.pk}/versions/?limit=200")
        counts.append(len(queries))
    assert counts[0] == counts[1]

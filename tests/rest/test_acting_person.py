"""Who answers for what a system writes."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from carenet.agencies.models import Agency
from carenet.audit.models import AuditEntry
from carenet.residents.models import Resident
from tests.factories import a_system
from tests.rest.raw_requests import code_of

RESIDENTS = "/api/v1/residents/"
PERSON = "Carenet-Acting-Person"


@pytest.mark.parametrize("said", ["", " ", quote("\u3000"), "%20%20"])
def test_a_name_of_nothing_is_none(plaza: Agency, said: str) -> None:
    answer = a_system(plaza).post(RESIDENTS, {"family_name": "髙橋"}, headers={PERSON: said})
    assert code_of(answer, 400) == "acting_person_missing"
    assert not Resident.objects.exists()


def test_a_named_person_answers_for_it(plaza: Agency) -> None:
    answer = a_system(plaza).post(
        RESIDENTS, {"family_name": "髙橋"}, headers={PERSON: quote("山田\u202e 花子")}
    )
    assert answer.status_code == 201
    entry = AuditEntry.objects.get(object_ids=[answer.json()["id"]], deed="write")
    assert entry.claimed_person == "山田 花子"


def test_whoever_reads_names_nobody(plaza: Agency) -> None:
    answer = a_system(plaza).get("/api/v1/cases/", headers={PERSON: ""})
    assert answer.status_code == 200


def test_nor_does_whoever_asks_by_post(plaza: Agency) -> None:
    sent = {"family_name": "髙橋"}
    answer = a_system(plaza).post(f"{RESIDENTS}matches/", sent, headers={PERSON: ""})
    assert answer.status_code == 200

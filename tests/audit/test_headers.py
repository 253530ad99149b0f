"""Whom a system names and why somebody looks: kept in the trail as claimed, and nothing more."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from carenet.agencies.actors import Actor
from carenet.cases.models import Case
from tests.audit.trails import Trail
from tests.factories import a_system, api

pytestmark = pytest.mark.django_db
PERSON, PURPOSE = "Carenet-Acting-Person", "Carenet-Purpose"
NOT_ON_ONE_LINE = ["%00", "a%0Ab", "%0D", "%1B[31m", "%7F", "%FF", "%E3%81"]


def test_the_person_behind_a_systems_write_is_kept_as_claimed(
    staff: Actor, case: Case, trail: Trail
) -> None:
    client = a_system(staff.agency)
    trail.forget()
    client.post(f"/api/v1/cases/{case.pk}/plan/", {}, headers={PERSON: quote("髙橋 花子")})
    assert {entry.claimed_person for entry in trail.entries()} == {"髙橋 花子"}
    assert {entry.actor_kind for entry in trail.entries()} == {"client"}


def test_a_person_who_signed_in_claims_nobody_else(staff: Actor, case: Case, trail: Trail) -> None:
    api(staff).post(f"/api/v1/cases/{case.pk}/plan/", {}, headers={PERSON: quote("髙橋 花子")})
    assert {entry.claimed_person for entry in trail.entries()} == {""}


@pytest.mark.parametrize("method", ["get", "post"])
def test_the_purpose_is_kept_with_reads_and_writes(
    staff: Actor, case: Case, trail: Trail, method: str
) -> None:
    address = f"/api/v1/cases/{case.pk}/" + ("plan/" if method == "post" else "")
    getattr(api(staff), method)(address, headers={PURPOSE: quote("支援会議の準備")})
    assert trail.entries()
    assert {entry.purpose for entry in trail.entries()} == {"支援会議の準備"}


def test_the_purpose_is_kept_with_a_denial(outsider: Actor, case: Case, trail: Trail) -> None:
    api(outsider).get(f"/api/v1/cases/{case.pk}/", headers={PURPOSE: quote("人違い")})
    assert trail.denial().purpose == "人違い"


@pytest.mark.parametrize("header", [PERSON, PURPOSE])
@pytest.mark.parametrize("text", NOT_ON_ONE_LINE)
def test_what_is_no_line_of_text_is_refused(
    staff: Actor, case: Case, trail: Trail, header: str, text: str
) -> None:
    client = a_system(staff.agency)
    trail.forget()
    answer = client.post(f"/api/v1/cases/{case.pk}/plan/", {}, headers={header: text})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, f"/{header}")
    assert trail.writes() == []


def test_it_is_refused_on_the_own_page_as_well(staff: Actor) -> None:
    answer = api(staff).get("/api/v1/me/", headers={PURPOSE: "%00"})
    assert answer.status_code == 400


@pytest.mark.parametrize(("header", "longest"), [(PERSON, 100), (PURPOSE, 200)])
def test_more_text_than_is_kept_is_refused(
    staff: Actor, case: Case, header: str, longest: int
) -> None:
    client = a_system(staff.agency)
    for length, status in ((longest + 1, 400), (longest, 200)):
        told = {header: quote("長" * length)}
        answer = client.post(f"/api/v1/cases/{case.pk}/plan/", {}, headers=told)
        assert answer.status_code == status

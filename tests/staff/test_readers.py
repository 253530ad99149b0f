"""Who has read a record: for the auditor on a page, for the person on paper, and what is never told."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from carenet.agencies.actors import Actor
from carenet.agencies.models import AgencyKind
from carenet.agencies.roles import Role
from carenet.audit.models import AuditEntry
from carenet.cases.actions.cases import restrict
from carenet.cases.models import Case
from carenet.referrals.actions import acceptance_and_outcome
from carenet.residents.models import Resident
from tests.factories import a_case, a_member, a_resident, a_sent_referral, an_agency
from tests.staff.browser import session_of
from tests.staff.query_count import queries

pytestmark = pytest.mark.django_db
FIND = "/desk/readers/"
BORN = date(1941, 12, 8)


def desk(actor: Actor) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.cookies["sessionid"] = session_of(actor)
    return client


@pytest.fixture
def staff(db: None) -> Actor:  # noqa: ARG001 - ordering
    return a_member(an_agency(name="港北地域ケアプラザ"))


@pytest.fixture
def officer(db: None) -> Actor:  # noqa: ARG001 - ordering
    return a_member(an_agency(AgencyKind.WARD_OFFICE, name="港北区役所"), Role.AUDITOR)


@pytest.fixture
def person(staff: Actor) -> Resident:
    return a_resident(staff, family_name="神宮司", given_name="環", birth_date=BORN)


@pytest.fixture
def case(staff: Actor, person: Resident) -> Case:
    found = a_case(staff, person)
    desk(staff).get(f"/desk/cases/{found.pk}/")
    return found


def found_by(actor: Actor, name: str = "神宮司 環", birth: str = "1941-12-08") -> Any:
    return desk(actor).post(FIND, {"name": name, "birth": birth})


def page_of(actor: Actor) -> str:
    answer = desk(actor).get(found_by(actor)["Location"])
    assert answer.status_code == 200
    return answer.content.decode()


def sheet_of(actor: Actor) -> str:
    client, there = desk(actor), found_by(actor)["Location"]
    today = {"readers_since": "2020-01-01", "readers_until": "2199-01-01"}
    answer = client.post(there, today)
    assert answer.status_code == 303
    return client.get(answer["Location"]).content.decode()


def test_the_auditor_sees_who_has_read_what_and_why(
    staff: Actor, case: Case, officer: Actor
) -> None:
    page = page_of(officer)
    assert staff.agency.name in page
    assert "the record of your support" in page
    assert "keeps your record" in page
    assert case.summary not in page


@pytest.mark.parametrize(
    ("name", "birth"), [("神宮司", "1941-12-08"), ("神宮司 環", "1941-12-09"), ("環", "1941")]
)
def test_nobody_is_found_by_a_part(name: str, birth: str, case: Case, officer: Actor) -> None:
    answer = found_by(officer, name, birth)
    assert answer.status_code == 400
    assert str(case.resident_id) not in answer.content.decode()


def test_an_agencys_auditor_finds_nobody_whom_its_trail_does_not_name(case: Case) -> None:
    stranger = a_member(an_agency(), Role.AUDITOR)
    assert found_by(stranger).status_code == 400
    own = a_member(case.lead_agency, Role.AUDITOR)
    assert found_by(own).status_code == 303


def test_the_page_shows_nobody_without_name_and_birth(case: Case, officer: Actor) -> None:
    for way in ("", "sheet/"):
        answer = desk(officer).get(f"{FIND}{case.resident_id}/{way}")
        assert answer.status_code == 403
        assert "神宮司" not in answer.content.decode()


def test_what_one_auditor_has_found_opens_nothing_to_another(case: Case, officer: Actor) -> None:
    there = found_by(officer)["Location"]
    assert desk(a_member(case.lead_agency, Role.AUDITOR)).get(there).status_code == 403


def test_the_sheet_is_in_plain_words_and_stands_in_the_trail(
    staff: Actor, case: Case, officer: Actor
) -> None:
    sheet = sheet_of(officer)
    assert staff.agency.name in sheet
    assert case.code not in sheet
    assert "To 神宮司 環" in sheet
    made = AuditEntry.objects.get(action="disclosure.make", actor_id=str(officer.user_id))
    assert made.object_ids == [case.resident_id]


@pytest.mark.usefixtures("case")
def test_the_auditors_own_look_is_on_the_next_sheet(officer: Actor) -> None:
    page_of(officer)
    assert "looks after who reads what" in sheet_of(officer)


def test_another_agency_reads_on_the_basis_of_its_referral(
    staff: Actor, case: Case, officer: Actor
) -> None:
    other = a_member(an_agency(name="基幹相談支援センター"))
    referral = a_sent_referral(staff, other.agency, case)
    acceptance_and_outcome.accept(actor=other, referral_id=referral.pk)
    desk(other).get(f"/desk/referrals/{referral.pk}/")
    sheet = sheet_of(officer)
    assert "基幹相談支援センター" in sheet
    assert referral.get_sharing_basis_display() in sheet


def test_what_is_restricted_to_named_people_is_not_told_and_leaves_no_trace(
    staff: Actor, case: Case, officer: Actor
) -> None:
    restrict(actor=staff, case_id=case.pk)
    desk(staff).get(f"/desk/cases/{case.pk}/")
    desk(staff).get(f"/desk/people/{case.resident_id}/")
    sheet = sheet_of(officer)
    assert staff.agency.name not in sheet
    assert "not on the sheet" in page_of(officer)


def test_whoever_reads_openly_besides_stays_on_the_sheet(
    staff: Actor, person: Resident, case: Case, officer: Actor
) -> None:
    restrict(actor=staff, case_id=case.pk)
    desk(staff).get(f"/desk/cases/{case.pk}/")
    other = a_case(staff, person)
    desk(staff).get(f"/desk/cases/{other.pk}/")
    assert staff.agency.name in sheet_of(officer)


def test_it_asks_no_more_for_more_readers(staff: Actor, case: Case, officer: Actor) -> None:
    client, there = desk(officer), found_by(officer)["Location"]
    few = len(queries(client, there))
    for _each in range(3):
        desk(a_member(staff.agency)).get(f"/desk/cases/{case.pk}/")
    assert len(queries(client, there)) <= few <= 12

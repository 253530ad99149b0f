"""`/api/v1/audit/`: auditors read their own agency's trail, the ward office's auditor all of it."""

from __future__ import annotations

from typing import Any

import pytest

from carenet.agencies.actors import Actor
from carenet.agencies.models import AgencyKind
from carenet.agencies.roles import Role
from carenet.audit.models import AuditAction, AuditEntry
from carenet.cases.models import Case
from tests.factories import a_case, a_member, an_agency, api

pytestmark = pytest.mark.django_db
TRAIL = "/api/v1/audit/"


@pytest.fixture
def auditor(staff: Actor) -> Actor:
    return a_member(staff.agency, Role.AUDITOR)


@pytest.fixture
def privacy_officer(db: None) -> Actor:  # noqa: ARG001 - ordering
    return a_member(an_agency(AgencyKind.WARD_OFFICE), Role.AUDITOR)


def told(actor: Actor, **query: Any) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = api(actor).get(TRAIL, query).json()["results"]
    return rows


def test_an_auditor_reads_the_own_agencys_trail(
    staff: Actor, outsider: Actor, case: Case, auditor: Actor
) -> None:
    a_case(outsider)
    rows = told(auditor, limit=200)
    assert {row["agency_id"] for row in rows} == {str(staff.agency_id)}
    assert str(case.pk) in {pk for row in rows for pk in row["object_ids"]}


def test_what_another_agency_did_to_a_shared_object_is_not_in_it(
    outsider: Actor, case: Case, auditor: Actor
) -> None:
    api(outsider).get(f"/api/v1/cases/{case.pk}/")
    denials = told(auditor, deed="denial", limit=200)
    assert str(outsider.agency_id) not in {row["agency_id"] for row in denials}


def test_the_ward_offices_auditor_reads_all_of_it(
    staff: Actor, outsider: Actor, case: Case, privacy_officer: Actor
) -> None:
    other = a_case(outsider)
    assert told(privacy_officer, object=str(case.pk))[0]["agency_id"] == str(staff.agency_id)
    assert told(privacy_officer, object=str(other.pk))[0]["agency_id"] == str(outsider.agency_id)


def test_what_nobody_in_particular_did_is_for_the_ward_offices_auditor(
    case: Case, auditor: Actor, privacy_officer: Actor
) -> None:
    api().get(f"/api/v1/cases/{case.pk}/")
    (newest, *_) = told(privacy_officer, deed="denial")
    assert (newest["actor_kind"], newest["agency_id"]) == ("anonymous", None)
    assert newest["id"] not in {row["id"] for row in told(auditor, limit=200)}


@pytest.mark.parametrize(
    "role", [role for role in Role if role.value not in {"auditor", "integration"}]
)
def test_nobody_else_in_the_agency_reads_it(staff: Actor, role: Role) -> None:
    assert api(a_member(staff.agency, role)).get(TRAIL).status_code == 403


def test_an_auditor_of_two_agencies_reads_that_of_the_one_acted_for(
    outsider: Actor, case: Case, auditor: Actor
) -> None:
    elsewhere = a_member(outsider.agency, Role.AUDITOR, user=auditor.user)
    assert told(auditor, object=str(case.pk))
    assert told(elsewhere, object=str(case.pk)) == []


@pytest.mark.usefixtures("case")
def test_the_newest_stands_first(auditor: Actor) -> None:
    times = [row["time"] for row in told(auditor, limit=200)]
    assert times == sorted(times, reverse=True)


def test_pages_show_each_entry_once(staff: Actor, auditor: Actor) -> None:
    for _ in range(4):
        a_case(staff)
    reader = api(auditor)
    expected = [
        str(pk)
        for pk in AuditEntry.objects.filter(agency_id=staff.agency_id)
        .order_by("-time", "-id")
        .values_list("id", flat=True)
    ]
    found, link = [], f"{TRAIL}?limit=2"
    while link:
        answer = reader.get(link).json()
        found += [row["id"] for row in answer["results"]]
        link = answer["next"]
    assert [each for each in found if each in expected] == expected
    assert len(found) == len(set(found))


@pytest.mark.parametrize("deed", AuditAction.values)
def test_it_can_be_asked_for_one_kind_of_deed(
    staff: Actor, case: Case, auditor: Actor, deed: str
) -> None:
    api(staff).get(f"/api/v1/cases/{case.pk}/")
    api(a_member(staff.agency, Role.WATCHER)).get(f"/api/v1/cases/{case.pk}/")
    assert {row["deed"] for row in told(auditor, deed=deed)} == {deed}


@pytest.mark.parametrize("query", [{"deed": "nothing"}, {"object": "somebody"}, {"who": "me"}])
def test_what_it_does_not_know_is_an_error(auditor: Actor, query: dict[str, str]) -> None:
    assert api(auditor).get(TRAIL, query).status_code == 400

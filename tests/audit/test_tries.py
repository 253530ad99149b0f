"""Who tried to open it: a denied try is found by its object, in whatever way the id came."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from carenet.agencies.actors import Actor
from carenet.agencies.models import AgencyKind
from carenet.agencies.roles import Role
from carenet.audit.models import AuditAction, AuditEntry
from carenet.cases.models import Case
from tests.audit.trails import Trail
from tests.factories import a_member, an_agency, api
from tests.staff.browser import session_of

pytestmark = pytest.mark.django_db
TAKEN: dict[str, Any] = {
    "channel": "phone", "relationship": "self", "topics": ["care"], "main_topic": "care",
    "content": "様子がおかしい",
}  # fmt: skip


def tried(object_id: UUID) -> AuditEntry:
    """Return the only denial about an object, as an auditor asks for it."""
    officer = a_member(an_agency(AgencyKind.WARD_OFFICE), Role.AUDITOR)
    asked = {"object": str(object_id), "deed": "denial"}
    (row,) = api(officer).get("/api/v1/audit/", asked).json()["results"]
    return AuditEntry.objects.get(id=row["id"])


def test_by_the_path(outsider: Actor, case: Case) -> None:
    assert api(outsider).get(f"/api/v1/cases/{case.pk}/").status_code == 404
    found = tried(case.pk)
    assert (found.object_kind, found.object_ids) == ("case", [case.pk])
    assert found.actor_id == str(outsider.user_id)


def test_by_the_path_of_what_hangs_on_it(outsider: Actor, case: Case) -> None:
    plan = uuid4()
    api(outsider).get(f"/api/v1/cases/{case.pk}/plans/{plan}/")
    assert set(tried(case.pk).object_ids) == {case.pk, plan}


def test_by_an_id_in_capitals(outsider: Actor, case: Case) -> None:
    api(outsider).post("/api/v1/cases/", {"resident": str(case.resident_id).upper()})
    assert tried(case.resident_id).object_kind == "resident"


@pytest.mark.parametrize(
    ("address", "body", "kind"),
    [
        ("cases/", {"resident": "{resident}", "summary": "…"}, "resident"),
        ("consultations/", {**TAKEN, "subject": "{resident}"}, "resident"),
        ("referrals/", {"case": "{case}"}, "case"),
        ("referrals/duplicates/", {"case": "{case}", "need": "housing"}, "case"),
        ("referrals/duplicates/", {"resident": "{resident}", "need": "housing"}, "resident"),
        ("households/", {"resident": "{resident}"}, "resident"),
        ("watch-assignments/", {"resident": "{resident}"}, "resident"),
        ("abuse-reports/", {"case": "{case}"}, "case"),
    ],
)
def test_by_an_id_in_a_body(
    outsider: Actor, case: Case, address: str, body: dict[str, Any], kind: str
) -> None:
    ids = {"case": str(case.pk), "resident": str(case.resident_id)}
    sent = {
        name: value.format(**ids) if isinstance(value, str) else value
        for name, value in body.items()
    }
    answer = api(outsider).post(f"/api/v1/{address}", sent)
    assert answer.status_code == 400
    found = tried(case.pk if kind == "case" else case.resident_id)
    assert (found.object_kind, found.detail["code"]) == (kind, "not_found")


def test_by_one_of_many_ids_in_a_body(outsider: Actor, case: Case) -> None:
    given = {"from_person": str(uuid4()), "cases": [{"case": str(case.pk)}], "reason": "異動"}
    manager = a_member(outsider.agency, Role.MANAGER)
    successor = a_member(outsider.agency)
    answer = api(manager).post(
        "/api/v1/cases/handover/", {**given, "to_person": str(successor.user_id)}
    )
    assert answer.status_code == 400
    assert tried(case.pk).object_kind == "case"


def test_by_an_id_in_the_body_of_whom_the_role_stops(staff: Actor, case: Case) -> None:
    watcher = a_member(staff.agency, Role.WATCHER)
    answer = api(watcher).post("/api/v1/cases/", {"resident": str(case.resident_id)})
    assert answer.status_code == 403
    assert tried(case.resident_id).detail["code"] == "role_missing"


@pytest.mark.parametrize("address", ["expectations", "check-ins", "pauses", "alerts"])
def test_by_a_filter(outsider: Actor, address: str) -> None:
    watch = uuid4()
    answer = api(outsider).get(f"/api/v1/{address}/", {"assignment": str(watch)})
    assert (answer.status_code, answer.json()["results"]) == (200, [])
    assert tried(watch).object_kind == "watchassignment"


@pytest.fixture
def browser(outsider: Actor) -> Client:
    client = Client()
    client.cookies["sessionid"] = session_of(outsider)
    return client


@pytest.mark.parametrize(("page", "kind"), [("cases", "case"), ("people", "resident")])
def test_by_a_page(browser: Client, case: Case, page: str, kind: str) -> None:
    pk = case.pk if kind == "case" else case.resident_id
    assert browser.get(f"/desk/{page}/{pk}/").status_code == 404
    assert tried(pk).object_kind == kind


def test_by_a_field_of_a_page(browser: Client, case: Case) -> None:
    browser.post("/desk/consultations/people/", {"q": "", "subject": str(case.resident_id)})
    assert tried(case.resident_id).object_kind == "resident"


# What stays.


def test_what_one_may_see_leaves_no_denial(staff: Actor, case: Case, trail: Trail) -> None:
    api(staff).get(f"/api/v1/cases/{case.pk}/")
    api(staff).post("/api/v1/cases/", {"resident": str(case.resident_id), "summary": "二件目"})
    api(staff).post("/api/v1/cases/", {"resident": str(case.resident_id), "summary": 1, "x": 2})
    assert trail.entries(deed=AuditAction.DENIAL) == []


def test_the_answer_is_that_of_what_does_not_exist(outsider: Actor, case: Case) -> None:
    there, absent = (
        api(outsider).post("/api/v1/cases/", {"resident": str(pk)})
        for pk in (case.resident_id, uuid4())
    )
    assert (there.status_code, there.content) == (absent.status_code, absent.content)

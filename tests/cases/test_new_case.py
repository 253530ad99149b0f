"""A case is one resident's episode under one lead; out of reach it is not there."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency
from carenet.agencies.roles import Role, Scope
from carenet.audit.models import AuditEntry
from carenet.cases.models import Case
from tests.cases.paths import at, change, sees
from tests.factories import NOWHERE, a_case, a_member, a_resident, a_system, an_agency, api
from tests.rest.raw_requests import code_of, pointers_of, problem_of

CASES = "/api/v1/cases/"


def test_a_case_is_opened_without_a_consultation(client: APIClient, worker: Actor) -> None:
    person = a_resident(worker)
    shown = client.post(CASES, {"resident": str(person.pk), "summary": "独居"}).json()
    assert shown["resident"]["id"] == str(person.pk)
    assert shown["lead_agency"]["id"] == str(worker.agency_id)
    assert shown["person_in_charge"]["id"] == str(worker.user_id)
    assert (shown["status"], shown["confidentiality"]) == ("assessing", "normal")
    assert (shown["consultation"], shown["ended_at"]) == (None, None)


def test_its_code_names_it_on_paper(client: APIClient, case: Case) -> None:
    code = client.get(at(case)).json()["code"]
    assert code == f"C-{timezone.localdate(case.opened_at):%y}-{case.number:06d}"


def test_a_code_opens_nothing(client: APIClient, case: Case) -> None:
    assert client.get(f"{CASES}{case.code}/").status_code == 404


def test_a_person_may_have_several_cases(client: APIClient, worker: Actor) -> None:
    body = {"resident": str(a_resident(worker).pk), "summary": "独居"}
    assert {client.post(CASES, body).status_code for _ in range(2)} == {201}


def test_a_person_out_of_reach_gets_no_case(client: APIClient) -> None:
    foreign = a_resident(a_member(an_agency()))
    body = {"resident": str(foreign.pk), "summary": "独居"}
    assert pointers_of(client.post(CASES, body)) == ["/resident"]


@pytest.mark.parametrize("body", [{}, {"summary": ""}, {"summary": "x" * 10_001}])
def test_a_case_says_whom_and_what_it_is_about(client: APIClient, body: dict[str, str]) -> None:
    assert pointers_of(client.post(CASES, body)) == ["/resident", "/summary"]


def test_the_whole_agency_sees_it(case: Case, plaza: Agency) -> None:
    for role in (Role.STAFF, Role.MANAGER):
        assert sees(a_member(plaza, role), case)


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.WATCHER, Role.AUDITOR])
def test_but_those_who_do_no_casework(case: Case, plaza: Agency, role: Role) -> None:
    answer = api(a_member(plaza, role)).get(at(case))
    assert code_of(answer, 403) == "role_missing"


def test_another_agency_does_not(case: Case, helper: Actor) -> None:
    assert not sees(helper, case)


@pytest.mark.parametrize(
    ("method", "part", "body"),
    [
        ("get", "", None),
        ("patch", "", {"plan": "x"}),
        ("post", "plan", {}),
        ("post", "close", {"reason": "goal_reached"}),
        ("post", "restrict", {}),
        ("post", "unrestrict", {}),
        ("post", "reassign", {"person": "WORKER"}),
        ("get", "notes", None),
        (
            "post",
            "notes",
            {"kind": "fact", "text": "x", "happened_at": "2026-01-05T10:00:00+09:00"},
        ),
        ("get", "grants", None),
        ("post", f"grants/{NOWHERE}/revoke", {}),
        ("get", "named-members", None),
        ("post", "named-members", {"user": "WORKER"}),
        ("post", f"named-members/{NOWHERE}/end", {}),
    ],
)
def test_what_is_foreign_reads_like_what_does_not_exist(
    case: Case, worker: Actor, helper: Actor, method: str, part: str, body: dict[str, str] | None
) -> None:
    body = body and {
        key: str(worker.user_id) if value == "WORKER" else value for key, value in body.items()
    }
    seen = {"If-Match": '"1"'} if method == "patch" else {}
    answers = [
        getattr(api(helper), method)(f"{CASES}{pk}/{part}/".replace("//", "/"), body, headers=seen)
        for pk in (case.pk, uuid4())
    ]
    assert problem_of(answers[0], 404) == problem_of(answers[1], 404)
    case.refresh_from_db()
    assert case.version == 1


def test_only_the_lead_changes_its_text(client: APIClient, case: Case) -> None:
    assert change(client, case, summary="独居、難聴", plan="週一回訪問").status_code == 200
    case.refresh_from_db()
    assert (case.summary, case.plan) == ("独居、難聴", "週一回訪問")


@pytest.mark.parametrize(
    "field",
    ["code", "resident", "lead_agency", "person_in_charge", "confidentiality", "ended_at", "x"],
)
def test_what_has_a_verb_of_its_own_is_not_edited(
    client: APIClient, case: Case, field: str
) -> None:
    assert pointers_of(change(client, case, **{field: "x"})) == [f"/{field}"]


def test_a_partners_system_reads_and_writes_by_scope(plaza: Agency, case: Case) -> None:
    reader, writer = a_system(plaza, Scope.CASES_READ), a_system(plaza, Scope.CASES_WRITE)
    assert reader.get(at(case)).status_code == 200
    assert code_of(reader.post(at(case, "plan"), {}), 403) == "scope_missing"
    assert code_of(writer.get(at(case)), 403) == "scope_missing"


@pytest.mark.parametrize("part", ["grants", "named-members"])
def test_a_system_decides_nothing_about_access(plaza: Agency, case: Case, part: str) -> None:
    system = a_system(plaza)
    assert code_of(system.get(at(case, part)), 403) == "role_missing"
    assert code_of(system.post(at(case, part), {}), 403) == "role_missing"


def test_a_list_names_every_case_that_it_showed_on_the_trail(
    client: APIClient, worker: Actor
) -> None:
    cases = {a_case(worker).pk for _ in range(3)}
    client.get(CASES)
    reads = AuditEntry.objects.filter(deed="read", actor_id=str(worker.user_id))
    assert set(reads.get(object_kind="case").object_ids) == cases
    assert reads.filter(object_kind="resident").count() == 1

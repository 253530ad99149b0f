"""The trail at the auditor's desk: what it shows, by what it is searched, and what it costs."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from carenet.agencies.actors import Actor
from carenet.agencies.models import AgencyKind
from carenet.agencies.roles import Role
from carenet.audit.models import AuditAction, AuditEntry
from carenet.cases.models import Case
from carenet.staff.pages.auditor.deeds import ACTIONS, VERBS
from carenet.staff.pages.auditor.words import NOUNS
from tests.factories import a_case, a_member, a_sent_referral, an_agency, api
from tests.staff.browser import session_of
from tests.staff.query_count import queries

pytestmark = pytest.mark.django_db
TRAIL = "/desk/trail/"


def desk(actor: Actor) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.cookies["sessionid"] = session_of(actor)
    return client


def read(actor: Actor, path: str = TRAIL) -> str:
    answer = desk(actor).get(path)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def staff(db: None) -> Actor:  # noqa: ARG001 - ordering
    return a_member(an_agency())


@pytest.fixture
def auditor(staff: Actor) -> Actor:
    return a_member(staff.agency, Role.AUDITOR)


@pytest.fixture
def case(staff: Actor) -> Case:
    return a_case(staff)


def test_it_says_who_did_what_in_words(staff: Actor, case: Case, auditor: Actor) -> None:
    page = read(auditor)
    assert "case: opened" in page
    assert case.code in page
    assert staff.user
    assert staff.user.name in page
    assert case.resident.family_name not in page


def test_it_says_so_in_japanese(case: Case, auditor: Actor) -> None:
    client = desk(auditor)
    client.cookies["django_language"] = "ja"
    page = client.get(f"{TRAIL}?object={case.pk}", headers={"accept-language": "ja"})
    assert "ケース：開始" in page.content.decode()


@pytest.mark.usefixtures("case")
def test_the_look_itself_stands_in_it(auditor: Actor) -> None:
    read(auditor)
    (entry,) = AuditEntry.objects.filter(action="GET staff-trail", actor_id=str(auditor.user_id))
    assert entry.object_kind == "audit_entry"


@pytest.mark.usefixtures("case")
def test_an_agencys_auditor_finds_nothing_of_another_agency(auditor: Actor) -> None:
    other = a_case(a_member(an_agency()))
    assert other.code not in read(auditor)
    assert other.code not in read(auditor, f"{TRAIL}?agency={other.lead_agency_id}")


def test_the_ward_offices_auditor_reads_all_of_it(case: Case) -> None:
    officer = a_member(an_agency(AgencyKind.WARD_OFFICE), Role.AUDITOR)
    assert case.code in read(officer, f"{TRAIL}?object={case.pk}")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("deed=write", True),
        ("deed=denial", False),
        ("action=case.open", True),
        ("action=case.close", False),
        ("since=2020-01-01", True),
        ("until=2020-01-01", False),
    ],
)
def test_filters_narrow_it(query: str, found: bool, case: Case, auditor: Actor) -> None:
    assert (case.code in read(auditor, f"{TRAIL}?{query}")) is found


def test_denials_are_found_with_who_tried(staff: Actor, case: Case, auditor: Actor) -> None:
    colleague = a_member(staff.agency, Role.WATCHER)
    api(colleague).get(f"/api/v1/cases/{case.pk}/")
    page = read(auditor, f"{TRAIL}?deed=denial&by={colleague.user_id}")
    assert "Refused" in page
    assert "The trail says nothing" in read(auditor, f"{TRAIL}?deed=denial&by={staff.user_id}")


def test_days_that_cannot_be_meant_are_refused_at_their_field(auditor: Actor) -> None:
    answer = desk(auditor).get(f"{TRAIL}?since=2026-11-02&until=2026-11-01")
    assert answer.status_code == 422


def find(actor: Actor, q: str) -> Any:
    return desk(actor).post(f"{TRAIL}find/", {"q": q})


def test_a_code_leads_to_what_is_said_of_it(case: Case, auditor: Actor) -> None:
    assert find(auditor, case.code)["Location"] == f"{TRAIL}?object={case.pk}"


def test_a_code_of_another_agencys_trail_leads_nowhere(auditor: Actor) -> None:
    other = a_case(a_member(an_agency()))
    assert find(auditor, other.code).status_code == 400


@pytest.mark.usefixtures("case")
def test_a_member_is_found_by_full_name(staff: Actor, auditor: Actor) -> None:
    assert staff.user
    staff.user.name = "港北 一郎"
    staff.user.save()
    assert find(auditor, "港北 一郎")["Location"] == f"{TRAIL}?by={staff.user_id}"
    assert find(auditor, "港北").status_code == 400


@pytest.mark.usefixtures("case")
def test_the_list_turns_its_pages(staff: Actor, auditor: Actor) -> None:
    AuditEntry.objects.bulk_create(_rows(staff, 60))
    page = read(auditor)
    assert 'rel="next"' in page
    place = page.split('rel="next" href="?')[1].split('"')[0].replace("&amp;", "&")
    assert 'rel="prev"' in read(auditor, f"{TRAIL}?{place}")


def _rows(staff: Actor, number: int) -> list[AuditEntry]:
    return [
        AuditEntry(
            time=timezone.now(), deed=AuditAction.READ, action="GET staff-case",
            actor_kind="user", actor_id=str(staff.user_id), agency_id=staff.agency_id,
        )
        for _each in range(number)
    ]  # fmt: skip


def test_it_asks_no_more_for_more_rows(staff: Actor, case: Case, auditor: Actor) -> None:
    client = desk(auditor)
    few = len(queries(client, TRAIL))
    a_sent_referral(staff, a_member(an_agency()).agency, case)
    AuditEntry.objects.bulk_create(_rows(staff, 60))
    assert len(queries(client, TRAIL)) <= few <= 12


def test_every_action_has_its_words() -> None:
    known = {f"{about}.{each}" for about, done in ACTIONS.items() for each in done}
    assert _actions_in_code() - known == set()
    assert {each.partition(".")[0] for each in known} <= set(NOUNS)
    assert {each for done in ACTIONS.values() for each in done} <= set(VERBS)


def _actions_in_code() -> set[str]:
    """Return the actions that stand as plain names in the code."""
    found = set()
    for path in Path("carenet").rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(call, ast.Call) or len(call.args) < 2:
                continue
            if getattr(call.func, "id", "") in {"log_write", "audit", "Entry"}:
                action = call.args[1]
                if isinstance(action, ast.Constant):
                    found.add(str(action.value))
    return found

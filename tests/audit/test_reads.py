"""Every read of personal data is in the trail: one entry for each request and kind, with the ids."""

from __future__ import annotations

from typing import Any

import pytest

from carenet.agencies.actors import Actor
from carenet.agencies.roles import Role
from carenet.audit.models import AuditAction
from carenet.cases.actions.consultations import record
from carenet.cases.models import Case
from carenet.referrals.actions.acceptance_and_outcome import accept
from tests.audit.trails import Trail
from tests.factories import a_case, a_member, a_resident, a_sent_referral, a_system, api

pytestmark = pytest.mark.django_db
NOTE = {"kind": "fact", "text": "訪問した", "happened_at": "2026-01-05T10:00:00+09:00"}


def ids(*objects: Any) -> set[str]:
    return {str(each.pk) for each in objects}


def test_one_record_is_one_entry(staff: Actor, trail: Trail) -> None:
    person = a_resident(staff)
    api(staff).get(f"/api/v1/residents/{person.pk}/")
    (entry,) = trail.entries(deed=AuditAction.READ)
    assert (entry.object_kind, entry.object_ids) == ("resident", [person.pk])
    assert (entry.action, entry.agency_id) == ("GET resident-detail", staff.agency_id)
    assert entry.actor_id == str(staff.user_id)


def test_a_list_is_one_entry_for_each_kind(staff: Actor, case: Case, trail: Trail) -> None:
    other = a_case(staff)
    api(staff).get("/api/v1/cases/")
    assert trail.reads() == {
        "case": ids(case, other), "resident": ids(case.resident, other.resident),
    }  # fmt: skip


def test_a_page_names_what_it_shows_and_no_more(staff: Actor, trail: Trail) -> None:
    a_case(staff)
    shown = api(staff).get("/api/v1/cases/", {"limit": 1}).json()["results"]
    assert trail.reads()["case"] == {row["id"] for row in shown}


def test_an_inbox_is_read(staff: Actor, outsider: Actor, case: Case, trail: Trail) -> None:
    sent = a_sent_referral(staff, outsider.agency, case)
    api(outsider).get("/api/v1/referrals/?box=inbox")
    assert trail.reads() == {"referral": ids(sent), "resident": ids(case.resident)}


def test_the_story_of_a_referral_is_read(
    staff: Actor, outsider: Actor, case: Case, trail: Trail
) -> None:
    """It holds what people wrote: reasons, reports."""
    sent = accept(actor=outsider, referral_id=a_sent_referral(staff, outsider.agency, case).pk)
    api(staff).get(f"/api/v1/referrals/{sent.pk}/events/")
    assert trail.reads().get("referral") == ids(sent)


def test_a_consultation_is_read_in_the_list_and_alone(staff: Actor, trail: Trail) -> None:
    taken = record(
        actor=staff, channel="phone", relationship="self", topics=["care"], main_topic="care",
        content="…",
    )  # fmt: skip
    for address in ("", f"{taken.pk}/"):
        trail.forget()
        api(staff).get(f"/api/v1/consultations/{address}")
        assert trail.reads() == {"consultation": ids(taken)}


def test_only_the_notes_that_were_shown_are_read(
    staff: Actor, outsider: Actor, case: Case, trail: Trail
) -> None:
    accept(actor=outsider, referral_id=a_sent_referral(staff, outsider.agency, case).pk)
    notes = f"/api/v1/cases/{case.pk}/notes/"
    client = api(staff)
    client.post(notes, NOTE)
    for_all = client.post(notes, {**NOTE, "audience": "case"}).json()
    trail.forget()
    api(outsider).get(notes)
    assert trail.reads() == {"note": {for_all["id"]}}


def test_a_directory_of_members_is_read(staff: Actor, trail: Trail) -> None:
    colleague = a_member(staff.agency)
    api(staff).get(f"/api/v1/agencies/{staff.agency_id}/members/")
    assert trail.reads() == {"user": ids(staff.user, colleague.user)}


def test_what_a_write_shows_is_read_as_well(staff: Actor, case: Case, trail: Trail) -> None:
    api(staff).post(f"/api/v1/cases/{case.pk}/plan/", {})
    assert trail.reads() == {"case": ids(case), "resident": ids(case.resident)}


def test_an_answer_that_is_given_again_is_read_again(
    staff: Actor, case: Case, trail: Trail
) -> None:
    client, again = api(staff), {"idempotency-key": "one"}
    address = f"/api/v1/cases/{case.pk}/plan/"
    first = client.post(address, {}, headers=again)
    trail.forget()
    assert client.post(address, {}, headers=again).json() == first.json()
    assert trail.writes() == []
    assert trail.reads() == {"case": ids(case), "resident": ids(case.resident)}


def test_a_system_reads_under_its_own_name(staff: Actor, case: Case, trail: Trail) -> None:
    a_system(staff.agency).get(f"/api/v1/cases/{case.pk}/")
    assert {entry.actor_kind for entry in trail.entries(deed=AuditAction.READ)} == {"client"}


def test_reading_the_trail_is_in_the_trail(staff: Actor, case: Case, trail: Trail) -> None:
    """Who looked whom up there is as telling as the records themselves."""
    auditor = a_member(staff.agency, Role.AUDITOR)
    api(auditor).get("/api/v1/audit/", {"object": str(case.pk)})
    assert [entry.action for entry in trail.entries(deed=AuditAction.READ)] == ["GET audit-list"]


@pytest.mark.parametrize(
    "address", ["/api/v1/agencies/", "/api/v1/reminders/", "/api/v1/openapi.json", "/healthz"]
)
def test_what_holds_no_personal_data_leaves_no_read(
    staff: Actor, trail: Trail, address: str
) -> None:
    api(staff).get(address)
    assert trail.reads() == {}


def test_what_was_not_shown_was_not_read(outsider: Actor, case: Case, trail: Trail) -> None:
    assert api(outsider).get(f"/api/v1/cases/{case.pk}/").status_code == 404
    assert trail.reads() == {}


def test_a_page_that_was_refused_was_not_read(staff: Actor, trail: Trail) -> None:
    assert api(staff).get("/api/v1/cases/?limit=0").status_code == 400
    assert trail.entries() == []

"""A consultation is completed until triage."""

from __future__ import annotations

from uuid import uuid4

import pytest

from carenet.audit.models import AuditAction, AuditEntry
from carenet.residents.models import Resident
from tests.factories import a_member, a_resident, an_agency
from tests.staff.consultations import HERE, a_call, complete, desk, of

pytestmark = pytest.mark.django_db


def test_a_consultation_is_completed_until_triage() -> None:
    actor = a_member(an_agency())
    call = a_call(actor)
    before = call.received_at
    page = desk(actor).get(f"{of(call)}edit/")
    typed = page.context["form"].initial["received_at"]
    assert complete(actor, call, content="応答もない", received_at=typed)["Location"] == of(call)
    call.refresh_from_db()
    assert (call.content, call.received_at) == ("応答もない", before)


def test_only_what_was_changed_is_in_the_trail() -> None:
    actor = a_member(an_agency())
    call = a_call(actor, urgency="soon")
    typed = desk(actor).get(f"{of(call)}edit/").context["form"].initial["received_at"]
    complete(actor, call, content="応答もない", received_at=typed)
    trail = AuditEntry.objects.get(action="consultation.edit", object_ids=[call.pk])
    assert trail.detail["fields"] == ["content"]


@pytest.mark.operation("consultations_partial_update")
def test_the_person_is_said_later() -> None:
    actor = a_member(an_agency())
    person, call = a_resident(actor), a_call(actor)
    assert complete(actor, call, subject=str(person.pk)).status_code == 303
    call.refresh_from_db()
    assert call.subject == person


def test_a_new_person_is_registered_while_completing() -> None:
    actor = a_member(an_agency())
    call = a_call(actor)
    complete(actor, call, family_name="山本", given_name="ハナ")
    call.refresh_from_db()
    assert call.subject == Resident.objects.get()


def test_whoever_is_out_of_reach_stays_when_the_rest_is_completed() -> None:
    actor = a_member(an_agency())
    person = a_resident(a_member(an_agency()))
    call = a_call(actor, subject=person)
    assert complete(actor, call, content="応答もない").status_code == 303
    call.refresh_from_db()
    assert call.subject == person


def test_completing_that_lost_a_race_keeps_what_was_typed() -> None:
    actor, colleague = (a_member(agency) for agency in [an_agency()] * 2)
    call = a_call(actor)
    complete(colleague, call, content="応答もない")
    refused = complete(actor, call, content="雨戸も閉まったまま")
    assert refused.status_code == 412
    assert "雨戸も" in refused.content.decode()
    assert "completed in the meantime" in refused.content.decode()
    main = refused.content.decode().split("<main")[1]
    assert "shown as it is now" not in main
    assert "once more" not in main


def test_what_the_colleague_added_survives_the_second_press() -> None:
    actor, colleague = (a_member(agency) for agency in [an_agency()] * 2)
    call = a_call(actor)
    complete(colleague, call, caller_name="隣の佐藤", response="訪ねる")
    refused = complete(actor, call, content="雨戸も閉まったまま")
    seen = refused.context["version"]
    assert complete(actor, call, content="雨戸も閉まったまま", version=seen).status_code == 412
    call.refresh_from_db()
    assert (call.caller_name, call.response) == ("隣の佐藤", "訪ねる")


def test_a_form_without_its_version_gets_none_by_being_refused() -> None:
    actor = a_member(an_agency())
    refused = complete(actor, a_call(actor), version="")
    assert refused.context["version"] is None


def test_a_person_is_searched_for_without_a_script_while_completing() -> None:
    actor = a_member(an_agency())
    person, call = a_resident(actor), a_call(actor)
    page = complete(actor, call, find="people", q="たかはし", content="まだ途中")
    assert page.context["people"] == [person]
    assert "まだ途中" in page.content.decode()


@pytest.mark.parametrize("known", [True, False])
def test_whoever_searches_beside_a_consultation_out_of_reach_leaves_no_trace_of_reading_it(
    known: bool,
) -> None:
    actor, other = a_member(an_agency()), a_member(an_agency())
    pk = a_call(other).pk if known else uuid4()
    given = {"find": "people", "q": "たかはし", "version": 1}
    assert desk(actor).post(f"{HERE}{pk}/edit/", given).status_code == 404
    assert not AuditEntry.objects.filter(deed=AuditAction.READ, object_ids__contains=[pk]).exists()


def test_searching_while_completing_has_the_limit_of_the_api(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("carenet.rest.throttles.SearchThrottle.rate", "1/min", raising=False)
    actor = a_member(an_agency())
    a_resident(actor)
    call = a_call(actor)
    found = [complete(actor, call, q="たかはし", topics=[]).context["people"] for _ in range(2)]
    assert [len(each) for each in found] == [1, 0]

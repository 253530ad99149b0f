"""The handover pack holds what its reader may see of a case anyway, and the trail knows who read it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from carenet.agencies.actors import Actor
from carenet.agencies.roles import Role
from carenet.audit.models import AuditAction, AuditEntry
from carenet.cases.actions.notes import write_note
from carenet.cases.models import Case
from carenet.residents.actions import certify, found_household, join_household
from carenet.residents.models import Contact
from tests.cases.paths import at, change, share
from tests.cases.plans import GOAL, agreed, day
from tests.cases.test_assessments import assess
from tests.factories import a_case, a_member, a_resident, a_sent_referral, an_agency, api
from tests.residents.samples import a_consent, a_contact
from tests.rest.raw_requests import code_of, pointers_of

SECTIONS = [
    "summary", "person", "contacts", "facts", "care_level", "household", "consents", "agencies", "tasks", "plan", "assessments", "notes", "handovers", "dates",
    "referrals",
]  # fmt: skip


def sections(client: APIClient, case: Case) -> dict[str, list[dict[str, Any]]]:
    answer = client.get(at(case, "handover"))
    assert answer.status_code == 200, answer.content
    return {each["name"]: each["lines"] for each in answer.json()["sections"]}


def texts(client: APIClient, case: Case, name: str) -> str:
    return "\n".join(line["text"] for line in sections(client, case)[name])


def note(actor: Actor, case: Case, text: str, audience: str = "agency", **more: Any) -> None:
    write_note(
        actor=actor, case_id=case.pk, kind="fact", audience=audience, text=text,
        happened_at=timezone.now(), **more,
    )  # fmt: skip


def test_every_section_is_there_even_if_there_is_nothing_in_it(
    client: APIClient, case: Case
) -> None:
    assert list(sections(client, case)) == SECTIONS


def test_it_tells_what_there_is(client: APIClient, worker: Actor, case: Case) -> None:
    change(client, case, next_action="電話", next_action_on=day(3))
    agreed(client, case, GOAL | {"until": day(5)})
    assess(client, case)
    note(worker, case, "玄関で話した")
    found = sections(client, case)
    assert found["summary"][-1] == {"text": "Next: 電話", "on": day(3), "kind": "", "id": None}
    assert "転ばずに外へ出る" in texts(client, case, "plan")
    assert "ふらつき" in texts(client, case, "assessments")
    assert "玄関で話した" in texts(client, case, "notes")
    assert [line["on"] for line in found["dates"]] == [day(3), day(5), day(90)]


def test_what_is_overdue_stands_in_front(client: APIClient, case: Case) -> None:
    change(client, case, next_action="電話", next_action_on=day(-3))
    agreed(client, case, GOAL | {"until": day(-5)})
    assert [line["on"] for line in sections(client, case)["dates"]] == [day(-5), day(-3), day(90)]


def test_notes_are_those_in_whose_audience_the_reader_is(
    worker: Actor, helper: Actor, case: Case
) -> None:
    share(worker, case, helper.agency_id)
    note(worker, case, "内輪の話")
    note(worker, case, "皆への話", "case")
    assert texts(api(helper), case, "notes").count("話") == 1
    assert "皆への話" in texts(api(helper), case, "notes")


def test_referrals_are_those_in_which_the_reader_has_a_part(
    client: APIClient, worker: Actor, helper: Actor, case: Case
) -> None:
    share(worker, case, helper.agency_id, "view_case")
    sent = a_sent_referral(worker, an_agency(), case)
    assert sent.code in texts(client, case, "referrals")
    assert texts(api(helper), case, "referrals") == ""


def test_a_draft_plan_is_in_nobodys_pack(client: APIClient, case: Case) -> None:
    client.post(at(case, "plans"), {"overall_aim": "下書き", "goals": []})
    assert texts(client, case, "plan") == ""


def test_a_protected_address_stays_hidden(worker: Actor, helper: Actor) -> None:
    person = a_resident(worker, address="大曽根1-2-3", address_protected=True)
    case = a_case(worker, person)
    share(worker, case, helper.agency_id)
    assert "大曽根1-2-3" in texts(api(worker), case, "person")
    assert "大曽根" not in texts(api(helper), case, "person")
    assert "not shown to you" in texts(api(helper), case, "person")


def test_it_tells_whom_to_call_the_care_level_and_what_the_person_said(
    client: APIClient, worker: Actor, helper: Actor, case: Case
) -> None:
    a_contact(worker, case.resident, phone="045-000-2222", holds_key=True, is_key_person=True)
    certify(
        actor=worker, resident_id=case.resident_id, care_level="21",
        certified_from=timezone.localdate(), certified_until=timezone.localdate(),
    )  # fmt: skip
    a_consent(worker, case.resident, helper.agency)
    contact = texts(client, case, "contacts")
    assert "髙橋 次郎 (sibling) TEL 045-000-2222" in contact
    assert "key person" in contact
    assert "holds a key" in contact
    assert "care level 1" in texts(client, case, "care_level")
    assert helper.agency.name in texts(client, case, "consents")
    read = AuditEntry.objects.filter(deed=AuditAction.READ).values_list("object_kind", flat=True)
    assert {"contact", "certification", "consent"} <= set(read)


def test_a_contact_that_was_not_confirmed_for_long_is_marked(
    client: APIClient, worker: Actor, case: Case
) -> None:
    contact = a_contact(worker, case.resident)
    Contact.objects.filter(pk=contact.pk).update(
        confirmed_on=timezone.localdate() - timedelta(days=400),
        expires_on=timezone.localdate() - timedelta(days=35),
    )
    assert "to be confirmed again" in texts(client, case, "contacts")


def test_a_member_of_the_household_whose_address_is_hidden_is_in_nobodys_pack(
    worker: Actor, helper: Actor
) -> None:
    person, wife = a_resident(worker), a_resident(worker, given_name="環", address_protected=True)
    case = a_case(worker, person)
    home = found_household(actor=worker, resident=person, role="head").household
    join_household(actor=worker, household=home, resident=wife, role="spouse")
    share(worker, case, helper.agency_id)
    assert "環" in texts(api(worker), case, "household")
    assert "環" not in texts(api(helper), case, "household")


def test_a_refusal_is_for_those_who_keep_the_record(
    worker: Actor, helper: Actor, case: Case
) -> None:
    share(worker, case, helper.agency_id)
    a_consent(worker, case.resident, an_agency(name="避けたい事業所"), pole="refused")
    assert "避けたい事業所" in texts(api(worker), case, "consents")
    assert texts(api(helper), case, "consents") == ""


def test_it_names_the_other_agencies_and_how_to_reach_them(
    client: APIClient, worker: Actor, helper: Actor, case: Case
) -> None:
    helper.agency.phone = "045-000-1111"
    helper.agency.save()
    share(worker, case, helper.agency_id)
    told = texts(client, case, "agencies")
    assert f"{helper.agency.name} (supports until " in told
    assert "TEL 045-000-1111" in told


@pytest.mark.parametrize(("query", "accept"), [("?as=text", "*/*"), ("", "text/plain")])
def test_it_is_printed_in_japanese_first(
    worker: Actor, case: Case, query: str, accept: str
) -> None:
    answer = api(worker, **{"accept-language": "ja"}).get(
        f"{at(case, 'handover')}{query}", headers={"Accept": accept}
    )
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.content.decode().startswith(f"引継書 {case.code}")
    assert "■ 概要" in answer.content.decode()
    assert case.summary in answer.content.decode()


def test_a_problem_stays_a_document(client: APIClient, helper: Actor, case: Case) -> None:
    plain = {"Accept": "text/plain"}
    assert code_of(api(helper).get(at(case, "handover"), headers=plain), 404) == "not_found"
    assert pointers_of(client.get(f"{at(case, 'handover')}?as=pdf")) == ["/as"]


def test_the_trail_keeps_who_read_it_and_why(client: APIClient, case: Case) -> None:
    client.get(at(case, "handover"), headers={"Carenet-Purpose": "after%20a%20move"})
    client.get(at(case, "handover"))
    read = AuditEntry.objects.filter(deed=AuditAction.READ, object_kind="handover_pack").order_by(
        "time"
    )
    assert [entry.purpose for entry in read] == ["after a move", "handover"]
    assert {tuple(entry.object_ids) for entry in read} == {(case.pk,)}
    kinds = AuditEntry.objects.filter(deed=AuditAction.READ).values_list("object_kind", flat=True)
    assert {"case", "resident"} <= set(kinds)


def test_a_restricted_case_shows_its_pack_to_named_people_alone(
    client: APIClient, worker: Actor, case: Case
) -> None:
    client.post(at(case, "restrict"), {})
    assert sections(client, case)
    boss = a_member(worker.agency, Role.MANAGER)
    assert code_of(api(boss).get(at(case, "handover")), 404) == "not_found"

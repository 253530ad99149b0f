"""Consultations that were taken: the list, one of them, triage later, completing what was recorded."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from carenet.agencies.actors import Actor
from carenet.agencies.roles import Role
from carenet.audit.models import AuditAction, AuditEntry
from carenet.cases.actions import consultations
from carenet.cases.models import Case, Consultation
from carenet.residents.models import Resident
from carenet.staff.pages import consultations as consultation_pages
from tests.factories import a_case, a_member, a_resident, an_agency
from tests.staff.browser import session_of

pytestmark = pytest.mark.django_db
#: What every page costs: savepoints, and the trail.
FRAME = ("SAVEPOINT", "RELEASE", 'INSERT INTO "audit_entry"')
MOST_QUERIES = 10
HERE = "/desk/consultations/"
SAID: dict[str, Any] = {
    "channel": "phone",
    "relationship": "neighbour",
    "topics": ["health"],
    "main_topic": "health",
    "content": "新聞が三日たまっている",
}
TYPED = SAID | {"received_at": "けさ", "urgency": "soon"}
OPENED = {"outcome": "case_opened", "urgency": "soon", "confidentiality": "normal"}


def desk(actor: Actor) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.cookies["sessionid"] = session_of(actor)
    return client


def a_call(actor: Actor, **fields: Any) -> Consultation:
    return consultations.record(actor=actor, **(SAID | fields))


def of(consultation: Consultation) -> str:
    return f"{HERE}{consultation.pk}/"


def decide(actor: Actor, consultation: Consultation, **given: Any) -> Any:
    body = OPENED | {"version": consultation.version} | given
    return desk(actor).post(f"{of(consultation)}triage/", body)


def complete(actor: Actor, consultation: Consultation, **given: Any) -> Any:
    body = TYPED | {"version": consultation.version} | given
    return desk(actor).post(f"{of(consultation)}edit/", body)


def listed(actor: Actor, **query: Any) -> list[Consultation]:
    page = desk(actor).get(HERE, query)
    return [line.consultation for line in page.context["lines"]]


def test_the_list_holds_what_nobody_has_triaged_oldest_first() -> None:
    actor = a_member(an_agency())
    first, second = a_call(actor), a_call(actor)
    done = a_call(actor)
    decide(actor, done, outcome="one_off")
    a_call(a_member(an_agency()))
    assert listed(actor) == [first, second]
    assert listed(actor, show="all") == [done, second, first]


def test_pages_of_the_list_are_turned_both_ways(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consultation_pages, "MOST", 2)
    actor = a_member(an_agency())
    calls = [a_call(actor) for _ in range(5)]
    client = desk(actor)

    def turn(address: str) -> Any:
        return client.get(address).context

    first = turn(HERE)
    second = turn(f"{HERE}?{first['next']}")
    third = turn(f"{HERE}?{second['next']}")
    back = turn(f"{HERE}?{third['previous']}")
    shown = [[each.consultation for each in page["lines"]] for page in (first, second, third, back)]
    assert shown == [calls[:2], calls[2:4], calls[4:], calls[2:4]]
    assert not first["previous"]
    assert not third["next"]


def test_the_address_of_a_page_keeps_the_filter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consultation_pages, "MOST", 1)
    actor = a_member(an_agency())
    _first, second = a_call(actor), a_call(actor)
    following = desk(actor).get(HERE, {"show": "all"}).context["next"]
    assert following == f"show=all&after={second.pk}"


@pytest.mark.parametrize("query", [{"show": "x"}, {"after": "x"}, {"before": "\0"}])
def test_a_filter_that_nobody_offers_is_refused(query: dict[str, str]) -> None:
    assert desk(a_member(an_agency())).get(HERE, query).status_code == 400


def test_a_list_costs_the_same_for_few_and_for_many(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    actor = a_member(an_agency())
    client = desk(actor)
    a_call(actor, subject=a_resident(actor))
    client.get(HERE)
    with CaptureQueriesContext(connection) as few:
        client.get(HERE)
    reads = [each["sql"] for each in few.captured_queries]
    assert sum(not sql.startswith(FRAME) for sql in reads) <= MOST_QUERIES
    for _ in range(9):
        a_call(actor, subject=a_resident(actor, new_because="同姓同名"))
    with django_assert_num_queries(len(few)):
        client.get(HERE)


def test_a_page_asks_at_most_ten_queries() -> None:
    actor = a_member(an_agency())
    case = a_case(actor)
    a_call(actor, subject=case.resident)
    call, client = a_call(actor, subject=case.resident), desk(actor)
    client.get(of(call))
    with CaptureQueriesContext(connection) as asked:
        client.get(of(call))
    reads = [each["sql"] for each in asked.captured_queries]
    assert sum(not sql.startswith(FRAME) for sql in reads) <= MOST_QUERIES


def test_a_page_tells_what_was_said_and_by_whom() -> None:
    actor = a_member(an_agency())
    person = a_resident(actor)
    call = a_call(actor, subject=person, caller_name="隣の佐藤", topics=["health", "housing"])
    page = desk(actor).get(of(call))
    shown = page.content.decode()
    assert call.content in shown
    assert "隣の佐藤" in shown
    assert person.name in shown
    assert [str(each) for each in page.context["topics"]] == ["health or disability", "housing"]


def test_nobody_sees_what_another_agency_took() -> None:
    call = a_call(a_member(an_agency()))
    assert desk(a_member(an_agency())).get(of(call)).status_code == 404


def test_whoever_is_out_of_reach_is_not_named() -> None:
    actor, other = a_member(an_agency()), a_member(an_agency())
    person = a_resident(other, family_name="山本")
    shown = desk(actor).get(of(a_call(actor, subject=person))).content.decode()
    assert "山本" not in shown
    assert "out of your reach" in shown


def test_a_page_tells_of_open_cases_and_of_other_calls() -> None:
    actor = a_member(an_agency())
    case = a_case(actor)
    earlier = a_call(actor, subject=case.resident)
    page = desk(actor).get(of(a_call(actor, subject=case.resident))).context
    assert page["cases"] == [case]
    assert [each.consultation for each in page["earlier"]] == [earlier]


def test_what_is_shown_is_in_the_trail() -> None:
    actor = a_member(an_agency())
    call = a_call(actor, subject=a_resident(actor))
    desk(actor).get(of(call))
    read = AuditEntry.objects.filter(deed=AuditAction.READ, action__contains="staff-consultation")
    shown = {(each.object_kind, pk) for each in read for pk in each.object_ids}
    assert shown >= {("consultation", call.pk), ("resident", call.subject_id)}


def cases_seen(actor: Actor) -> set[Any]:
    read = AuditEntry.objects.filter(
        deed=AuditAction.READ, object_kind="case", agency_id=actor.agency_id
    )
    return {pk for each in read for pk in each.object_ids}


def test_the_cases_that_are_shown_with_it_are_in_the_trail() -> None:
    actor = a_member(an_agency())
    case = a_case(actor)
    call = a_call(actor, subject=case.resident)
    desk(actor).get(of(call))
    assert cases_seen(actor) == {case.pk}


def test_the_case_that_it_led_to_is_in_the_trail_once_it_is_shown() -> None:
    actor = a_member(an_agency())
    call = a_call(actor, subject=a_resident(actor))
    decide(actor, call)
    assert cases_seen(actor) == set()
    desk(actor).get(of(call))
    assert cases_seen(actor) == {Case.objects.get(consultation=call).pk}


def test_triage_leads_to_the_case_that_it_opened() -> None:
    actor = a_member(an_agency())
    call = a_call(actor, subject=a_resident(actor))
    answer = decide(actor, call, summary="独居、安否不明", confidentiality="restricted")
    case = Case.objects.get()
    assert answer["Location"] == f"/desk/cases/{case.pk}/"
    assert (case.summary, case.restricted) == ("独居、安否不明", True)


@pytest.mark.parametrize("outcome", ["information_only", "one_off"])
def test_without_a_case_triage_leads_back_to_the_list(outcome: str) -> None:
    actor = a_member(an_agency())
    call = a_call(actor)
    answer = decide(actor, call, outcome=outcome, response="窓口を案内")
    assert answer["Location"] == HERE
    call.refresh_from_db()
    assert (call.status, call.response, call.urgency) == (outcome, "窓口を案内", "soon")


def test_a_case_of_nobody_is_refused_and_what_was_typed_stays() -> None:
    actor = a_member(an_agency())
    refused = decide(actor, a_call(actor), summary="独居")
    assert refused.context["form"].errors["outcome"]
    assert "独居" in refused.content.decode()


def test_a_triage_that_lost_a_race_tells_what_the_colleague_decided() -> None:
    actor, colleague = (a_member(agency) for agency in [an_agency()] * 2)
    call = a_call(actor)
    decide(colleague, call, outcome="one_off")
    refused = decide(actor, call, outcome="information_only")
    assert refused.status_code == 412
    assert "triaged in the meantime" in refused.content.decode()
    assert "It was not kept." in refused.content.decode()
    call.refresh_from_db()
    assert call.status == "one_off"


@pytest.mark.parametrize("outcome", ["case_opened", "case_joined"])
def test_what_was_typed_for_a_triage_that_came_too_late_is_shown_to_be_copied(outcome: str) -> None:
    actor, colleague = (a_member(agency) for agency in [an_agency()] * 2)
    call = a_call(actor)
    decide(colleague, call, outcome="one_off")
    refused = decide(actor, call, outcome=outcome, response="明日訪ねる", summary="独居")
    shown = refused.content.decode()
    assert "明日訪ねる" in shown
    assert "独居" in shown
    assert "to be copied" in shown
    main = shown.split("<main")[1]
    assert "still here" not in main
    assert "once more" not in main


def test_an_answer_that_one_only_read_does_not_replace_what_the_colleague_wrote() -> None:
    actor, colleague = (a_member(agency) for agency in [an_agency()] * 2)
    call = a_call(actor, response="折り返す")
    complete(colleague, call, response="訪ねた")
    read = {"outcome": "one_off", "response": "折り返す", "initial-response": "折り返す"}
    refused = decide(actor, call, **read)
    assert refused.status_code == 412
    assert 'name="initial-response" value="折り返す"' in refused.content.decode()
    call.refresh_from_db()
    assert decide(actor, call, **read).status_code == 303
    call.refresh_from_db()
    assert call.response == "訪ねた"


def test_what_was_triaged_offers_nothing_more() -> None:
    actor = a_member(an_agency())
    call = a_call(actor)
    decide(actor, call, outcome="one_off")
    page = desk(actor).get(of(call)).context
    assert not page["triage"]
    assert not page["edit"]


def test_a_manager_reads_and_is_told_why_there_is_no_more() -> None:
    agency = an_agency()
    call = a_call(a_member(agency))
    page = desk(a_member(agency, Role.MANAGER)).get(of(call)).context
    assert not page["triage"]
    assert page["denials"]


@pytest.mark.parametrize("version", ["", "x", "9" * 30, "9" * 5000, "²"])
def test_nothing_is_decided_unseen(version: str) -> None:
    actor = a_member(an_agency())
    call = a_call(actor)
    assert decide(actor, call, outcome="one_off", version=version).status_code == 428
    assert complete(actor, call, version=version).status_code == 428


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


def test_todays_line_leads_to_the_consultation() -> None:
    actor = a_member(an_agency())
    call = a_call(actor)
    assert f'href="{of(call)}"' in desk(actor).get("/desk/").content.decode()


def test_it_is_added_to_the_open_case_of_the_person() -> None:
    actor = a_member(an_agency())
    case = a_case(actor)
    call = a_call(actor, subject=case.resident)
    page = desk(actor).get(of(call)).context["form"]
    assert page.initial["case"] == str(case.pk)
    answer = decide(actor, call, outcome="case_joined", case=str(case.pk))
    assert answer["Location"] == f"/desk/cases/{case.pk}/"
    call.refresh_from_db()
    assert call.led_to == case
    story = desk(actor).get(answer["Location"]).context["timeline"]
    assert [entry.words for entry in story if entry.kind == "Consultation"] == [call.content]


def test_to_which_case_it_is_added_is_asked() -> None:
    actor = a_member(an_agency())
    call = a_call(actor, subject=a_case(actor).resident)
    refused = decide(actor, call, outcome="case_joined", case="")
    assert refused.context["form"].errors["case"]


def test_without_an_open_case_nothing_is_there_to_add_it_to() -> None:
    actor = a_member(an_agency())
    call = a_call(actor, subject=a_resident(actor))
    assert not desk(actor).get(of(call)).context["form"].joins
    assert decide(actor, call, outcome="case_joined", case="x").status_code == 422

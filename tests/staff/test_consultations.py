"""Consultations that were taken: the list, and one of them."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from carenet.agencies.actors import Actor
from carenet.audit.models import AuditAction, AuditEntry
from carenet.cases.models import Case, Consultation
from carenet.staff.pages import consultation_list
from tests.factories import NOWHERE, a_case, a_member, a_resident, an_agency
from tests.staff.consultations import HERE, a_call, decide, desk, of

pytestmark = pytest.mark.django_db
#: What every page costs: savepoints, and the trail.
FRAME = ("SAVEPOINT", "RELEASE", 'INSERT INTO "audit_entry"')
MOST_QUERIES = 11


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
    monkeypatch.setattr(consultation_list, "MOST", 2)
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
    monkeypatch.setattr(consultation_list, "MOST", 1)
    actor = a_member(an_agency())
    _first, second = a_call(actor), a_call(actor)
    following = desk(actor).get(HERE, {"show": "all"}).context["next"]
    assert following == f"show=all&after={second.pk}"


def test_the_list_is_filtered_by_day_topic_channel_and_person() -> None:
    actor = a_member(an_agency())
    person = a_resident(actor)
    wanted = a_call(actor, subject=person, channel="visit", topics=["debt"], main_topic="debt")
    a_call(actor, subject=person, channel="visit")
    a_call(actor, subject=person, topics=["debt"], main_topic="debt")
    a_call(actor, channel="visit", topics=["debt"], main_topic="debt")
    query = {"topic": "debt", "channel": "visit", "subject": str(person.pk)}
    assert listed(actor, received_from="今日", received_until="今日", **query) == [wanted]
    assert listed(actor, received_until="きのう", **query) == []


def test_a_filtered_list_leads_on_with_its_filter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consultation_list, "MOST", 1)
    actor = a_member(an_agency())
    calls = [a_call(actor, topics=["debt"], main_topic="debt") for _ in range(2)]
    first = desk(actor).get(HERE, {"topic": "debt", "received_from": "きのう"}).context
    following = desk(actor).get(f"{HERE}?{first['next']}").context
    shown = [page["lines"][0].consultation for page in (first, following)]
    assert shown == calls[::-1]


@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        ({"topic": "x"}, "topic"),
        ({"received_from": "いつか"}, "received_from"),
        ({"received_from": "今日", "received_until": "きのう"}, "received_until"),
        ({"case": str(NOWHERE)}, "case"),
        ({"subject": "x"}, "subject"),
    ],
)
def test_what_cannot_be_meant_is_said_at_its_field(query: dict[str, str], wrong: str) -> None:
    page = desk(a_member(an_agency())).get(HERE, query)
    assert page.status_code == 400
    assert set(page.context["filters"].errors) == {wrong}


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


def test_a_page_asks_at_most_eleven_queries() -> None:
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


def test_todays_line_leads_to_the_consultation() -> None:
    actor = a_member(an_agency())
    call = a_call(actor)
    assert f'href="{of(call)}"' in desk(actor).get("/desk/").content.decode()

"""The list of consultations by date, topic, channel, case and person."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from rest_framework.test import APIClient

from carenet.agencies.actors import Actor
from carenet.cases.models import Case, Consultation, Topic
from tests.access.test_lists_are_flat import queries_of
from tests.cases.calls import CONSULTATIONS, recorded
from tests.factories import a_case, a_member, a_resident, an_agency, api
from tests.rest.raw_requests import pointers_of

OCTOBER = {"received_from": "2025-10-01", "received_until": "2025-10-31"}


def taken(client: APIClient, at: str = "2025-10-15T10:00:00+09:00", **more: Any) -> str:
    """Record a consultation that came at a time; return its id."""
    return recorded(client, received_at=at, **more).split("/")[-2]


def found(client: APIClient, **query: Any) -> list[str]:
    answer = client.get(CONSULTATIONS, query)
    assert answer.status_code == 200, answer.content
    return [each["id"] for each in answer.json()["results"]]


def test_days_are_days_in_japan_and_both_are_meant(client: APIClient) -> None:
    taken(client, "2025-09-30T14:59:00+00:00")
    first = taken(client, "2025-09-30T15:00:00+00:00")
    last = taken(client, "2025-10-31T14:59:00+00:00")
    taken(client, "2025-10-31T15:00:00+00:00")
    assert found(client, **OCTOBER) == [last, first]


def test_what_was_received_last_comes_first_however_late_it_was_recorded(client: APIClient) -> None:
    late = taken(client, "2025-10-20T10:00:00+09:00")
    early = taken(client, "2025-10-05T10:00:00+09:00")
    assert found(client, **OCTOBER) == [late, early]


def test_a_topic_is_found_main_or_not(client: APIClient) -> None:
    main = taken(client, topics=["debt"], main_topic="debt")
    beside = taken(client, topics=["health", "debt"], main_topic="health")
    taken(client, topics=["health"], main_topic="health")
    assert set(found(client, topic="debt")) == {main, beside}


def test_a_plaza_filters_a_month_by_topic_and_by_how_they_came(client: APIClient) -> None:
    wanted = taken(client, channel="visit", topics=["debt"], main_topic="debt")
    taken(client, channel="phone", topics=["debt"], main_topic="debt")
    taken(client, channel="visit")
    taken(client, "2025-11-01T10:00:00+09:00", channel="visit", topics=["debt"], main_topic="debt")
    assert found(client, **OCTOBER, topic="debt", channel="visit") == [wanted]


def test_a_person(client: APIClient, worker: Actor) -> None:
    person = a_resident(worker)
    wanted = taken(client, subject=str(person.pk))
    taken(client, subject=str(a_resident(worker).pk))
    assert found(client, subject=str(person.pk)) == [wanted]


def test_a_case_has_what_opened_it_and_what_was_joined_to_it(client: APIClient, case: Case) -> None:
    opened, joined = taken(client), taken(client)
    taken(client)
    Case.objects.filter(pk=case.pk).update(consultation=opened)
    Consultation.objects.filter(pk=joined).update(
        status="case_joined", joined_case=case, triaged_at=case.opened_at
    )
    assert set(found(client, case=str(case.pk))) == {opened, joined}


def test_pages_are_turned_both_ways(client: APIClient) -> None:
    ids = [taken(client, topics=["debt"], main_topic="debt") for _ in range(5)][::-1]
    pages, address = [], f"{CONSULTATIONS}?topic=debt&limit=2"
    while address:
        page = client.get(address).json()
        pages.append([each["id"] for each in page["results"]])
        address, back = page["next"], page["previous"]
    assert pages == [ids[:2], ids[2:4], ids[4:]]
    assert [each["id"] for each in client.get(back).json()["results"]] == ids[2:4]


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ({"topic": "gossip"}, "topic"),
        ({"topic": ""}, "topic"),
        ({"channel": "meeting"}, "channel"),
        ({"received_from": "yesterday"}, "received_from"),
        ({"received_until": "0001-01-01"}, "received_until"),
        ({"received_from": "2025-10-02", "received_until": "2025-10-01"}, "received_until"),
        ({"case": "x"}, "case"),
        ({"case": str(uuid4())}, "case"),
        ({"subject": str(uuid4())}, "subject"),
        ({"topic": "debt", "cursor": "x"}, "cursor"),
        ({"main_topic": "debt"}, "main_topic"),
    ],
)
def test_what_no_filter_knows_is_an_error(
    client: APIClient, query: dict[str, str], name: str
) -> None:
    assert pointers_of(client.get(CONSULTATIONS, query)) == [f"/{name}"]


def test_nobody_filters_by_a_case_or_person_out_of_reach(client: APIClient, helper: Actor) -> None:
    theirs = a_case(helper)
    assert pointers_of(client.get(CONSULTATIONS, {"case": str(theirs.pk)})) == ["/case"]
    asked = client.get(CONSULTATIONS, {"subject": str(theirs.resident_id)})
    assert pointers_of(asked) == ["/subject"]


def test_a_filter_shows_nothing_of_another_agency(client: APIClient) -> None:
    taken(api(a_member(an_agency())), topics=["debt"], main_topic="debt")
    assert found(client, topic="debt") == []


def test_a_filtered_list_costs_the_same(client: APIClient, worker: Actor) -> None:
    person = str(a_resident(worker).pk)
    address = f"{CONSULTATIONS}?topic=debt&channel=phone&received_from=2025-10-01&subject={person}"
    costs = []
    for _ in range(2):
        for _ in range(3):
            taken(client, topics=["debt"], main_topic="debt", subject=person)
        costs.append(len(queries_of(client, address)))
    assert costs[0] == costs[1] <= 10


def test_every_topic_has_an_index_of_its_own(db: None) -> None:  # noqa: ARG001
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE tablename = 'cases_consultation'")
        indexes = [definition for (definition,) in cursor.fetchall()]
    columns = "(agency_id, received_at, id, channel)"
    for topic in Topic.values:
        assert [each for each in indexes if columns in each and f"'{topic}'" in each], topic

"""Consultations (総合相談): caller, relationship and subject are kept apart."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone
from rest_framework.test import APIClient

from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency
from carenet.agencies.roles import Role, Scope
from carenet.audit.models import AuditEntry
from carenet.cases.models import Case, Consultation, Topic
from tests.cases.calls import CONSULTATIONS, call, recorded
from tests.cases.paths import share
from tests.factories import a_member, a_resident, a_system, an_agency, api
from tests.rest.raw_requests import code_of, pointers_of


def test_caller_and_subject_are_two_people(client: APIClient, worker: Actor) -> None:
    subject = a_resident(worker)
    shown = call(client, caller_name="隣の人", caller_phone="045", subject=str(subject.pk)).json()
    assert shown["caller_name"] == "隣の人"
    assert shown["relationship"] == "neighbour"
    assert shown["subject"] == str(subject.pk)


def test_the_person_may_call_for_themselves(client: APIClient, worker: Actor) -> None:
    subject = a_resident(worker)
    shown = call(client, relationship="self", subject=str(subject.pk)).json()
    assert (shown["relationship"], shown["subject"]) == ("self", str(subject.pk))


def test_whoever_reads_the_list_has_seen_whom_it_is_about(client: APIClient, worker: Actor) -> None:
    subject = a_resident(worker)
    recorded(client, subject=str(subject.pk))
    client.get(CONSULTATIONS)
    assert AuditEntry.objects.filter(
        action="GET consultation-list", object_kind="resident", object_ids=[subject.pk]
    ).exists()


def test_the_subject_may_be_anonymous(client: APIClient) -> None:
    answer = call(client, subject_description="二階の高齢男性、氏名不詳")
    assert answer.status_code == 201
    assert answer.json()["subject"] is None
    assert answer.json()["subject_description"] == "二階の高齢男性、氏名不詳"


def test_the_caller_may_be_anonymous_too(client: APIClient) -> None:
    shown = call(client, relationship="unknown").json()
    assert (shown["caller_name"], shown["caller_phone"]) == ("", "")


def test_it_says_who_recorded_it_and_stands_as_received(client: APIClient, worker: Actor) -> None:
    shown = call(client).json()
    assert (shown["recorded_by"], shown["status"]) == (str(worker.user_id), "received")
    assert (shown["triaged_at"], shown["case"], shown["urgency"]) == (None, None, "normal")


def test_a_subject_out_of_reach_is_no_subject(client: APIClient) -> None:
    foreign = a_resident(a_member(an_agency()))
    assert pointers_of(call(client, subject=str(foreign.pk))) == ["/subject"]


def test_of_several_topics_one_is_the_main_one(client: APIClient) -> None:
    shown = call(client, topics=["housing", "debt", "family"], main_topic="debt").json()
    assert (shown["topics"], shown["main_topic"]) == (["housing", "debt", "family"], "debt")


def test_every_topic_of_the_national_form_can_be_named_at_once(client: APIClient) -> None:
    answer = call(client, topics=Topic.values, main_topic="no_food")
    assert (answer.status_code, len(Topic.values)) == (201, 16)


def test_the_main_topic_is_one_of_the_topics(client: APIClient) -> None:
    assert pointers_of(call(client, topics=["health"], main_topic="debt")) == ["/main_topic"]


def test_there_is_a_topic(client: APIClient) -> None:
    assert pointers_of(call(client, topics=[])) == ["/topics"]


def test_a_topic_is_named_once(client: APIClient) -> None:
    answer = call(client, topics=["health", "health"], main_topic="health")
    assert pointers_of(answer) == ["/topics"]


def test_the_database_holds_main_topic_and_topics_together(client: APIClient) -> None:
    call(client)
    with pytest.raises(IntegrityError, match="main_topic_is_a_topic"):
        Consultation.objects.update(main_topic="debt")


@pytest.mark.parametrize("field", ["channel", "relationship", "topics", "main_topic", "content"])
def test_what_makes_a_consultation_is_required(client: APIClient, field: str) -> None:
    assert pointers_of(call(client, **{field: None})) == [f"/{field}"]


def test_it_may_have_come_in_earlier(client: APIClient) -> None:
    yesterday = (timezone.localtime() - timedelta(days=1)).isoformat()
    assert call(client, received_at=yesterday).json()["received_at"] == yesterday


def test_but_not_in_the_future(client: APIClient) -> None:
    tomorrow = (timezone.now() + timedelta(days=1)).isoformat()
    assert pointers_of(call(client, received_at=tomorrow)) == ["/received_at"]


def test_it_is_completed_until_triage(client: APIClient, worker: Actor) -> None:
    address = recorded(client)
    change = {"subject": str(a_resident(worker).pk), "response": "訪問を約束"}
    answer = client.patch(address, change, headers={"If-Match": '"1"'})
    assert change.items() <= answer.json().items()
    assert answer.json()["content"] == "三日前から姿を見ない"


@pytest.mark.parametrize(
    "change",
    [{"main_topic": "debt"}, {"topics": ["debt"]}, {"subject": "x"}, {"status": "one_off"}],
)
def test_a_bad_correction_is_refused(client: APIClient, change: dict[str, object]) -> None:
    answer = client.patch(recorded(client), change, headers={"If-Match": '"1"'})
    assert answer.status_code == 400
    assert Consultation.objects.get().version == 1


def test_the_whole_agency_reads_it(client: APIClient, plaza: Agency) -> None:
    address = recorded(client)
    for role in (Role.STAFF, Role.MANAGER):
        colleague = api(a_member(plaza, role))
        assert colleague.get(address).status_code == 200
        assert len(colleague.get(CONSULTATIONS).json()["results"]) == 1


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.WATCHER, Role.AUDITOR])
def test_in_the_agency_it_is_casework(client: APIClient, plaza: Agency, role: Role) -> None:
    address = recorded(client)
    outsider = api(a_member(plaza, role))
    assert code_of(outsider.get(address), 403) == "role_missing"
    assert code_of(outsider.get(CONSULTATIONS), 403) == "role_missing"


def test_nobody_else_sees_it(client: APIClient, helper: Actor) -> None:
    address, stranger = recorded(client), api(helper)
    assert stranger.get(CONSULTATIONS).json()["results"] == []
    assert code_of(stranger.get(address), 404) == "not_found"
    assert code_of(stranger.post(f"{address}triage/", {"outcome": "one_off"}), 404) == "not_found"
    answer = stranger.patch(address, {"response": "x"}, headers={"If-Match": '"1"'})
    assert code_of(answer, 404) == "not_found"


def test_not_even_with_a_part_in_its_case(client: APIClient, worker: Actor, helper: Actor) -> None:
    address = recorded(client, subject=str(a_resident(worker).pk))
    client.post(f"{address}triage/", {"outcome": "case_opened"})
    share(worker, Case.objects.get(), helper.agency_id)
    assert code_of(api(helper).get(address), 404) == "not_found"


def test_a_partners_system_reads_and_writes_by_scope(plaza: Agency) -> None:
    writer = a_system(plaza, Scope.CONSULTATIONS_WRITE)
    assert call(writer).status_code == 201
    assert code_of(writer.get(CONSULTATIONS), 403) == "scope_missing"
    reader = a_system(plaza, Scope.CONSULTATIONS_READ)
    assert len(reader.get(CONSULTATIONS).json()["results"]) == 1
    assert code_of(call(reader), 403) == "scope_missing"

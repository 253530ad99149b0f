"""Triage of a concern: nothing, a consultation, or joined to what is known."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
import time_machine

from carenet.agencies.actors import Actor
from carenet.cases.models import Consultation
from carenet.residents.actions import merge
from carenet.watchover.actions.concerns import triage
from carenet.watchover.models import Concern, WatchAssignment
from tests.factories import a_resident, api
from tests.watchover.concerns import CONCERNS, PUBLIC, RECEIPT, SEEN, a_concern
from tests.watchover.watches import Neighbourhood, at

pytestmark = pytest.mark.django_db


@pytest.fixture
def concern(plaza: Actor) -> Concern:  # noqa: ARG001 - it coordinates there
    return a_concern(danger_to_life=True)


def triaged(actor: Actor, concern: Concern, code: int = 200, **body: Any) -> Any:
    with time_machine.travel(at(24, "10:30"), tick=False):
        answer = api(actor).post(f"{CONCERNS}{concern.pk}/triage/", body)
    assert answer.status_code == code, answer.content
    return answer.json()


def test_into_a_consultation_in_one_go(who: Neighbourhood, concern: Concern) -> None:
    shown = triaged(who.desk, concern, outcome="consultation", topics=["health"])
    made = Consultation.objects.get(pk=shown["consultation"])
    assert (shown["state"], made.urgency) == ("dealt_with", "today")
    assert (made.content, made.relationship) == (SEEN["what"], "neighbour")
    assert (made.caller_phone, made.subject) == (SEEN["reporter_phone"], None)
    assert SEEN["where"] in made.subject_description


def test_who_may_not_record_consultations_cannot_make_one(
    who: Neighbourhood, concern: Concern
) -> None:
    triaged(who.ward, concern, 403, outcome="consultation")
    concern.refresh_from_db()
    assert concern.triaged_at is None


def test_joined_to_a_watch_it_opens_an_alert_there(
    who: Neighbourhood, concern: Concern, watch: WatchAssignment
) -> None:
    shown = triaged(who.desk, concern, outcome="joined", assignment=str(watch.pk))
    alert = watch.alerts.get()
    assert (alert.kind, alert.level) == ("concern", 3)
    assert shown["resident"] == str(watch.resident_id)


def test_joined_to_a_resident_it_follows_a_merge(who: Neighbourhood, concern: Concern) -> None:
    person, twin = a_resident(who.desk), a_resident(who.desk)
    triaged(who.desk, concern, outcome="joined", resident=str(person.pk))
    merge(actor=who.desk, survivor_id=twin.pk, loser_id=person.pk, reason="同じ人")
    concern.refresh_from_db()
    assert concern.resident == twin


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"outcome": "nothing"}, "/reason"),
        ({"outcome": "joined"}, "/resident"),
        ({"outcome": "joined", "resident": str(uuid4())}, "/resident"),
        ({"outcome": "joined", "assignment": "x"}, "/assignment"),
        ({"outcome": "nothing", "reason": "旅行", "urgency": "today"}, "/urgency"),
        ({"outcome": "consultation", "topics": ["health", "health"]}, "/topics"),
        ({"outcome": "consultation", "topics": ["care"], "main_topic": "debt"}, "/main_topic"),
        ({"outcome": "lost"}, "/outcome"),
        ({}, "/outcome"),
    ],
)
def test_a_triage_that_says_too_little_or_too_much(
    who: Neighbourhood, concern: Concern, body: dict[str, Any], pointer: str
) -> None:
    problem = triaged(who.desk, concern, 400, **body)
    assert [each["pointer"] for each in problem["errors"]] == [pointer]


def test_it_is_triaged_once(who: Neighbourhood, concern: Concern) -> None:
    triaged(who.desk, concern, outcome="nothing", reason="旅行中")
    triaged(who.desk, concern, 409, outcome="nothing", reason="旅行中")


def test_the_reporter_learns_only_that_it_was_dealt_with(plaza: Actor) -> None:
    receipt = api().post(PUBLIC, SEEN).json()["receipt"]
    assert api().post(RECEIPT, {"receipt": receipt}).json() == {"state": "received"}
    concern = Concern.objects.get()
    assert receipt not in str(vars(concern))
    triage(actor=plaza, concern_id=concern.pk, outcome="nothing", reason="旅行中")
    assert api().post(RECEIPT, {"receipt": receipt}).json() == {"state": "dealt_with"}
    assert api().post(RECEIPT, {"receipt": f"{receipt}x"}).status_code == 400

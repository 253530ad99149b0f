"""Watches over the API: a newcomer's way through, the narrow view, and bad input."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from carenet.agencies.roles import Role
from carenet.residents.actions import edit
from carenet.watchover.actions.check_ins import check_in
from carenet.watchover.models import WatchAssignment
from tests.factories import a_member, a_resident, a_system, api
from tests.watchover.watches import Neighbourhood, a_proposal, a_watch, at, sweep

pytestmark = pytest.mark.django_db
SAID = {"method": "oral", "given_by": "本人"}
WATCHES, CHECK_INS, ALERTS = (
    "/api/v1/watch-assignments/", "/api/v1/check-ins/", "/api/v1/alerts/",
)  # fmt: skip
EVERY_TWO_MINUTES = {
    "rule": "FREQ=MINUTELY;INTERVAL=2", "begins_at": "2026-11-24T09:00:00+09:00",
    "window_minutes": 1, "grace_minutes": 1,
}  # fmt: skip


def post(client: APIClient, address: str, body: dict[str, Any], code: int = 201) -> Any:
    answer = client.post(address, body)
    assert answer.status_code == code, answer.content
    return answer.json()


def test_from_the_proposal_to_the_late_visit(who: Neighbourhood) -> None:
    desk, watcher = api(who.desk), api(who.watcher)
    with time_machine.travel(at(24, "08:59"), tick=False):
        watch = post(desk, WATCHES, {
            "resident": str(a_resident(who.desk).pk),
            "watcher": str(who.watcher.user_id), "watcher_agency": str(who.watcher.agency_id),
            "backup": str(who.backup.user_id), "backup_agency": str(who.backup.agency_id),
            "method": "visit", "sharing_basis": "CONSENT", "safety_note": "犬がいる",
        })  # fmt: skip
        one = f"{WATCHES}{watch['id']}/"
        post(desk, f"{one}schedule/", EVERY_TWO_MINUTES)
        post(desk, f"{one}consent/", {"consent_said": SAID}, 200)
        assert post(desk, f"{one}activate/", {}, 200)["status"] == "active"
    sweep(at(24, "09:02"))
    with time_machine.travel(at(24, "09:03"), tick=False):
        assert len(watcher.get("/api/v1/reminders/").json()["results"]) == 1
        (alert,) = watcher.get(ALERTS).json()["results"]
        taken = post(watcher, f"{ALERTS}{alert['id']}/acknowledge/", {}, 200)
        assert (taken["state"], taken["kind"]) == ("acknowledged", "watcher_silent")
        found = post(watcher, CHECK_INS, {"assignment": watch["id"], "outcome": "met"})
        assert found["call_first"] == []
        assert watcher.get(f"{ALERTS}{alert['id']}/").json()["ended_by"] == "check_in"
    verbs = [each["verb"] for each in desk.get(f"{one}events/").json()["results"]]
    assert verbs == [
        "resolve", "check_in", "acknowledge", "open", "activate", "consent", "schedule", "propose",
    ]  # fmt: skip


def test_a_watcher_sees_what_they_need_and_nothing_else(who: Neighbourhood) -> None:
    person = a_resident(who.desk, address="大豆戸町1", phone="045-000-0000")
    watch = a_watch(who, resident=person, safety_note="犬がいる")
    client = api(who.watcher)
    shown = client.get(f"{WATCHES}{watch.pk}/").json()
    assert shown["safety_note"] == "犬がいる"
    assert shown["resident"] == {
        "id": str(person.pk), "name": "髙橋 一郎", "kana": "タカハシ",
        "address": "大豆戸町1", "address_hidden": False, "phone": "045-000-0000",
    }  # fmt: skip
    for closed in (f"/api/v1/residents/{person.pk}/", f"{WATCHES}{watch.pk}/events/"):
        assert client.get(closed).status_code == 403


def test_a_watcher_who_is_staff_elsewhere_does_not_open_the_record(who: Neighbourhood) -> None:
    with time_machine.travel(at(1), tick=False):
        both = a_member(who.watcher.agency, Role.STAFF)
    watch = a_watch(who, watcher=both.user, watcher_agency=both.agency)
    assert api(both).get(f"{WATCHES}{watch.pk}/").status_code == 200
    assert api(both).get(f"/api/v1/residents/{watch.resident_id}/").status_code == 404


def test_a_protected_address_is_hidden_from_the_watcher(
    who: Neighbourhood, watch: WatchAssignment
) -> None:
    edit(actor=who.desk, resident_id=watch.resident_id, address="大豆戸町1", address_protected=True)
    shown = api(who.watcher).get(f"{WATCHES}{watch.pk}/").json()["resident"]
    assert (shown["address"], shown["address_hidden"]) == (None, True)
    assert api(who.desk).get(f"{WATCHES}{watch.pk}/").json()["resident"]["address"] == "大豆戸町1"


def test_words_of_another_agency_are_for_who_keeps_the_watch(
    who: Neighbourhood, watch: WatchAssignment
) -> None:
    with time_machine.travel(at(24, "10:00"), tick=False):
        for actor, note in ((who.desk, "娘と電話"), (who.watcher, "庭で会えた")):
            check_in(actor=actor, assignment_id=watch.pk, outcome="met", note=note)
    notes = [each["note"] for each in api(who.watcher).get(CHECK_INS).json()["results"]]
    assert notes == ["庭で会えた", ""]
    assert "" not in {each["note"] for each in api(who.desk).get(CHECK_INS).json()["results"]}


def test_before_there_is_a_basis_the_watcher_sees_nothing(who: Neighbourhood) -> None:
    watch = a_proposal(who)
    assert api(who.watcher).get(f"{WATCHES}{watch.pk}/").status_code == 404
    assert api(who.watcher).get(WATCHES).json()["results"] == []


def test_an_emergency_says_whom_to_call_first(who: Neighbourhood, watch: WatchAssignment) -> None:
    found = post(api(who.watcher), CHECK_INS, {"assignment": str(watch.pk), "outcome": "emergency"})
    assert found["call_first"] == ["119", "110"]


def test_a_check_in_that_is_sent_again_is_one(who: Neighbourhood, watch: WatchAssignment) -> None:
    body = {
        "assignment": str(watch.pk), "outcome": "met", "client_key": str(uuid4()), "offline": True,
    }  # fmt: skip
    first, again = (post(api(who.watcher), CHECK_INS, body) for _ in range(2))
    assert first["id"] == again["id"]


def test_many_are_assigned_and_reassigned_at_once(who: Neighbourhood) -> None:
    desk = api(who.desk)
    people = [str(a_resident(who.desk).pk) for _ in range(3)]
    how = {"method": "phone", "sharing_basis": "CONSENT"}
    made = post(desk, f"{WATCHES}assign/", {"residents": people, **how})["assignments"]
    body = {
        "assignments": [each["id"] for each in made],
        "watcher": str(who.backup.user_id), "watcher_agency": str(who.backup.agency_id),
    }  # fmt: skip
    done = post(desk, f"{WATCHES}reassign/", body, 200)["assignments"]
    assert {each["watcher"]["id"] for each in done} == {str(who.backup.user_id)}


def test_all_or_none(who: Neighbourhood) -> None:
    desk, twice = api(who.desk), a_proposal(who)
    free = a_proposal(who, watcher=None, watcher_agency=None, resident=twice.resident)
    other = a_proposal(who, watcher=None, watcher_agency=None)
    body = {
        "assignments": [str(other.pk), str(free.pk)],
        "watcher": str(who.watcher.user_id), "watcher_agency": str(who.watcher.agency_id),
    }  # fmt: skip
    assert post(desk, f"{WATCHES}reassign/", body, 409)["code"] == "watch_exists"
    other.refresh_from_db()
    assert other.watcher is None


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"rule": "FREQ=SECONDLY"}, "/rule"),
        ({"rule": "FREQ=MINUTELY", "holiday_policy": "move"}, "/holiday_policy"),
        ({"window_minutes": 0}, "/window_minutes"),
        ({"effective_from": "2026-11-01T09:00:00+09:00"}, "/effective_from"),
        ({"begins_at": "2026-11-24"}, "/begins_at"),
    ],
)
def test_a_rhythm_that_cannot_be_is_refused_with_its_field(
    who: Neighbourhood, watch: WatchAssignment, change: dict[str, Any], field: str
) -> None:
    body = EVERY_TWO_MINUTES | change
    answer = post(api(who.desk), f"{WATCHES}{watch.pk}/schedule/", body, 400)
    assert [each["pointer"] for each in answer["errors"]] == [field]


def test_who_may_not_look_in_cannot_be_named(who: Neighbourhood) -> None:
    auditor = a_member(who.desk.agency, Role.AUDITOR)
    body = {
        "resident": str(a_resident(who.desk).pk), "watcher": str(auditor.user_id),
        "method": "visit", "sharing_basis": "CONSENT",
    }  # fmt: skip
    answer = post(api(who.desk), WATCHES, body, 400)
    assert answer["errors"][0]["pointer"] == "/watcher"


def test_nobody_begins_without_a_watcher_and_a_rhythm(who: Neighbourhood) -> None:
    watch = a_proposal(who)
    post(api(who.desk), f"{WATCHES}{watch.pk}/consent/", {}, 200)
    answer = post(api(who.desk), f"{WATCHES}{watch.pk}/activate/", {}, 409)
    assert answer["code"] == "watch_not_ready"


def test_a_verb_that_does_not_fit_says_where_the_watch_stands(
    who: Neighbourhood, watch: WatchAssignment
) -> None:
    answer = post(api(who.desk), f"{WATCHES}{watch.pk}/resume/", {}, 409)
    assert answer["code"] == "wrong_status"


@pytest.mark.parametrize(
    "address",
    [f"{CHECK_INS}?assignment=x", "/api/v1/expectations/?state=due", f"{ALERTS}?kind=fire"],
)
def test_a_filter_that_nobody_knows_is_refused(who: Neighbourhood, address: str) -> None:
    assert api(who.desk).get(address).status_code == 400


LISTS = (WATCHES, CHECK_INS, ALERTS, "/api/v1/expectations/", "/api/v1/pauses/")


@pytest.mark.parametrize("asking", ["desk", "watcher", "system"])
def test_each_list_costs_the_same_for_few_and_for_many(who: Neighbourhood, asking: str) -> None:
    client = a_system(who.desk.agency) if asking == "system" else api(getattr(who, asking))

    def cost(address: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(address, {"limit": 200})
        assert answer.json()["results"]
        return len(captured)

    fill(who, 2)
    few = {address: cost(address) for address in LISTS}
    fill(who, 6)
    assert {address: cost(address) for address in LISTS} == few


def fill(who: Neighbourhood, number: int) -> None:
    """Watches over as many people, each with everything that a list may show."""
    for _ in range(number):
        watch = a_watch(who, resident=a_resident(who.desk, address_protected=True))
        with time_machine.travel(at(24, "10:00"), tick=False):
            check_in(actor=who.watcher, assignment_id=watch.pk, outcome="no_answer")
        body = {"assignment": str(watch.pk), "reason": "travel"}
        post(api(who.watcher), "/api/v1/pauses/", body)

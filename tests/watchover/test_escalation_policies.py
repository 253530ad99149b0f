"""An agency's own escalation policy: set, read, gone back on, and climbed by what is open."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine

from carenet.agencies.actors import Actor
from carenet.agencies.roles import Role
from carenet.audit.models import AuditEntry
from carenet.watchover.models import WatchAssignment
from tests.factories import a_member, an_agency, api
from tests.watchover.watches import START, Neighbourhood, at, notified, sweep

MINUTES: dict[str, Any] = {
    "steps": [
        {"after_minutes": 0, "tier": "watcher"},
        {"after_minutes": 1, "tier": "backup"},
        {"after_minutes": 2, "tier": "plaza"},
    ],
    "repeat_minutes": 1,
    "acknowledged_minutes": 30,
}


@pytest.fixture
def manager(who: Neighbourhood) -> Actor:
    with time_machine.travel(START, tick=False):
        return a_member(who.desk.agency, Role.MANAGER)


def address(actor: Actor, kind: str = "watcher_silent") -> str:
    return f"/api/v1/agencies/{actor.agency_id}/escalation/{kind}/"


def put(actor: Actor, body: Any, kind: str = "watcher_silent", seen: str = '"0"') -> Any:
    return api(actor).put(address(actor, kind), body, headers={"if-match": seen})


def test_without_one_of_its_own_the_default_policy_applies(manager: Actor) -> None:
    answer = api(manager).get(f"/api/v1/agencies/{manager.agency_id}/escalation/").json()
    assert [(each["kind"], each["own"]) for each in answer["ladders"]] == [
        ("watcher_silent", False), ("resident_silent", False), ("concern", False),
    ]  # fmt: skip
    assert [step["after_minutes"] for step in answer["ladders"][0]["steps"]] == [0, 60, 120, 240]


def test_its_own_is_set_read_and_audited(manager: Actor) -> None:
    answer = put(manager, MINUTES)
    assert (answer.status_code, answer["ETag"]) == (200, '"1"')
    shown = api(manager).get(address(manager)).json()
    assert shown["own"]
    assert [(step["after_minutes"], step["tier"]) for step in shown["steps"]] == [
        (0, "watcher"), (1, "backup"), (2, "plaza"),
    ]  # fmt: skip
    entry = AuditEntry.objects.get(action="agency.set_ladder")
    assert entry.detail["steps"] == ["watcher +0 always", "backup +1 always", "plaza +2 always"]


def test_who_has_seen_another_version_changes_nothing(manager: Actor) -> None:
    put(manager, MINUTES)
    assert put(manager, MINUTES | {"repeat_minutes": 5}).status_code == 412
    assert put(manager, MINUTES | {"repeat_minutes": 5}, seen='"1"').status_code == 200
    assert api(manager).put(address(manager), MINUTES).status_code == 428


def test_the_default_policy_applies_again(manager: Actor) -> None:
    put(manager, MINUTES)
    assert api(manager).post(f"{address(manager)}remove/").status_code == 204
    assert not api(manager).get(address(manager)).json()["own"]
    assert api(manager).post(f"{address(manager)}remove/").status_code == 404


def test_a_version_is_never_given_out_twice(manager: Actor) -> None:
    put(manager, MINUTES)
    api(manager).post(f"{address(manager)}remove/")
    assert api(manager).get(address(manager))["ETag"] == '"2"'
    for stale in ('"0"', '"1"'):
        assert put(manager, MINUTES, seen=stale).status_code == 412
    assert put(manager, MINUTES, seen='"2"').status_code == 200


@pytest.mark.parametrize(
    ("kind", "steps", "words"),
    [
        ("watcher_silent", [("watcher", 0), ("plaza", 0)], "later than the one before"),
        ("watcher_silent", [("plaza", 0), ("backup", 5)], "last step reach plaza or ward"),
        ("resident_silent", [("plaza", 5)], "first step reach plaza or ward at once"),
        ("concern", [("watcher", 0), ("ward", 5)], "first step reach plaza or ward at once"),
    ],
)
def test_a_policy_that_forgets_somebody_is_refused(
    manager: Actor, kind: str, steps: list[tuple[str, int]], words: str
) -> None:
    given = [{"tier": tier, "after_minutes": minutes} for tier, minutes in steps]
    answer = put(manager, MINUTES | {"steps": given}, kind)
    assert answer.status_code == 400
    assert words in answer.content.decode()


def test_a_channel_that_is_off_is_refused(manager: Actor) -> None:
    step = {"tier": "plaza", "after_minutes": 0, "channel": "pigeon"}
    answer = put(manager, MINUTES | {"steps": [step]})
    assert answer.status_code == 400
    assert "inbox" in answer.content.decode()


def test_its_coordinators_set_it_and_nobody_elses_do(who: Neighbourhood) -> None:
    with time_machine.travel(START, tick=False):
        coordinator = a_member(who.desk.agency, Role.COORDINATOR)
        stranger = a_member(an_agency(), Role.MANAGER)
    assert put(coordinator, MINUTES).status_code == 200
    assert put(who.desk, MINUTES).status_code == 403
    for actor, code in [(who.ward, 200), (stranger, 403)]:
        assert api(actor).get(address(who.desk)).status_code == code
        changed = api(actor).put(address(who.desk), MINUTES, headers={"if-match": '"1"'})
        assert changed.status_code == 403


def test_an_unknown_kind_is_not_there(manager: Actor) -> None:
    assert api(manager).get(address(manager, "boredom")).status_code == 404


def test_an_open_alert_goes_on_by_a_shorter_policy(
    who: Neighbourhood, watch: WatchAssignment, manager: Actor
) -> None:
    for clock in ("13:00", "14:00"):
        sweep(at(24, clock))
    with time_machine.travel(at(24, "14:10"), tick=False):
        put(manager, MINUTES | {"steps": [{"after_minutes": 0, "tier": "plaza"}]})
    for clock in ("15:00", "15:01", "15:02"):
        sweep(at(24, clock))
    desk = who.desk.user_id
    assert notified(watch.alerts.get()) == [
        who.watcher.user_id,
        who.backup.user_id,
        desk,
        desk,
        desk,
    ]


def test_an_acknowledgement_without_a_time_lasts_as_it_says(
    who: Neighbourhood, watch: WatchAssignment, manager: Actor
) -> None:
    with time_machine.travel(START, tick=False):
        put(manager, MINUTES)
    sweep(at(24, "13:00"))
    alert = watch.alerts.get()
    with time_machine.travel(at(24, "13:00"), tick=False):
        answer = api(who.watcher).post(f"/api/v1/alerts/{alert.pk}/acknowledge/")
    assert answer.json()["acknowledged_until"] == at(24, "13:30").isoformat()

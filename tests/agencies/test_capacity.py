"""What an agency publishes about its capacity: shown before anybody asks, over by the clock."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine

from carenet.agencies.actions import publish_capacity
from carenet.agencies.actors import Actor
from carenet.agencies.models import CapacityState
from carenet.agencies.roles import Role
from carenet.referrals.actions import drafts
from carenet.referrals.models import ReferralEvent
from tests.factories import a_draft, a_member, an_agency, api

pytestmark = pytest.mark.django_db
LAST_DAY = date(2026, 11, 27)
#: In Tokyo the 27th ends at 15:00 UTC.
LAST_MINUTE = datetime(2026, 11, 27, 14, 59, tzinfo=UTC)
NEXT_DAY = datetime(2026, 11, 27, 15, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 11, 24, 1, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def manager(db: None) -> Actor:  # noqa: ARG001
    return a_member(an_agency(), Role.MANAGER)


def close(manager: Actor) -> None:
    publish_capacity(
        actor=manager, agency=manager.agency, state=CapacityState.CLOSED,
        closed_until=LAST_DAY, note="職員不足",
    )  # fmt: skip


def shown(actor: Actor, at: datetime) -> dict[str, Any]:
    with time_machine.travel(at, tick=False):
        found: dict[str, Any] = api(actor).get(f"/api/v1/agencies/{actor.agency_id}/").json()
    capacity: dict[str, Any] = found["capacity"]
    return capacity


def put(actor: Actor, version: int, **body: Any) -> Any:
    address = f"/api/v1/agencies/{actor.agency_id}/capacity/"
    return api(actor).put(address, body, headers={"if-match": f'"{version}"'})


def test_who_says_nothing_is_open(manager: Actor) -> None:
    answer = api(manager).get(f"/api/v1/agencies/{manager.agency_id}/capacity/")
    assert answer.json() == {
        "state": "open", "closed_until": None, "note": "", "published_at": None,
    }  # fmt: skip


def test_a_manager_publishes_for_everybody_to_see(manager: Actor) -> None:
    answer = put(manager, 1, state="limited", note="火曜のみ")
    assert (answer.status_code, answer.headers["ETag"]) == (200, '"2"')
    stranger = api(a_member(an_agency(), Role.WATCHER))
    found = stranger.get(f"/api/v1/agencies/{manager.agency_id}/capacity/").json()
    assert (found["state"], found["note"]) == ("limited", "火曜のみ")


def test_closed_until_a_day_is_over_by_the_clock(manager: Actor) -> None:
    close(manager)
    assert shown(manager, LAST_MINUTE)["state"] == "closed"
    after = shown(manager, NEXT_DAY)
    assert (after["state"], after["closed_until"], after["note"]) == ("open", None, "")


@pytest.mark.parametrize(
    "body",
    [
        {"state": "closed"}, {"state": "open", "closed_until": "2026-12-01"},
        {"state": "closed", "closed_until": "2026-11-23"},
    ],
)  # fmt: skip
def test_a_day_belongs_to_closed_and_lies_ahead(manager: Actor, body: dict[str, str]) -> None:
    answer = put(manager, 1, **body)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "/closed_until")


def test_a_stale_version_is_refused(manager: Actor) -> None:
    close(manager)
    assert put(manager, 1, state="open").status_code == 412


def test_the_sender_is_shown_it_before_sending_and_the_story_keeps_it(manager: Actor) -> None:
    close(manager)
    sender = a_member(an_agency())
    draft = a_draft(sender, manager.agency)
    address = f"/api/v1/referrals/{draft.pk}/"
    assert api(sender).get(address).json()["receiver_capacity"]["state"] == "closed"
    drafts.send(actor=sender, referral_id=draft.pk)
    assert api(sender).get(address).json()["receiver_capacity"] is None
    event = ReferralEvent.objects.get(referral=draft, verb="send")
    assert event.data["receiver_capacity"] == "closed"

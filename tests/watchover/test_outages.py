"""Our own outages are said in words, for as long as somebody may wonder."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import time_machine

from carenet.agencies.actors import Actor
from carenet.agencies.roles import Role
from carenet.watchover.models import WatchAssignment
from tests.factories import a_member, api
from tests.watchover.watches import Neighbourhood, at, minutes, sweep, sweep_late


def banners(actor: Actor, moment: datetime) -> list[dict[str, Any]]:
    with time_machine.travel(moment, tick=False):
        answer = api(actor).get("/api/v1/outages/", headers={"accept-language": "ja"})
        found: list[dict[str, Any]] = answer.json()["results"]
    return found


def away(since: datetime, until: datetime) -> None:
    """The workers sweep, and then again after however long."""
    sweep_late(since)
    sweep_late(until)


def test_whoever_looks_in_is_told_until_when_they_have_time(
    who: Neighbourhood, watch: WatchAssignment
) -> None:
    away(at(24, "10:00"), at(24, "12:30"))
    (banner,) = banners(who.watcher, at(24, "12:31"))
    assert banner["grace_until"] == at(24, "14:30").isoformat()
    assert watch.expectations.filter(grace_until=at(24, "14:30")).count() == 1
    for clock in ("10:00", "12:30", "14:30"):
        assert clock in banner["words"]


def test_a_day_later_it_is_no_news(who: Neighbourhood) -> None:
    away(at(24, "10:00"), at(24, "12:30"))
    assert banners(who.desk, at(25, "12:29"))
    assert not banners(who.desk, at(25, "12:31"))


def test_it_is_told_for_as_long_as_a_time_that_was_lengthened_is_expected(
    who: Neighbourhood, watch: WatchAssignment
) -> None:
    away(at(24, "10:00"), at(24, "12:30"))
    watch.expectations.filter(grace_until=at(24, "14:30")).update(grace_until=at(26))
    assert banners(who.desk, at(25, "13:00"))
    sweep(at(26) + minutes(1))
    assert not banners(who.desk, at(26, "10:00"))


def test_who_sees_no_watches_is_told_nothing(who: Neighbourhood) -> None:
    auditor = a_member(who.desk.agency, Role.AUDITOR)
    assert api(auditor).get("/api/v1/outages/").status_code == 403

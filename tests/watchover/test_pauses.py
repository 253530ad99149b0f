"""A pause silences every step; when it ends a fresh window starts, with no backlog."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
import time_machine

from carenet.core.errors import Conflict, Invalid
from carenet.watchover.actions.alerts import acknowledge
from carenet.watchover.actions.check_ins import check_in
from carenet.watchover.actions.pauses import end_pause, pause
from carenet.watchover.models import Expectation, Pause, WatchAssignment
from tests.watchover.watches import Neighbourhood, a_watch, at, notified, states, sweep

pytestmark = pytest.mark.django_db


def in_hospital(
    who: Neighbourhood, watch: WatchAssignment, now: datetime, **interval: Any
) -> Pause:
    with time_machine.travel(now, tick=False):
        return pause(actor=who.watcher, assignment_id=watch.pk, reason="hospital", **interval)


def test_what_falls_into_a_pause_is_excused(who: Neighbourhood, watch: WatchAssignment) -> None:
    in_hospital(who, watch, at(24, "10:00"), until=at(26, "08:00"))
    for day in (24, 25, 26):
        sweep(at(day, "13:00"))
    assert states(watch) == ["excused", "excused", "missed"]


def test_nobody_is_late_in_a_pause(who: Neighbourhood, watch: WatchAssignment) -> None:
    late = Expectation.objects.late(at(24, "12:30"))
    assert late.count() == 1
    in_hospital(who, watch, at(24, "10:00"))
    assert late.count() == 0


def test_a_pause_that_was_never_taken_excuses_nothing(
    who: Neighbourhood, watch: WatchAssignment
) -> None:
    planned = in_hospital(who, watch, at(24, "08:00"), since=at(24, "10:00"))
    with time_machine.travel(at(24, "08:30"), tick=False):
        end_pause(actor=who.watcher, pause_id=planned.pk)
    sweep(at(24, "13:00"))
    assert states(watch) == ["missed"]


def test_every_step_is_silent_and_the_old_silence_is_over_with_the_pause(
    who: Neighbourhood, watch: WatchAssignment
) -> None:
    sweep(at(24, "13:00"))
    in_hospital(who, watch, at(24, "13:30"), until=at(25, "20:00"))
    for clock in ("14:00", "15:00", "17:00"):
        sweep(at(24, clock))
    alert = watch.alerts.get()
    assert notified(alert) == [who.watcher.user_id]
    assert alert.resolved_at is None
    sweep(at(25, "20:00"))
    alert.refresh_from_db()
    assert alert.ended_by == "pause"
    sweep(at(26, "13:00"))
    assert watch.alerts.count() == 2


def test_what_worries_about_the_resident_is_chased_anew_after_the_pause(
    who: Neighbourhood, watch: WatchAssignment
) -> None:
    with time_machine.travel(at(24, "09:30"), tick=False):
        check_in(actor=who.watcher, assignment_id=watch.pk, outcome="concern")
    sweep(at(24, "09:30"))
    in_hospital(who, watch, at(24, "10:00"), until=at(25, "10:00"))
    sweep(at(24, "10:30"))
    alert = watch.alerts.get()
    assert notified(alert) == [who.desk.user_id]
    sweep(at(25, "10:00"))
    assert notified(alert) == [who.desk.user_id] * 2


def test_every_watch_over_the_resident_is_paused(
    who: Neighbourhood, watch: WatchAssignment
) -> None:
    other = a_watch(
        who, resident=watch.resident, watcher=who.backup.user, backup=who.desk.user,
        backup_agency=who.desk.agency,
    )  # fmt: skip
    in_hospital(who, watch, at(24, "10:00"))
    sweep(at(24, "13:00"))
    assert (states(watch), states(other)) == (["excused"], ["excused"])


def test_one_at_a_time(who: Neighbourhood, watch: WatchAssignment) -> None:
    in_hospital(who, watch, at(24, "10:00"), until=at(26))
    with pytest.raises(Conflict) as refused:
        in_hospital(who, watch, at(24, "11:00"))
    assert refused.value.reason_code == "pause_exists"
    in_hospital(who, watch, at(24, "11:00"), since=at(26))


def test_it_ends_once(who: Neighbourhood, watch: WatchAssignment) -> None:
    running = in_hospital(who, watch, at(24, "10:00"))
    with time_machine.travel(at(24, "11:00"), tick=False):
        assert end_pause(actor=who.desk, pause_id=running.pk).until == at(24, "11:00")
    with time_machine.travel(at(24, "12:00"), tick=False), pytest.raises(Conflict):
        end_pause(actor=who.desk, pause_id=running.pk)


def test_an_end_before_the_beginning_is_refused(who: Neighbourhood, watch: WatchAssignment) -> None:
    with pytest.raises(Invalid):
        in_hospital(who, watch, at(24, "10:00"), until=at(24, "09:00"))


def test_a_miss_from_after_the_pause_is_not_over_with_it(
    who: Neighbourhood, watch: WatchAssignment
) -> None:
    """The sweep may come to the end of a pause later than to the window that followed it."""
    in_hospital(who, watch, at(24, "08:10"), until=at(24, "08:30"))
    sweep(at(24, "13:00"))
    alert = watch.alerts.get()
    assert (states(watch), alert.ended_by) == (["missed"], "")
    assert notified(alert) == [who.watcher.user_id]


def test_who_has_taken_it_on_is_left_their_time_after_the_pause(
    who: Neighbourhood, watch: WatchAssignment
) -> None:
    with time_machine.travel(at(24, "09:30"), tick=False):
        check_in(actor=who.watcher, assignment_id=watch.pk, outcome="concern")
        alert = watch.alerts.get()
        acknowledge(actor=who.desk, alert_id=alert.pk, until=at(24, "12:00"))
    in_hospital(who, watch, at(24, "10:00"), until=at(24, "11:00"))
    sweep(at(24, "11:00"))
    assert notified(alert) == []
    sweep(at(24, "12:00"))
    assert notified(alert) == [who.desk.user_id]

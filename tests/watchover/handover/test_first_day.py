"""The day itself: the outgoing looks in until midnight, the successor from midnight on."""

from __future__ import annotations

from datetime import date
from typing import Any

import time_machine

from carenet.agencies.actors import Actor
from carenet.residents.actions import end_record
from carenet.watchover.actions import handover_execution
from carenet.watchover.actions.check_ins import check_in
from carenet.watchover.models import WatchAssignment, WatchHandover
from carenet.watchover.policy import visible_to
from tests.watchover.handover.plans import (
    FIRST,
    MIDNIGHT,
    a_plan,
    by_law,
    carried_out,
    now,
    pair,
    scheduled,
)
from tests.watchover.watches import (
    START,
    Neighbourhood,
    at,
    daily,
    notified,
    states,
    sweep,
    windows,
)


def sees(actor: Actor, watch: WatchAssignment, moment: Any) -> bool:
    with time_machine.travel(moment, tick=False):
        return visible_to(actor).filter(pk=watch.pk).exists()


def test_the_outgoing_looks_in_until_midnight_and_the_successor_from_midnight(
    who: Neighbourhood, watch: WatchAssignment, successor: Actor
) -> None:
    scheduled(who, successor)
    eve = at(30, "23:59")
    assert (sees(who.watcher, watch, eve), sees(successor, watch, eve)) == (True, False)
    sweep(MIDNIGHT)
    assert (sees(who.watcher, watch, MIDNIGHT), sees(successor, watch, MIDNIGHT)) == (False, True)
    assert (now(watch).status, now(watch).term_from) == ("active", FIRST)
    assert now(watch).term_until == date(2028, 11, 30)


def test_the_day_before_its_day_nothing_moves(
    who: Neighbourhood, watch: WatchAssignment, successor: Actor
) -> None:
    scheduled(who, successor)
    sweep(at(30, "23:59"))
    assert now(watch).watcher == who.watcher.user


def test_what_is_expected_goes_on_with_the_first_window_of_the_new_term(
    who: Neighbourhood, successor: Actor
) -> None:
    midnights = daily(begins_at=at(24, "00:00"))
    watch = by_law(who, rhythm=midnights)
    scheduled(who, successor)
    sweep(at(1, "00:00", month=12))
    assert windows(watch, "expected")[:2] == ["12-01 00:00", "12-02 00:00"]


def test_workers_that_come_late_hand_over_as_of_midnight(
    who: Neighbourhood, watch: WatchAssignment, successor: Actor
) -> None:
    scheduled(who, successor)
    sweep(at(1, "09:30", month=12))
    assert windows(watch, "expected")[0] == "12-01 09:00"
    assert (now(watch).status, now(watch).term_from) == ("active", FIRST)


def test_a_window_that_midnight_divides_is_the_successors(
    who: Neighbourhood, successor: Actor
) -> None:
    watch = by_law(who, rhythm=daily(begins_at=at(24, "22:00")))
    scheduled(who, successor)
    for day in range(24, 30):
        with time_machine.travel(at(day, "22:30"), tick=False):
            check_in(actor=who.watcher, assignment_id=watch.pk, outcome="met")
    sweep(MIDNIGHT)
    with time_machine.travel(at(1, "00:30", month=12), tick=False):
        check_in(actor=successor, assignment_id=watch.pk, outcome="met")
    assert states(watch) == ["met"] * 7


def test_what_waits_for_a_handover_is_not_ended_by_another_sweep(
    who: Neighbourhood, watch: WatchAssignment, successor: Actor, monkeypatch: Any
) -> None:
    scheduled(who, successor)
    with monkeypatch.context() as patch:
        patch.setattr("carenet.watchover.actions.worker.carry_out_due", lambda now: False)  # noqa: ARG005
        sweep(MIDNIGHT)
    assert now(watch).status == "active"
    sweep(MIDNIGHT)
    assert now(watch).watcher == successor.user


def test_a_failing_handover_ends_no_watch_and_blocks_no_other(
    who: Neighbourhood, watch: WatchAssignment, successor: Actor, monkeypatch: Any
) -> None:
    other = by_law(who, watcher=who.backup.user, backup=None, backup_agency=None)
    broken = scheduled(who, successor)
    scheduled(who, None, pairs=[pair(who.backup, successor)])
    hand_over = handover_execution._hand_over

    def breaks(handover: WatchHandover, *rest: Any) -> None:
        if handover.pk == broken.pk:
            raise RuntimeError
        hand_over(handover, *rest)

    with monkeypatch.context() as patch:
        patch.setattr(handover_execution, "_hand_over", breaks)
        sweep(MIDNIGHT)
    assert now(other).watcher == successor.user
    assert (now(watch).status, now(watch).watcher) == ("active", who.watcher.user)
    sweep(MIDNIGHT)
    assert now(watch).watcher == successor.user


def test_a_plan_without_a_schedule_leaves_a_term_to_end(
    who: Neighbourhood, watch: WatchAssignment, successor: Actor
) -> None:
    a_plan(who, successor)
    sweep(MIDNIGHT)
    assert now(watch).status == "ended"


def test_what_is_carried_out_by_hand_counts_at_once(
    who: Neighbourhood, watch: WatchAssignment, successor: Actor
) -> None:
    carried_out(who, successor)
    assert (now(watch).watcher, now(watch).term_from) == (successor.user, START.date())
    assert windows(watch, "expected")[0] == "11-24 09:00"


def test_who_has_died_by_then_is_not_handed_over(
    who: Neighbourhood, watch: WatchAssignment, successor: Actor
) -> None:
    plan = scheduled(who, successor)
    end_record(actor=who.desk, resident_id=watch.resident_id, reason="died", on=START.date())
    sweep(MIDNIGHT)
    assert not plan.lines.exists()
    assert now(watch).status == "ended"


def test_a_successor_who_left_meanwhile_is_found_out_on_the_day(
    who: Neighbourhood, watch: WatchAssignment, successor: Actor
) -> None:
    plan = scheduled(who, successor)
    if successor.user:
        successor.user.memberships.update(until=at(25))
    sweep(MIDNIGHT)
    assert plan.lines.get().obstacle == "not_a_watcher"
    assert now(watch).watcher == who.backup.user


def test_of_who_is_left_over_the_responsible_agency_is_told(who: Neighbourhood) -> None:
    watch = by_law(who, backup=None, backup_agency=None)
    scheduled(who, None)
    sweep(at(1, "09:00", month=12))
    assert (now(watch).status, now(watch).watcher) == ("active", None)
    assert who.desk.user_id in notified(watch)

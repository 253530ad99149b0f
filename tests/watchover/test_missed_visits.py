"""Misses are flipped once, and whoever is to be told of them is told."""

from __future__ import annotations

from datetime import datetime

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from carenet.agencies.actions import record_absence
from carenet.agencies.models import Membership
from carenet.agencies.roles import Role
from carenet.audit.models import AuditEntry
from carenet.reminders.models import Reminder
from carenet.watchover.actions import missed_visits
from carenet.watchover.actions.alerts import acknowledge, resolve
from carenet.watchover.actions.assignments import reassign
from carenet.watchover.actions.check_ins import check_in
from carenet.watchover.actions.transitions import move
from carenet.watchover.models import Expectation, Outage, WatchAssignment
from carenet.watchover.states import WatchVerb
from tests.factories import a_member
from tests.watchover.watches import (
    Neighbourhood,
    a_watch,
    at,
    daily,
    minutes,
    notified,
    states,
    sweep,
    sweep_late,
    windows,
)

pytestmark = pytest.mark.django_db


def test_fourteen_days_are_laid_out_ahead(watch: WatchAssignment) -> None:
    assert windows(watch) == [f"11-{d} 09:00" for d in range(24, 31)] + [
        f"12-0{d} 09:00" for d in range(1, 8)
    ]


def test_of_a_quick_rhythm_twenty_are(who: Neighbourhood) -> None:
    quick = daily(rule="FREQ=MINUTELY;INTERVAL=2", window_minutes=1, grace_minutes=1)
    watch = a_watch(who, quick)
    assert len(windows(watch)) == 20


def test_the_rhythm_is_read_on_before_it_runs_out(who: Neighbourhood) -> None:
    quick = daily(
        rule="FREQ=MINUTELY;INTERVAL=2",
        begins_at=at(24, "08:00"),
        window_minutes=1,
        grace_minutes=1,
    )
    watch = a_watch(who, quick)
    for minute in range(60):
        sweep(at(24, f"08:{minute:02}"))
        ahead = watch.expectations.filter(state="expected").count()
        assert 10 <= ahead <= 21
    assert len(windows(watch)) == len(set(windows(watch)))


def test_nothing_is_missed_before_its_grace_is_over(watch: WatchAssignment) -> None:
    sweep(at(24, "12:59"))
    assert states(watch) == []
    assert [each.due_at for each in Expectation.objects.late(at(24, "12:59"))] == [at(24, "12:00")]


def test_a_miss_opens_an_alert_and_tells_the_watcher(
    who: Neighbourhood, watch: WatchAssignment
) -> None:
    sweep(at(24, "13:00"))
    alert = watch.alerts.get()
    assert (alert.kind, alert.level, alert.joined) == ("watcher_silent", 1, 1)
    assert states(watch) == ["missed"]
    assert notified(alert) == [who.watcher.user_id]


def test_what_was_flipped_is_not_flipped_again(watch: WatchAssignment) -> None:
    for _ in range(3):
        sweep(at(24, "13:00"))
    assert (states(watch), watch.alerts.get().joined) == (["missed"], 1)
    missed = watch.expectations.get(state="missed").pk
    assert AuditEntry.objects.filter(object_ids__contains=[missed]).count() == 1


def test_without_action_backup_plaza_and_ward_are_told_in_turn(
    who: Neighbourhood, watch: WatchAssignment
) -> None:
    for clock in ("13:00", "14:00", "15:00", "17:00"):
        sweep(at(24, clock))
    people = [who.watcher, who.backup, who.desk, who.ward]
    assert notified(watch.alerts.get()) == [each.user_id for each in people]


def test_the_last_step_comes_again_until_somebody_acknowledges(
    who: Neighbourhood, watch: WatchAssignment
) -> None:
    for clock in ("13:00", "14:00", "15:00", "17:00", "18:00", "19:00"):
        sweep(at(24, clock))
    alert = watch.alerts.get()
    assert notified(alert).count(who.ward.user_id) == 3
    with time_machine.travel(at(24, "19:10"), tick=False):
        acknowledge(actor=who.ward, alert_id=alert.pk, until=at(24, "22:00"))
    for clock in ("20:00", "21:00", "21:59"):
        sweep(at(24, clock))
    assert notified(alert).count(who.ward.user_id) == 3
    sweep(at(24, "22:00"))
    assert notified(alert).count(who.ward.user_id) == 4


def test_the_plaza_is_not_told_on_a_closed_day_but_when_it_opens(who: Neighbourhood) -> None:
    who.desk.agency.closed_weekdays = [6]
    who.desk.agency.save()
    watch = a_watch(who, daily(begins_at=at(29)), now=at(29, "08:00"))  # a Sunday
    for clock in ("13:00", "14:00", "15:00"):
        sweep(at(29, clock))
    alert = watch.alerts.get()
    assert who.desk.user_id not in notified(alert)
    sweep(at(30, "09:00"))
    assert who.desk.user_id in notified(alert)


def test_who_is_away_is_passed_over_for_the_backup(
    who: Neighbourhood, watch: WatchAssignment
) -> None:
    member = Membership.objects.get(user=who.watcher.user)
    manager = a_member(who.watcher.agency, Role.MANAGER)
    with time_machine.travel(at(24, "08:00"), tick=False):
        record_absence(actor=manager, membership=member)
    sweep(at(24, "13:00"))
    assert notified(watch.alerts.get()) == [who.backup.user_id]


def test_without_a_backup_the_next_step_follows_at_once(who: Neighbourhood) -> None:
    watch = a_watch(who, backup=None, backup_agency=None)
    for clock in ("13:00", "14:00"):
        sweep(at(24, clock))
    assert notified(watch.alerts.get()) == [who.watcher.user_id, who.desk.user_id]


def test_further_misses_join_the_open_alert(watch: WatchAssignment) -> None:
    for day in (24, 25, 26):
        sweep(at(day, "13:00"))
    assert states(watch) == ["missed"] * 3
    alert = watch.alerts.get()
    assert (alert.joined, alert.expectations.count()) == (3, 3)


def test_after_a_resolved_alert_a_miss_opens_another(
    who: Neighbourhood, watch: WatchAssignment
) -> None:
    sweep(at(24, "13:00"))
    resolve(actor=who.desk, alert_id=watch.alerts.get().pk, outcome="false_alarm")
    sweep(at(25, "13:00"))
    assert watch.alerts.count() == 2


def test_a_resolved_alert_is_chased_no_more(who: Neighbourhood, watch: WatchAssignment) -> None:
    sweep(at(24, "13:00"))
    alert = watch.alerts.get()
    resolve(actor=who.desk, alert_id=alert.pk, outcome="safe")
    for clock in ("14:00", "15:00", "17:00"):
        sweep(at(24, clock))
    assert notified(alert) == [who.watcher.user_id]
    assert not Reminder.objects.filter(subject_id=alert.pk, settled_at=None).exists()


def test_one_failing_watch_does_not_block_the_others(
    who: Neighbourhood, watch: WatchAssignment, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = a_watch(who)
    flip = missed_visits._mark

    def broken(due: missed_visits.Due, now: datetime) -> None:
        flip(due, now)
        if watch in due:
            raise RuntimeError

    monkeypatch.setattr(missed_visits, "_mark", broken)
    with time_machine.travel(at(24, "13:00"), tick=False):
        assert missed_visits.mark_missed(now=at(24, "13:00")) == 1
    assert (states(watch), states(other)) == ([], ["missed"])


def test_few_misses_cost_as_many_statements_as_many(who: Neighbourhood) -> None:
    def cost(number: int, day: int) -> int:
        for _ in range(number):
            a_watch(who, daily(begins_at=at(day)))
        with (
            time_machine.travel(at(day, "13:00"), tick=False),
            CaptureQueriesContext(connection) as captured,
        ):
            assert missed_visits.mark_missed(now=at(day, "13:00")) == number
        Expectation.objects.filter(state="expected").update(state="void", settled_at=at(day))
        return len(captured)

    assert cost(3, 24) == cost(8, 25)


def test_few_that_join_their_alerts_cost_as_many_statements_as_many(who: Neighbourhood) -> None:
    def cost(number: int) -> int:
        watches = [a_watch(who) for _ in range(number)]
        sweep(at(24, "13:00"))
        with (
            time_machine.travel(at(25, "13:00"), tick=False),
            CaptureQueriesContext(connection) as captured,
        ):
            assert missed_visits.mark_missed(now=at(25, "13:00")) == number
        assert {each.alerts.get().joined for each in watches} == {2}
        Expectation.objects.filter(state="expected").update(state="void", settled_at=at(25))
        return len(captured)

    assert cost(3) == cost(8)


def test_what_joins_an_alert_and_what_opens_one_are_flipped_together(
    who: Neighbourhood, watch: WatchAssignment
) -> None:
    sweep(at(24, "13:00"))
    other = a_watch(who, daily(begins_at=at(25)))
    sweep(at(25, "13:00"))
    assert watch.alerts.get().joined == 2
    assert other.alerts.get().joined == 1
    for each in (watch, other):
        named = each.expectations.filter(state="missed").values_list("alert", flat=True)
        assert set(named) == {each.alerts.get().pk}


def test_a_sweep_costs_by_what_is_due(who: Neighbourhood, watch: WatchAssignment) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            missed_visits.mark_missed(now=at(24, "13:00"))
        return len(captured)

    few = cost()
    for _ in range(5):
        a_watch(who, daily(begins_at=at(25)))
    Expectation.objects.filter(assignment=watch, state="missed").delete()
    assert cost() < few


def test_term_and_basis_end_a_watch(who: Neighbourhood) -> None:
    watch = a_watch(who, term_until=at(26).date())
    assert len(windows(watch)) == 3
    sweep(at(27, "00:00"))
    watch.refresh_from_db()
    assert (watch.status, watch.end_reason) == ("ended", "term_over")


def test_a_watch_that_is_suspended_expects_nobody_until_it_is_resumed(
    who: Neighbourhood, watch: WatchAssignment
) -> None:
    sweep(at(24, "13:00"))
    with time_machine.travel(at(25, "10:00"), tick=False):
        move(actor=who.desk, assignment_id=watch.pk, verb=WatchVerb.SUSPEND)
    sweep(at(27, "20:00"))
    assert set(states(watch)) == {"missed", "void"}
    assert states(watch).count("missed") == 1
    assert watch.alerts.get().ended_by == "watch_ended"
    with time_machine.travel(at(28, "10:00"), tick=False):
        move(actor=who.desk, assignment_id=watch.pk, verb=WatchVerb.RESUME)
    assert windows(watch, "expected")[0] == "11-29 09:00"


# Our own outages.


def test_after_an_outage_of_ours_there_is_time_left(watch: WatchAssignment) -> None:
    sweep_late(at(24, "12:00"))
    sweep_late(at(24, "13:30"))
    assert states(watch) == []
    outage = Outage.objects.get()
    assert (outage.began_at, outage.recovered_at, outage.shifted) == (
        at(24, "12:00"), at(24, "13:30"), 1,
    )  # fmt: skip
    first = watch.expectations.earliest("window_start")
    assert (first.grace_until, first.outage) == (at(24, "15:00"), outage)


def test_two_hours_more_at_most(watch: WatchAssignment) -> None:
    sweep_late(at(24, "08:30"))
    sweep_late(at(24, "18:00"))
    assert watch.expectations.earliest("window_start").grace_until == at(24, "20:00")
    sweep_late(at(24, "18:01"))
    assert Outage.objects.count() == 1


def test_what_has_more_time_anyway_keeps_it(watch: WatchAssignment) -> None:
    sweep_late(at(24, "09:00"))
    sweep_late(at(24, "09:10"))
    first = watch.expectations.earliest("window_start")
    assert (first.grace_until, first.outage) == (at(24, "13:00"), None)


@pytest.mark.usefixtures("watch")
def test_sweeps_in_their_rhythm_are_no_outage() -> None:
    for minute in range(5):
        sweep_late(at(24, "12:00") + minutes(minute))
    assert not Outage.objects.exists()


@pytest.mark.usefixtures("watch")
def test_a_clock_that_was_put_back_is_no_outage() -> None:
    sweep_late(at(24, "12:00"))
    sweep_late(at(24, "11:00"))
    sweep_late(at(24, "11:01"))
    assert not Outage.objects.exists()


# Who looks in changes.


def test_the_new_watcher_is_told(who: Neighbourhood, watch: WatchAssignment) -> None:
    with time_machine.travel(at(24, "08:30"), tick=False):
        successor = a_member(who.watcher.agency, Role.WATCHER)
        reassign(
            actor=who.desk, assignment_id=watch.pk,
            watcher=successor.user, watcher_agency=successor.agency,
        )  # fmt: skip
    sweep(at(24, "13:00"))
    assert notified(watch.alerts.get()) == [successor.user_id]


def test_who_looked_in_meanwhile_is_not_asked(who: Neighbourhood, watch: WatchAssignment) -> None:
    with time_machine.travel(at(24, "10:00"), tick=False):
        check_in(actor=who.watcher, assignment_id=watch.pk, outcome="met")
    sweep(at(24, "13:00"))
    assert (states(watch), watch.alerts.count()) == (["met"], 0)

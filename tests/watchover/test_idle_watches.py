"""An active watch always has a time ahead, or somebody has been told that it has none."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine

from carenet.reminders.models import Reminder
from carenet.watchover.hooks.unattended import silent_watches
from carenet.watchover.models import Expectation, WatchAssignment
from tests.factories import api
from tests.watchover.watches import (
    START,
    Neighbourhood,
    a_proposal,
    a_watch,
    at,
    daily,
    notified,
    sweep,
    windows,
)

pytestmark = pytest.mark.django_db


def put(who: Neighbourhood, watch: WatchAssignment, rule: str, **changes: Any) -> Any:
    body = {
        "rule": rule, "begins_at": at(24).isoformat(), "window_minutes": 180, "grace_minutes": 60,
    } | changes  # fmt: skip
    with time_machine.travel(START, tick=False):
        return api(who.desk).post(f"/api/v1/watch-assignments/{watch.pk}/schedule/", body)


@pytest.mark.parametrize(
    ("rule", "changes", "pointer"),
    [
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", {}, "/rule"),
        ("FREQ=MONTHLY;BYMONTH=4,6;BYMONTHDAY=31", {}, "/rule"),
        ("FREQ=DAILY;UNTIL=20000101T000000Z", {}, "/rule"),
        ("FREQ=MONTHLY;BYDAY=5MO;BYMONTHDAY=1", {}, "/rule"),
        ("FREQ=DAILY;COUNT=1", {"begins_at": at(1).isoformat()}, "/rule"),
        ("FREQ=YEARLY;INTERVAL=100", {"begins_at": at(1).isoformat()}, "/rule"),
        ("FREQ=DAILY", {"begins_at": "2199-01-01T09:00:00+09:00"}, "/rule"),
        ("FREQ=DAILY", {"window_minutes": 10080}, "/window_minutes"),
        ("FREQ=WEEKLY;BYDAY=MO,TU", {"window_minutes": 1441}, "/window_minutes"),
        ("FREQ=DAILY", {"effective_from": "2199-01-01T09:00:00+09:00"}, "/effective_from"),
        ("FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=1", {"holiday_policy": "skip"}, "/holiday_policy"),
    ],
)
def test_a_rhythm_by_which_nobody_comes_or_windows_overlap_is_refused_and_the_old_one_goes_on(
    who: Neighbourhood, watch: WatchAssignment, rule: str, changes: dict[str, Any], pointer: str
) -> None:
    answer = put(who, watch, rule, **changes)
    assert answer.status_code == 400, answer.content
    assert [each["pointer"] for each in answer.json()["errors"]] == [pointer]
    assert len(windows(watch, "expected")) > 10


@pytest.mark.parametrize(
    ("rule", "changes"),
    [
        ("FREQ=MONTHLY;BYMONTHDAY=31", {}),
        ("FREQ=MONTHLY;INTERVAL=3", {}),
        ("FREQ=DAILY", {"window_minutes": 1440}),
    ],
)
def test_a_rare_rhythm_is_taken_and_its_next_time_stands(
    who: Neighbourhood, watch: WatchAssignment, rule: str, changes: dict[str, Any]
) -> None:
    assert put(who, watch, rule, **changes).status_code == 201
    assert windows(watch, "expected")
    assert not Reminder.objects.filter(kind="watch.expects_nobody", settled_at=None).exists()


@pytest.mark.parametrize("rule", ["FREQ=DAILY;COUNT=1", "FREQ=YEARLY;INTERVAL=100"])
def test_where_a_rhythm_runs_out_the_responsible_agency_hears_of_it(
    who: Neighbourhood, rule: str
) -> None:
    watch = a_watch(who, daily(rule=rule))
    assert windows(watch, "expected") == ["11-24 09:00"]
    sweep(at(24, "11:59"))
    assert not notified(watch)
    sweep(at(24, "14:00"))
    assert notified(watch) == [who.desk.user_id]
    with time_machine.travel(at(25), tick=False):
        assert silent_watches() == 0
        shown = api(who.ward).get("/api/v1/watch-review/terms/").json()["results"]
    assert [each["rule"] for each in shown[0]["because"]] == ["expects_nobody"]
    sweep(at(26, "10:00"))
    assert notified(watch) == [who.desk.user_id] * 2  # with the managers, of whom there are none


def test_a_rhythm_that_runs_out_before_the_term_is_told_of_too(who: Neighbourhood) -> None:
    a_watch(who, daily(rule="FREQ=DAILY;COUNT=2"), term_until=at(20, month=12).date())
    assert Reminder.objects.filter(kind="watch.expects_nobody", settled_at=None).exists()


def test_after_its_last_time_a_watch_ends_with_its_term_in_silence(who: Neighbourhood) -> None:
    a_watch(who, daily(rule="FREQ=WEEKLY"), term_until=at(30).date())
    with time_machine.travel(at(29), tick=False):
        assert silent_watches() == 0
    assert not Reminder.objects.filter(kind="watch.expects_nobody", settled_at=None).exists()


def test_a_rare_rhythm_that_comes_again_only_after_the_term_is_told_of(who: Neighbourhood) -> None:
    quarterly = daily(rule="FREQ=MONTHLY;INTERVAL=3")
    watch = a_watch(who, quarterly, term_until=at(31, month=1, year=2027).date())
    sweep(at(24, "14:00"))
    assert notified(watch) == [who.desk.user_id]


def test_another_rhythm_ends_what_was_told(who: Neighbourhood) -> None:
    watch = a_watch(who, daily(rule="FREQ=DAILY;COUNT=1"))
    assert put(who, watch, "FREQ=DAILY").status_code == 201
    sweep(at(25, "14:00"))
    assert not Reminder.objects.filter(kind="watch.expects_nobody", settled_at=None).exists()


def test_a_window_that_is_open_stands_for_one_of_a_new_rhythm_within_it(
    who: Neighbourhood, watch: WatchAssignment
) -> None:
    with time_machine.travel(at(24, "10:00"), tick=False):
        put_at = api(who.desk).post(
            f"/api/v1/watch-assignments/{watch.pk}/schedule/",
            {"rule": "FREQ=DAILY", "begins_at": at(24, "11:00").isoformat(),
             "window_minutes": 180, "grace_minutes": 60},
        )  # fmt: skip
    assert put_at.status_code == 201
    assert windows(watch, "expected")[:2] == ["11-24 09:00", "11-25 11:00"]


def test_the_figure_counts_a_watch_by_which_nobody_is_expected_and_of_which_nobody_knows(
    who: Neighbourhood, watch: WatchAssignment
) -> None:
    a_proposal(who, watcher=who.desk.user, watcher_agency=who.desk.agency)
    with time_machine.travel(START, tick=False):
        assert silent_watches() == 0
        Expectation.objects.filter(assignment=watch).delete()
        assert silent_watches() == 1
        for days, found in ((60, 1), (10, 0)):  # what ends by itself before long is none
            watch.term_until = (START + timedelta(days=days)).date()
            watch.save()
            assert silent_watches() == found

"""What a check-in meets, what it comes too late for, and what it begins."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
import time_machine

from carenet.core.errors import Conflict, Forbidden, Invalid, NotFound
from carenet.watchover.actions.alerts import acknowledge
from carenet.watchover.actions.check_ins import check_in
from carenet.watchover.actions.transitions import move
from carenet.watchover.models import CheckIn, WatchAssignment
from carenet.watchover.states import WatchVerb
from tests.factories import a_member, an_agency
from tests.watchover.watches import Neighbourhood, a_proposal, at, minutes, notified, states, sweep

pytestmark = pytest.mark.django_db
KEY = UUID(int=7)


def look_in(
    who: Neighbourhood, watch: WatchAssignment, now: datetime, outcome: str = "met", **said: Any
) -> CheckIn:
    with time_machine.travel(now, tick=False):
        return check_in(
            actor=said.pop("actor", who.watcher), assignment_id=watch.pk, outcome=outcome, **said
        )


@pytest.mark.parametrize("clock", ["09:00", "11:59", "12:30", "13:00"])
def test_from_window_to_grace_it_meets_what_was_expected(
    who: Neighbourhood, watch: WatchAssignment, clock: str
) -> None:
    found = look_in(who, watch, at(24, clock))
    assert states(watch) == ["met"]
    assert found.expectation == watch.expectations.get(state="met")


def test_before_the_window_it_is_only_recorded(who: Neighbourhood, watch: WatchAssignment) -> None:
    assert look_in(who, watch, at(24, "08:30")).expectation is None
    assert states(watch) == []


def test_a_second_one_meets_nothing_more(who: Neighbourhood, watch: WatchAssignment) -> None:
    look_in(who, watch, at(24, "09:30"))
    assert look_in(who, watch, at(24, "10:30")).expectation is None
    assert states(watch) == ["met"]


def test_too_late_it_resolves_the_alert_and_the_miss_stays(
    who: Neighbourhood, watch: WatchAssignment
) -> None:
    sweep(at(24, "13:00"))
    found = look_in(who, watch, at(24, "16:00"))
    assert states(watch) == ["missed"]
    assert found.expectation == watch.expectations.get(state="missed")
    assert watch.alerts.get().ended_by == "check_in"


def test_in_time_but_recorded_late_it_is_met_and_the_alert_stays_on_record(
    who: Neighbourhood, watch: WatchAssignment
) -> None:
    sweep(at(24, "13:00"))
    look_in(who, watch, at(24, "18:00"), observed_at=at(24, "10:00"), offline=True)
    assert states(watch) == ["met"]
    alert = watch.alerts.get()
    assert alert.ended_by == "check_in"
    assert list(alert.expectations.all()) == [watch.expectations.get(state="met")]


def test_an_old_one_does_not_end_a_silence_that_has_gone_on(
    who: Neighbourhood, watch: WatchAssignment
) -> None:
    for day in (24, 25):
        sweep(at(day, "13:00"))
    look_in(who, watch, at(25, "14:00"), observed_at=at(24, "10:00"))
    assert states(watch) == ["met", "missed"]
    assert watch.alerts.get().resolved_at is None


def test_what_was_said_of_the_silence_is_said_no_more(
    who: Neighbourhood, watch: WatchAssignment
) -> None:
    sweep(at(24, "13:00"))
    look_in(who, watch, at(24, "13:30"))
    sweep(at(24, "15:00"))
    assert notified(watch.alerts.get()) == [who.watcher.user_id]


def test_no_answer_does_the_duty_and_worries_the_plaza_at_once(
    who: Neighbourhood, watch: WatchAssignment
) -> None:
    look_in(who, watch, at(24, "09:10"), "no_answer")
    assert states(watch) == ["met"]
    sweep(at(24, "09:10"))
    alert = watch.alerts.get()
    assert (alert.kind, alert.level) == ("resident_silent", 2)
    assert notified(alert) == [who.desk.user_id]
    sweep(at(24, "10:10"))
    assert notified(alert) == [who.desk.user_id, who.ward.user_id]


def test_the_watcher_of_a_resident_who_is_silent_is_not_chased(
    who: Neighbourhood, watch: WatchAssignment
) -> None:
    look_in(who, watch, at(24, "09:10"), "no_answer")
    for clock in ("10:10", "11:10", "13:00", "14:10"):
        sweep(at(24, clock))
    assert who.watcher.user_id not in notified(watch.alerts.get())


def test_no_answer_again_joins_and_does_not_chase_anew(
    who: Neighbourhood, watch: WatchAssignment
) -> None:
    for clock in ("09:10", "09:20"):
        look_in(who, watch, at(24, clock), "no_answer")
        sweep(at(24, clock))
    assert watch.alerts.get().joined == 2
    assert notified(watch.alerts.get()) == [who.desk.user_id]


def test_a_concern_that_becomes_an_emergency_is_chased_anew(
    who: Neighbourhood, watch: WatchAssignment
) -> None:
    for clock, outcome in (("09:10", "concern"), ("09:20", "emergency")):
        look_in(who, watch, at(24, clock), outcome)
        sweep(at(24, clock))
    alert = watch.alerts.get()
    assert (alert.kind, alert.level) == ("concern", 3)
    assert notified(alert) == [who.desk.user_id] * 2


def test_an_emergency_does_not_wait_for_who_took_the_concern_on(
    who: Neighbourhood, watch: WatchAssignment
) -> None:
    """Not even where the first step of both is due at the same moment."""
    look_in(who, watch, at(24, "09:10"), "concern")
    alert = watch.alerts.get()
    with time_machine.travel(at(24, "09:10"), tick=False):
        acknowledge(actor=who.desk, alert_id=alert.pk, until=at(24, "12:00"))
    look_in(who, watch, at(24, "09:10"), "emergency")
    sweep(at(24, "09:10"))
    assert notified(alert) == [who.desk.user_id]


def test_somebody_who_looked_in_later_does_not_judge_a_worry(
    who: Neighbourhood, watch: WatchAssignment
) -> None:
    look_in(who, watch, at(24, "09:10"), "no_answer")
    look_in(who, watch, at(24, "09:40"))
    assert watch.alerts.get().resolved_at is None


def test_the_same_key_is_the_same_check_in(who: Neighbourhood, watch: WatchAssignment) -> None:
    said: dict[str, Any] = {"client_key": KEY, "observed_at": at(24, "09:10")}
    first = look_in(who, watch, at(24, "09:20"), **said)
    assert look_in(who, watch, at(24, "15:00"), **said) == first
    assert watch.check_ins.count() == 1


@pytest.mark.parametrize(
    "other",
    [
        {"outcome": "no_answer"},
        {"observed_at": at(24, "09:10")},
        {"note": "新聞がたまっている"},
        {"by_proxy": True},
    ],
)
def test_the_same_key_does_not_say_two_things(
    who: Neighbourhood, watch: WatchAssignment, other: dict[str, Any]
) -> None:
    look_in(who, watch, at(24, "09:20"), client_key=KEY)
    with pytest.raises(Conflict) as refused:
        look_in(who, watch, at(24, "09:30"), client_key=KEY, **other)
    assert refused.value.reason_code == "check_in_differs"


def test_the_desk_records_for_who_telephoned(who: Neighbourhood, watch: WatchAssignment) -> None:
    found = look_in(who, watch, at(24, "10:00"), actor=who.desk, by_proxy=True)
    assert (found.by_proxy, found.by_user_id) == (True, who.desk.user_id)
    assert states(watch) == ["met"]


@pytest.mark.parametrize("minutes_ahead", [6, -200_000])
def test_a_moment_that_cannot_be_is_refused(
    who: Neighbourhood, watch: WatchAssignment, minutes_ahead: int
) -> None:
    now = at(24, "10:00")
    with pytest.raises(Invalid):
        look_in(who, watch, now, observed_at=now + minutes(minutes_ahead))


def test_who_has_no_part_records_nothing(who: Neighbourhood, watch: WatchAssignment) -> None:
    with pytest.raises(NotFound):
        look_in(who, watch, at(24, "10:00"), actor=a_member(an_agency()))


def test_before_there_is_a_basis_nobody_looks_in(who: Neighbourhood) -> None:
    proposed = a_proposal(who)
    with pytest.raises(NotFound):
        check_in(actor=who.watcher, assignment_id=proposed.pk, outcome="met")
    with pytest.raises(Conflict):
        check_in(actor=who.desk, assignment_id=proposed.pk, outcome="met")


def test_what_was_seen_before_the_end_may_still_be_told(
    who: Neighbourhood, watch: WatchAssignment
) -> None:
    with time_machine.travel(at(24, "11:00"), tick=False):
        move(actor=who.desk, assignment_id=watch.pk, verb=WatchVerb.END, reason="wish")
    seen: dict[str, Any] = {"observed_at": at(24, "10:00"), "actor": who.desk}
    assert look_in(who, watch, at(24, "12:00"), **seen).observed_at == at(24, "10:00")
    with pytest.raises(Conflict):
        look_in(who, watch, at(24, "12:00"), actor=who.desk)
    with pytest.raises((NotFound, Forbidden)):
        look_in(who, watch, at(24, "12:00"), observed_at=at(24, "10:00"))

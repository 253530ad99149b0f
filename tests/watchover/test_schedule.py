"""Another rhythm is another row: the future is laid out anew, the past stays as it was."""

from __future__ import annotations

import pytest
import time_machine
from django.utils import timezone

from carenet.accounts.actions.accounts import disable_account
from carenet.core.errors import Conflict, Invalid
from carenet.reminders.models import Pulse, Reminder
from carenet.residents.actions import end_record
from carenet.watchover.actions.assignments import edit, reassign
from carenet.watchover.actions.schedule import set_schedule
from carenet.watchover.actions.transitions import move
from carenet.watchover.models import WatchAssignment
from carenet.watchover.states import WatchVerb
from carenet.watchover.tasks import sweep as wake_up
from tests.watchover.watches import Neighbourhood, a_watch, at, daily, states, sweep, windows

pytestmark = pytest.mark.django_db
WEEKLY = daily(rule="FREQ=WEEKLY;BYDAY=FR", begins_at=at(24, "14:00"))


def test_the_future_is_laid_out_anew_and_the_past_stays(
    who: Neighbourhood, watch: WatchAssignment
) -> None:
    sweep(at(24, "13:00"))
    with time_machine.travel(at(25, "10:00"), tick=False):
        set_schedule(actor=who.desk, assignment_id=watch.pk, rhythm=WEEKLY)
    assert windows(watch, "missed") == ["11-24 09:00"]
    assert windows(watch, "expected") == ["11-25 09:00", "11-27 14:00", "12-04 14:00"]
    assert len(windows(watch, "void")) == 12


def test_from_a_moment_ahead_on(who: Neighbourhood, watch: WatchAssignment) -> None:
    with time_machine.travel(at(24, "10:00"), tick=False):
        set_schedule(
            actor=who.desk, assignment_id=watch.pk, rhythm=WEEKLY, effective_from=at(26, "00:00")
        )
    assert windows(watch, "expected") == [
        "11-24 09:00", "11-25 09:00", "11-27 14:00", "12-04 14:00",
    ]  # fmt: skip


def test_one_that_never_came_to_hold_is_replaced_too(
    who: Neighbourhood, watch: WatchAssignment
) -> None:
    with time_machine.travel(at(24, "10:00"), tick=False):
        set_schedule(actor=who.desk, assignment_id=watch.pk, rhythm=WEEKLY, effective_from=at(28))
        every_other = daily(rule="FREQ=DAILY;INTERVAL=2")
        set_schedule(actor=who.desk, assignment_id=watch.pk, rhythm=every_other)
    assert windows(watch, "expected")[:3] == ["11-24 09:00", "11-26 09:00", "11-28 09:00"]
    assert watch.schedules.current().count() == 1


def test_the_past_is_not_changed(who: Neighbourhood, watch: WatchAssignment) -> None:
    with time_machine.travel(at(24, "10:00"), tick=False), pytest.raises(Invalid):
        set_schedule(actor=who.desk, assignment_id=watch.pk, rhythm=WEEKLY, effective_from=at(24))


def test_closed_days_are_those_of_the_responsible_agency(who: Neighbourhood) -> None:
    moved = daily(rule="FREQ=WEEKLY;BYDAY=MO", begins_at=at(16), holiday_policy="move")
    watch = a_watch(who, moved, now=at(16, "08:00"))
    assert windows(watch) == ["11-16 09:00", "11-24 09:00"]


def test_a_shorter_basis_takes_back_what_was_expected_beyond_it(
    who: Neighbourhood, watch: WatchAssignment
) -> None:
    with time_machine.travel(at(24, "08:30"), tick=False):
        edit(actor=who.desk, assignment_id=watch.pk, basis_until=at(25).date())
    assert windows(watch, "expected") == ["11-24 09:00", "11-25 09:00"]
    with time_machine.travel(at(24, "08:40"), tick=False):
        edit(actor=who.desk, assignment_id=watch.pk, basis_until=None)
    assert len(windows(watch, "expected")) == 14


def test_before_the_term_nobody_is_expected(who: Neighbourhood) -> None:
    watch = a_watch(who, term_from=at(26).date())
    assert windows(watch)[0] == "11-26 09:00"


def test_a_death_ends_every_watch_and_takes_everything_back(
    who: Neighbourhood, watch: WatchAssignment
) -> None:
    sweep(at(24, "13:00"))
    with time_machine.travel(at(24, "14:00"), tick=False):
        end_record(actor=who.desk, resident_id=watch.resident_id, reason="died", on=at(24).date())
    watch.refresh_from_db()
    assert (watch.status, watch.end_reason, watch.alerts.get().ended_by) == (
        "ended", "died", "watch_ended",
    )  # fmt: skip
    assert windows(watch, "expected") == []
    assert states(watch)[0] == "missed"


def test_what_has_ended_is_not_moved_any_more(who: Neighbourhood, watch: WatchAssignment) -> None:
    move(actor=who.desk, assignment_id=watch.pk, verb=WatchVerb.END, reason="wish")
    with pytest.raises(Conflict):
        set_schedule(actor=who.desk, assignment_id=watch.pk, rhythm=WEEKLY)
    with pytest.raises(Conflict):
        reassign(actor=who.desk, assignment_id=watch.pk, backup=None)


def test_who_leaves_is_replaced_by_the_backup(who: Neighbourhood, watch: WatchAssignment) -> None:
    assert who.watcher.user
    disable_account(actor=None, user=who.watcher.user)
    watch.refresh_from_db()
    assert (watch.watcher, watch.backup) == (who.backup.user, None)


def test_without_a_backup_the_responsible_agency_is_told(
    who: Neighbourhood, watch: WatchAssignment
) -> None:
    for actor in (who.backup, who.watcher):
        assert actor.user
        disable_account(actor=None, user=actor.user)
    watch.refresh_from_db()
    assert (watch.status, watch.watcher) == ("active", None)
    waiting = Reminder.objects.filter(kind="watch.without_watcher", settled_at=None)
    assert waiting.get().agency == who.desk.agency
    reassign(actor=who.desk, assignment_id=watch.pk, watcher=who.desk.user)
    assert not waiting.exists()


def test_a_wake_up_does_what_is_due_and_leaves_a_sign_of_life(watch: WatchAssignment) -> None:
    with time_machine.travel(at(24, "13:00"), tick=False):
        wake_up()
        assert Pulse.objects.get(name="watchover").at == timezone.now()
    assert states(watch) == ["missed"]

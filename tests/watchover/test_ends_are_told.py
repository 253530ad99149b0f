"""A watch, or the sharing of a list, that ends with its day is told of before that, and then."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine

from carenet.agencies.models import User
from carenet.agencies.roles import Role
from carenet.reminders.actions import schedule_unattended
from carenet.reminders.models import InboxEntry, Reminder
from carenet.reminders.selectors import silent_matters
from carenet.watchlists.actions.entries import screen
from carenet.watchlists.models import WatchList
from carenet.watchover.actions import handover_plan
from carenet.watchover.actions.assignments import edit
from carenet.watchover.models import WatchAssignment
from carenet.watchover.states import WatchEndReason, WatchStatus
from tests.factories import a_member
from tests.watchlists.lists import listed
from tests.watchover.watches import Neighbourhood, a_proposal, a_watch, at, sweep

pytestmark = pytest.mark.django_db
#: Sixteen days after the beginning.
LAST = date(2026, 12, 10)
#: The first day on which it is told, two weeks before the last one.
TOLD_FROM = at(26, "09:30")


def look(moment: datetime) -> None:
    """Let the look at what is open, and the workers, do what is due."""
    with time_machine.travel(moment, tick=False):
        schedule_unattended(now=moment)
    sweep(moment)


def told(kind: str) -> list[User | None]:
    entries = InboxEntry.objects.filter(reminder__kind=kind, user__isnull=False)
    return [each.user for each in entries.order_by("arrived_at", "id")]


def about(kind: str) -> list[Any]:
    open_ones = Reminder.objects.filter(kind=kind, settled_at=None)
    return sorted(open_ones.values_list("subject_id", flat=True))


@pytest.mark.parametrize("field", ["term_until", "basis_until"])
def test_whoever_answers_for_a_watch_is_told_two_weeks_before_it_ends(
    who: Neighbourhood, field: str
) -> None:
    ending: dict[str, Any] = {field: LAST}
    a_watch(who, **ending)
    look(at(25))
    assert told("watch.ending") == []
    look(TOLD_FROM)
    assert told("watch.ending") == [who.desk.user]


def test_a_working_day_later_its_managers_are_told(who: Neighbourhood) -> None:
    with time_machine.travel(at(1), tick=False):
        manager = a_member(who.desk.agency, Role.MANAGER)
    a_watch(who, term_until=LAST)
    look(TOLD_FROM)
    look(at(1, "12:00", month=12))
    assert manager.user in told("watch.ending")


def test_a_watch_that_has_not_begun_is_told_of_as_well(who: Neighbourhood) -> None:
    with time_machine.travel(at(24, "08:00"), tick=False):
        watch = a_proposal(who, term_until=LAST)
    look(TOLD_FROM)
    assert about("watch.ending") == [watch.pk]


def test_watches_of_one_day_are_told_together_and_the_next_of_them_once_the_first_goes_on(
    who: Neighbourhood,
) -> None:
    one, two, other = (
        a_watch(who, term_until=day) for day in (LAST, LAST, LAST - timedelta(days=1))
    )
    look(TOLD_FROM)
    assert about("watch.ending") == sorted([one.pk, other.pk])
    with time_machine.travel(TOLD_FROM, tick=False):
        edit(actor=who.desk, assignment_id=one.pk, term_until=date(2027, 3, 1))
    look(TOLD_FROM)
    assert about("watch.ending") == sorted([two.pk, other.pk])


def test_what_a_handover_gives_a_new_term_is_not_told(who: Neighbourhood) -> None:
    a_watch(who, sharing_basis="WITHIN_PURPOSE", term_until=LAST)
    with time_machine.travel(at(24, "08:30"), tick=False):
        successor = a_member(who.watcher.agency, Role.WATCHER)
        given = {
            "outgoing": who.watcher.user, "outgoing_agency": who.watcher.agency,
            "successor": successor.user, "successor_agency": successor.agency,
        }  # fmt: skip
        plan = handover_plan.plan(
            actor=who.desk, pairs=[given], effective_on=LAST + timedelta(days=1)
        )
        handover_plan.schedule(actor=who.desk, handover_id=plan.pk)
    look(TOLD_FROM)
    assert about("watch.ending") == []
    with time_machine.travel(TOLD_FROM, tick=False):
        handover_plan.call_off(actor=who.desk, handover_id=plan.pk)
    look(TOLD_FROM)
    assert about("watch.ending") != []


@pytest.mark.parametrize(
    ("field", "kind", "reason"),
    [
        ("term_until", "watch.term_ended", WatchEndReason.TERM_OVER),
        ("basis_until", "watch.basis_ended", WatchEndReason.BASIS_ENDED),
    ],
)
def test_the_end_itself_is_told(who: Neighbourhood, field: str, kind: str, reason: str) -> None:
    ending: dict[str, Any] = {field: LAST}
    watch = a_watch(who, **ending)
    look(TOLD_FROM)
    look(at(11, "09:30", month=12))
    watch = WatchAssignment.objects.get(pk=watch.pk)
    assert (watch.status, watch.end_reason) == (WatchStatus.ENDED, reason)
    assert told(kind) == [who.desk.user]
    look(at(11, "09:30", month=12) + timedelta(days=7))
    assert about("watch.ending") == []


def test_what_ends_soon_and_is_told_to_nobody_is_counted(who: Neighbourhood) -> None:
    a_watch(who, term_until=LAST)
    assert "watch_ending" not in silent_matters(at(25))
    assert silent_matters(TOLD_FROM)["watch_ending"] == 1
    look(TOLD_FROM)
    assert "watch_ending" not in silent_matters(TOLD_FROM)


# The list of the ward office.


def a_list(who: Neighbourhood) -> WatchList:
    with time_machine.travel(at(24, "08:00"), tick=False):
        [entry, *_rest] = listed(who.ward, 2, agency=who.desk.agency, basis_until=LAST)
    return entry.watch_list


def test_the_end_of_a_lists_basis_is_told_before_and_then(who: Neighbourhood) -> None:
    with time_machine.travel(at(1), tick=False):
        manager = a_member(who.desk.agency, Role.MANAGER)
    watch_list = a_list(who)
    look(at(25))
    assert told("list.ending") == []
    look(TOLD_FROM)
    assert told("list.ending") == [manager.user]
    look(at(1, "12:00", month=12))
    assert who.ward.user in told("list.ending")
    assert about("list.over") == []
    look(at(11, "12:00", month=12))
    assert about("list.over") == [watch_list.pk]
    assert told("list.over") == [manager.user]


def test_a_list_on_which_nobody_waits_is_not_told(who: Neighbourhood) -> None:
    watch_list = a_list(who)
    for entry in watch_list.entries.all():
        with time_machine.travel(at(25), tick=False):
            screen(actor=who.desk, entry_id=entry.pk, because="in_care")
    look(TOLD_FROM)
    look(at(11, "12:00", month=12))
    assert about("list.ending") == about("list.over") == []


def test_a_new_basis_ends_what_was_told(who: Neighbourhood) -> None:
    a_member(who.desk.agency, Role.MANAGER)
    a_list(who)
    look(at(11, "12:00", month=12))
    with time_machine.travel(at(12, "12:00", month=12), tick=False):
        listed(who.ward, 2, agency=who.desk.agency, basis_until=date(2027, 3, 1))
    look(at(14, "12:00", month=12))
    assert about("list.ending") == about("list.over") == []

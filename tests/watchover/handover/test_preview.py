"""A plan shows what goes to whom, and what stands against it."""

from __future__ import annotations

from datetime import date

import pytest

from carenet.agencies.actors import Actor
from carenet.agencies.roles import Role
from carenet.watchover.models import WatchAssignment
from carenet.watchover.selectors.handover import last_day_of_term, lines_of
from tests.factories import a_member
from tests.watchover.handover.plans import (
    LAST,
    MIDNIGHT,
    a_plan,
    by_law,
    carried_out,
    now,
    obstacle,
    pair,
    remarks,
    scheduled,
)
from tests.watchover.watches import Neighbourhood, sweep

# --- terms


@pytest.mark.parametrize(
    ("day", "last"),
    [
        (date(2025, 11, 30), date(2025, 11, 30)),
        (date(2025, 12, 1), date(2028, 11, 30)),
        (date(2026, 11, 24), date(2028, 11, 30)),
        (date(2028, 12, 1), date(2031, 11, 30)),
        (date(2028, 12, 31), date(2031, 11, 30)),
    ],
)
def test_all_terms_end_together_every_three_years(day: date, last: date) -> None:
    assert last_day_of_term(day) == last


# --- the preview


def test_a_plan_shows_what_goes_to_whom_and_moves_nothing(
    who: Neighbourhood, watch: WatchAssignment, successor: Actor
) -> None:
    (line,) = lines_of(a_plan(who, successor))
    assert (line.assignment, line.watcher, line.obstacle) == (watch, successor.user, "")
    assert now(watch).watcher == who.watcher.user


@pytest.mark.usefixtures("watch")
def test_without_a_successor_the_backup_looks_in_until_there_is_one(who: Neighbourhood) -> None:
    plan = a_plan(who, None)
    assert obstacle(plan) == "no_successor"
    assert remarks(plan) == ["backup_takes_over", "without_backup"]


def test_without_successor_and_backup_the_watch_is_left_over(who: Neighbourhood) -> None:
    by_law(who, backup=None, backup_agency=None)
    assert remarks(a_plan(who, None)) == ["without_watcher"]


@pytest.mark.usefixtures("watch")
def test_who_may_not_record_check_ins_there_takes_nothing_over(who: Neighbourhood) -> None:
    assert obstacle(a_plan(who, a_member(who.watcher.agency, Role.AUDITOR))) == "not_a_watcher"


@pytest.mark.usefixtures("watch")
def test_who_is_a_member_from_the_day_on_takes_over(who: Neighbourhood, successor: Actor) -> None:
    membership = successor.user.memberships.get() if successor.user else None
    assert membership
    membership.since = MIDNIGHT
    membership.save()
    assert obstacle(a_plan(who, successor)) == ""


def test_who_looks_in_on_the_person_already_does_not_take_over_a_second_watch(
    who: Neighbourhood, watch: WatchAssignment, successor: Actor
) -> None:
    by_law(who, resident=watch.resident, watcher=successor.user, term_until=None)
    assert obstacle(a_plan(who, successor)) == "watches_already"


def test_two_who_look_in_on_one_person_may_change_places(
    who: Neighbourhood, watch: WatchAssignment
) -> None:
    nobody = {"backup": None, "backup_agency": None}
    other = by_law(who, resident=watch.resident, watcher=who.backup.user, **nobody)
    pairs = [pair(who.watcher, who.backup), pair(who.backup, who.watcher)]
    carried_out(who, None, pairs=pairs)
    assert now(watch).watcher == who.backup.user
    assert now(other).watcher == who.watcher.user


@pytest.mark.usefixtures("watch")
def test_a_backup_who_becomes_the_watcher_is_missed_as_backup(who: Neighbourhood) -> None:
    plan = a_plan(who, who.backup)
    assert obstacle(plan) == ""
    assert remarks(plan) == ["without_backup"]


def test_who_leaves_hands_over_what_they_stand_by_for_as_well(
    who: Neighbourhood, watch: WatchAssignment, successor: Actor
) -> None:
    carried_out(who, None, pairs=[pair(who.backup, successor)])
    assert now(watch).backup == successor.user
    assert (now(watch).watcher, now(watch).term_until) == (who.watcher.user, LAST)


@pytest.mark.parametrize("field", ["term_until", "basis_until"])
def test_what_ends_before_the_day_is_not_handed_over(
    who: Neighbourhood, successor: Actor, field: str
) -> None:
    watch = by_law(who, **{"term_until": None, field: date(2026, 11, 29)})
    plan = scheduled(who, successor)
    assert obstacle(plan) == field.replace("until", "ends")
    sweep(MIDNIGHT)
    assert (now(watch).status, now(watch).watcher) == ("ended", who.watcher.user)

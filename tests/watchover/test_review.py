"""The review: what rests on one person, what ends, what grows weak, and how far an area is covered."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from carenet.agencies.actors import Actor
from carenet.agencies.roles import Role
from carenet.areas.models import AddressArea, Area, AreaKind
from carenet.watchover.actions.assignments import reassign
from carenet.watchover.actions.check_ins import check_in
from carenet.watchover.actions.pauses import pause
from carenet.watchover.actions.transitions import move
from carenet.watchover.models import CheckIn, WatchAssignment
from carenet.watchover.rules import LOOKED_AT, ReviewRule, weakening
from carenet.watchover.selectors import review
from carenet.watchover.states import CheckInOutcome, WatchEndReason, WatchVerb
from tests.factories import a_member, a_resident, api
from tests.watchover.watches import Neighbourhood, a_proposal, a_watch, at, sweep

pytestmark = pytest.mark.django_db
REVIEW = "/api/v1/watch-review"
TOWN = "霧立町"


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with time_machine.travel(at(24, "10:00"), tick=False):
        yield


def read(actor: Actor, page: str, language: str = "en") -> Any:
    answer = api(actor).get(f"{REVIEW}/{page}/", headers={"Accept-Language": language})
    assert answer.status_code == 200, answer.data
    return answer.data


def fired(actor: Actor, page: str) -> dict[str, list[str]]:
    """Return the rules that fired by the id of the watch."""
    rows = read(actor, page)["results"]
    return {row["id"]: [each["rule"] for each in row["because"]] for row in rows}


def without_backup(who: Neighbourhood, **fields: Any) -> WatchAssignment:
    return a_watch(who, backup=None, backup_agency=None, **fields)


def an_area(who: Neighbourhood) -> Area:
    code = who.desk.agency.municipality_code
    area = Area.objects.create(kind=AreaKind.values[0], name="霧立", municipality_code=code)
    AddressArea.objects.create(area=area, town=TOWN, since=date(2020, 1, 1))
    return area


def living_there(who: Neighbourhood, number: int) -> list[WatchAssignment]:
    return [
        a_watch(who, resident=a_resident(who.desk, address=f"大阪市{TOWN}{each + 1}番"))
        for each in range(number)
    ]


def test_a_watch_without_backup_is_a_single_point_of_failure_until_one_is_named(
    who: Neighbourhood, watch: WatchAssignment
) -> None:
    alone = without_backup(who)
    assert fired(who.ward, "single-points") == {str(alone.pk): ["no_backup"]}
    reassign(
        actor=who.desk, assignment_id=alone.pk,
        backup=who.backup.user, backup_agency=who.backup.agency,
    )  # fmt: skip
    assert fired(who.ward, "single-points") == {}
    assert watch.backup


def test_a_watcher_with_too_many_is_a_single_point_of_failure(
    who: Neighbourhood, watch: WatchAssignment, settings: Settings
) -> None:
    settings.WATCH_REVIEW_MOST_WATCHES = 1
    other = a_watch(who)
    found = fired(who.ward, "single-points")
    assert found == {str(watch.pk): ["overloaded"], str(other.pk): ["overloaded"]}
    [row] = read(who.ward, "load")["watchers"]
    assert (row["watcher"]["id"], row["watches"], row["overloaded"]) == (
        str(who.watcher.user_id), 2, True,
    )  # fmt: skip


def test_terms_and_bases_that_end_before_long_are_listed(
    who: Neighbourhood, watch: WatchAssignment
) -> None:
    soon = a_watch(who, term_until=date(2026, 11, 30), basis_until=date(2027, 11, 30))
    assert fired(who.ward, "terms") == {str(soon.pk): ["term_ends"]}
    assert watch.term_until is None


def test_a_pause_that_is_longer_than_usual_or_has_no_end_is_listed(
    who: Neighbourhood, watch: WatchAssignment
) -> None:
    usual, long, endless = watch, a_watch(who), a_watch(who)
    for each, until in ((usual, at(24, month=12)), (long, at(25, month=12)), (endless, None)):
        with time_machine.travel(at(24), tick=False):
            pause(actor=who.desk, assignment_id=each.pk, reason="hospital", until=until)
    assert fired(who.ward, "terms") == {
        str(long.pk): ["paused_long"], str(endless.pk): ["paused_long"],
    }  # fmt: skip


def test_a_rule_says_in_the_language_of_the_reader_why_it_fired(who: Neighbourhood) -> None:
    without_backup(who)
    [row] = read(who.ward, "single-points")["results"]
    assert row["because"][0]["words"] == "One person looks in, and nobody stands by."
    [row] = read(who.ward, "single-points", "ja")["results"]
    assert row["because"][0]["words"] == "見守る人が一人だけで、代行者がいません。"


def test_indirect_signs_alone_are_a_weakening_signal(
    who: Neighbourhood, watch: WatchAssignment
) -> None:
    for hour in (10, 11, 12):
        with time_machine.travel(at(24, f"{hour}:30"), tick=False):
            check_in(actor=who.watcher, assignment_id=watch.pk, outcome="indirect")
    assert fired(who.ward, "signals") == {str(watch.pk): ["indirect_only"]}
    with time_machine.travel(at(24, "13:00"), tick=False):
        check_in(actor=who.watcher, assignment_id=watch.pk, outcome="met")
    assert fired(who.ward, "signals") == {}


#: As they might come; those that rules look for more often.
_MANY = [
    *CheckInOutcome,
    *[CheckInOutcome.MET, CheckInOutcome.INDIRECT] * 4,
    CheckInOutcome.NO_ANSWER,
]


def some_signs(watch: WatchAssignment, chance: Random) -> list[CheckIn]:
    """Return check-ins of a watch, oldest first, of any kind and with any gaps."""
    told = chance.choices(_MANY, k=14)
    moment, gap = at(24), timedelta(hours=chance.randint(1, 9))
    found: list[CheckIn] = []
    for outcome in told:
        found.insert(0, CheckIn(
            assignment=watch, outcome=outcome, observed_at=moment, by_agency=watch.watcher_agency
        ))  # fmt: skip
        moment -= gap
        gap = gap * 2 / 3 if chance.random() < 0.8 else gap
    return found


def test_of_any_signs_those_show_of_which_a_rule_says_so(who: Neighbourhood) -> None:
    chance, expected = Random(7), {}  # noqa: S311 - the same ones each time
    for _number in range(25):
        watch = a_watch(who)
        signs = CheckIn.objects.bulk_create(some_signs(watch, chance))
        last = [(each.outcome, each.observed_at) for each in signs[-LOOKED_AT:]]
        if because := weakening(last, indirect_in_a_row=3):
            expected[watch.pk] = because
    _watches, rules = review.weak_signals(who.ward)
    assert rules == expected
    assert {rule for because in rules.values() for rule in because} == {
        ReviewRule.INDIRECT_ONLY, ReviewRule.LENGTHENING_GAPS, ReviewRule.NO_ANSWER_THEN_FINE,
    }  # fmt: skip
    assert len(rules) < 25


@pytest.mark.parametrize(
    ("days", "outcomes", "rules"),
    [
        ([0, 1, 3, 6], ["met"] * 4, [ReviewRule.LENGTHENING_GAPS]),
        ([0, 3, 5, 6], ["met"] * 4, []),
        ([0, 10, 21, 33], ["met"] * 4, []),
        ([0, 1, 3], ["met"] * 3, []),
        ([0, 1, 2, 3], ["no_answer", "met"] * 2, [ReviewRule.NO_ANSWER_THEN_FINE]),
        ([0, 1, 2, 3], ["no_answer", "met", "no_answer", "concern"], []),
        ([0, 1], ["indirect"] * 2, []),
        ([0, 1, 2], ["indirect"] * 3, [ReviewRule.INDIRECT_ONLY]),
        ([], [], []),
    ],
)
def test_a_weakening_signal_fires_by_its_rule(
    days: list[int], outcomes: list[str], rules: list[ReviewRule]
) -> None:
    signs = [
        (outcome, at(1) + timedelta(days=day)) for day, outcome in zip(days, outcomes, strict=True)
    ]
    assert weakening(signs, indirect_in_a_row=3) == rules


@pytest.mark.usefixtures("watch")
def test_open_alerts_are_counted_by_how_old_they_are(who: Neighbourhood) -> None:
    sweep(at(24, "13:30"))
    with time_machine.travel(at(24, "15:00"), tick=False):
        [row] = read(who.ward, "alerts")["kinds"]
    assert row["kind"] == "watcher_silent"
    assert [each["alerts"] for each in row["ages"]] == [0, 1, 0, 0, 0]


def test_coverage_counts_each_person_of_an_area_once_by_the_best_of_their_watches(
    who: Neighbourhood,
) -> None:
    area = an_area(who)
    [watch, ended] = living_there(who, 2)
    a_proposal(who, resident=watch.resident, watcher=who.backup.user,
               watcher_agency=who.backup.agency, backup=None, backup_agency=None)  # fmt: skip
    move(actor=who.desk, assignment_id=ended.pk, verb=WatchVerb.END, reason=WatchEndReason.REFUSED)
    a_proposal(who, resident=a_resident(who.desk, address=f"{TOWN}9番"))
    [row] = read(who.ward, "coverage")["areas"]
    assert row["area"]["id"] == str(area.pk)
    assert (row["watched"], row["waiting"], row["refused"]) == (1, 1, 1)
    assert row["hidden"] is False


def test_a_protected_address_lies_in_no_area_for_who_may_not_see_it(who: Neighbourhood) -> None:
    an_area(who)
    person = a_resident(who.desk, address=f"{TOWN}1番", address_protected=True)
    a_watch(who, resident=person)
    [row] = read(who.ward, "coverage")["areas"]
    assert row["area"] is None


def test_small_counts_are_hidden_from_who_may_not_see_persons(who: Neighbourhood) -> None:
    an_area(who)
    living_there(who, 4)
    auditor = a_member(who.ward.agency, Role.AUDITOR)
    [row] = read(auditor, "coverage")["areas"]
    assert (row["watched"], row["refused"], row["hidden"]) == (None, None, True)
    living_there(who, 1)
    [row] = read(auditor, "coverage")["areas"]
    assert (row["watched"], row["waiting"], row["hidden"]) == (5, None, True)


@pytest.mark.usefixtures("watch")
def test_the_review_is_of_the_watches_that_the_reader_keeps(who: Neighbourhood) -> None:
    without_backup(who)
    elsewhere = a_member(who.watcher.agency, Role.MANAGER)
    assert fired(elsewhere, "single-points") == {}
    assert read(elsewhere, "coverage")["areas"] == []
    assert read(elsewhere, "load")["watchers"] == []


@pytest.mark.parametrize("page", ["coverage", "load", "alerts", "single-points", "signals"])
def test_a_page_costs_the_same_however_many_are_watched(who: Neighbourhood, page: str) -> None:
    an_area(who)
    costs = []
    for number in (1, 5):
        living_there(who, number)
        without_backup(who)
        with CaptureQueriesContext(connection) as queries:
            read(who.ward, page)
        costs.append(len([q for q in queries if "SELECT set_config" not in q["sql"]]))
    assert costs[0] == costs[1]

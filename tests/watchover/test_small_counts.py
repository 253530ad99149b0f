"""Who may not see persons works out no small count.

Not from other rows, other kinds of area or a whole.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import time_machine

from carenet.agencies.actors import Actor
from carenet.agencies.roles import Role
from carenet.areas.models import AddressArea, Area, AreaKind
from carenet.watchlists import selectors
from carenet.watchlists.states import ScreenReason
from carenet.watchover.selectors import review
from tests.factories import a_member, a_resident
from tests.watchlists.lists import TOWN, a_line, come_to, take_in
from tests.watchover.watches import Neighbourhood, a_watch, at

OTHER = "別の町"
HERE, THERE = frozenset({"plaza area", "federation"}), frozenset({"plaza area"})


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with time_machine.travel(at(24, "10:00"), tick=False):
        yield


@pytest.fixture
def auditor(who: Neighbourhood) -> Actor:
    return a_member(who.ward.agency, Role.AUDITOR)


def an_area(who: Neighbourhood, kind: AreaKind, *towns: str) -> None:
    code = who.desk.agency.municipality_code
    area = Area.objects.create(kind=kind, name="・".join(towns), municipality_code=code)
    for town in towns:
        AddressArea.objects.create(area=area, town=town, since=date(2020, 1, 1))


def refusing(who: Neighbourhood, here: int, there: int) -> None:
    """Take in a list of people of two towns who all refuse."""
    places = [TOWN] * here + [OTHER] * there
    lines = [
        a_line(
            number, key=str(number), given_name=f"第{number}子", address=f"大阪市{town}{number}番"
        )
        for number, town in enumerate(places)
    ]
    _list, fates = take_in(who.desk, *lines)
    for entry in selectors.entries(who.desk).filter(pk__in=[fate.entry_id for fate in fates]):
        come_to(who.desk, entry, "refused")


def watched(who: Neighbourhood, town: str, number: int) -> None:
    for each in range(number):
        a_watch(who, resident=a_resident(who.desk, address=f"大阪市{town}{each + 1}番"))


def told(actor: Actor, head: str = "refused") -> list[Any]:
    """Return what each row of the only list says."""
    [one] = selectors.funnel(actor)[0]
    return [row[head] for row in one["areas"]]


@pytest.mark.django_db
def test_a_head_that_is_hidden_in_one_row_is_hidden_in_those_of_other_kinds(
    who: Neighbourhood, auditor: Actor
) -> None:
    an_area(who, AreaKind.FEDERATION, TOWN)
    an_area(who, AreaKind.PLAZA_AREA, TOWN, OTHER)
    an_area(who, AreaKind.FEDERATION, OTHER)
    refusing(who, 6, 1)
    assert sorted(told(who.ward)) == [1, 6, 7]
    assert told(auditor) == [None, None, None]


@pytest.mark.django_db
def test_what_only_one_kind_of_area_holds_is_not_the_difference_of_two(
    who: Neighbourhood, auditor: Actor
) -> None:
    an_area(who, AreaKind.FEDERATION, TOWN)
    an_area(who, AreaKind.PLAZA_AREA, TOWN, OTHER)
    refusing(who, 6, 1)
    assert sorted(told(who.ward)) == [6, 7]
    assert told(auditor) == [None, None]


@pytest.mark.django_db
def test_what_is_large_everywhere_is_shown(who: Neighbourhood, auditor: Actor) -> None:
    an_area(who, AreaKind.FEDERATION, TOWN)
    an_area(who, AreaKind.PLAZA_AREA, TOWN, OTHER)
    refusing(who, 6, 5)
    assert sorted(told(auditor)) == [6, 11]


@pytest.mark.django_db
def test_coverage_hides_a_head_in_every_row_too(who: Neighbourhood, auditor: Actor) -> None:
    an_area(who, AreaKind.FEDERATION, TOWN)
    an_area(who, AreaKind.PLAZA_AREA, TOWN, OTHER)
    watched(who, TOWN, 5)
    assert [row["watched"] for row in review.coverage(auditor)[0]] == [5, 5]
    watched(who, OTHER, 1)
    assert sorted(row["watched"] for row in review.coverage(who.ward)[0]) == [5, 6]
    assert [row["watched"] for row in review.coverage(auditor)[0]] == [None, None]


@pytest.mark.django_db
def test_an_area_in_which_nobody_is_counted_hides_nothing(
    who: Neighbourhood, auditor: Actor
) -> None:
    an_area(who, AreaKind.FEDERATION, TOWN)
    an_area(who, AreaKind.FEDERATION, OTHER)
    watched(who, TOWN, 5)
    found = review.coverage(auditor, everywhere=True)[0]
    assert sorted(row["watched"] for row in found) == [0, 5]


def a_large_list(**changes: int) -> Counter[str]:
    """Return a list none of whose heads is small."""
    parts = dict.fromkeys(["unclear", "to_visit", "undecided", "wants", "refused"], 10)
    screened = {f"screened {reason.value}": 10 for reason in ScreenReason}
    whole = {"listed": sum(parts.values()) + sum(screened.values()), "visited": 30, "watched": 20}
    return Counter(parts | screened | whole | changes)


def test_a_large_list_hides_nothing() -> None:
    assert selectors.hidden_in({HERE: a_large_list(), THERE: a_large_list()}) == set()


def test_a_few_who_are_not_watched_hide_how_many_are() -> None:
    listed = a_large_list()["listed"]
    hidden = selectors.hidden_in({HERE: a_large_list(watched=listed - 1)})
    assert {"watched", "listed", "visited"} == hidden


def test_a_few_who_were_not_visited_hide_the_sums() -> None:
    listed = a_large_list()["listed"]
    assert selectors.hidden_in({HERE: a_large_list(visited=listed - 2)}) == {"listed", "visited"}


def test_a_few_who_were_screened_after_a_visit_hide_the_sums() -> None:
    assert selectors.hidden_in({HERE: a_large_list(visited=32)}) == {"listed", "visited"}


def test_a_few_in_one_place_hide_their_head_and_the_sums() -> None:
    few = a_large_list(wants=2)
    assert selectors.hidden_in({HERE: a_large_list(), THERE: few}) == {"wants", "listed", "visited"}

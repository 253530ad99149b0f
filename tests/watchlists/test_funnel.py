"""The funnel of a list, and who on it is unwatched, by area."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from carenet.agencies.actors import Actor
from carenet.agencies.roles import Role
from carenet.areas.models import AddressArea, Area, AreaKind
from carenet.watchlists.actions.entries import assign
from carenet.watchover.models import WatchAssignment
from tests.factories import a_member, a_resident, api
from tests.watchlists.lists import TOWN, a_line, come_to, listed, take_in
from tests.watchover.watches import Neighbourhood, at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
REVIEW = "/api/v1/watch-review"
STATES = ["listed", "screened", "visited", "wants", "refused"]


@pytest.fixture
def area(who: Neighbourhood) -> Area:
    return an_area(who, AreaKind.FEDERATION)


def an_area(who: Neighbourhood, kind: AreaKind) -> Area:
    code = who.desk.agency.municipality_code
    area = Area.objects.create(kind=kind, name="霧立", municipality_code=code)
    AddressArea.objects.create(area=area, town=TOWN, since=date(2020, 1, 1))
    return area


def read(actor: Actor, page: str = "funnel", **query: str) -> Any:
    answer = api(actor).get(f"{REVIEW}/{page}/", query)
    assert answer.status_code == 200, answer.data
    return answer.data


def the_row(actor: Actor) -> dict[str, Any]:
    [one] = read(actor)["lists"]
    [row] = one["areas"]
    found: dict[str, Any] = row
    return found


def test_the_funnel_is_read_at_any_time(who: Neighbourhood, area: Area) -> None:
    for entry, state in zip(listed(who.desk, 5), STATES, strict=True):
        come_to(who.desk, entry, state)
    row = the_row(who.ward)
    assert row["area"]["id"] == str(area.pk)
    assert row["screened"] == [{"reason": "in_care", "number": 1}]
    names = ["listed", "unclear", "to_visit", "visited", "undecided", "wants", "refused", "watched"]
    assert [row[name] for name in names] == [5, 0, 1, 3, 1, 1, 1, 0]


def test_the_parts_of_the_funnel_add_up(who: Neighbourhood) -> None:
    for number, entry in enumerate(listed(who.desk, 6)):
        come_to(who.desk, entry, STATES[number % 5])
    row = the_row(who.ward)
    parts = ["unclear", "to_visit", "undecided", "wants", "refused"]
    screened = sum(each["number"] for each in row["screened"])
    assert row["listed"] == sum(row[name] for name in parts) + screened
    assert row["visited"] == sum(row[name] for name in parts[2:])


def test_a_line_that_means_nobody_yet_is_counted(who: Neighbourhood) -> None:
    a_resident(who.desk, family_name="阿久津", given_name="正一", birth_date=date(1941, 12, 8))
    take_in(who.desk, a_line())
    row = the_row(who.ward)
    assert (row["area"], row["listed"], row["unclear"], row["to_visit"]) == (None, 1, 1, 0)


def test_each_kind_of_area_has_its_row(who: Neighbourhood, area: Area) -> None:
    other = an_area(who, AreaKind.PLAZA_AREA)
    listed(who.desk)
    [one] = read(who.ward)["lists"]
    assert {row["area"]["id"] for row in one["areas"]} == {str(area.pk), str(other.pk)}


def test_each_list_has_its_funnel(who: Neighbourhood) -> None:
    [old] = listed(who.desk)
    [new] = listed(who.desk, delivered_on=date(2026, 11, 1))
    found = read(who.ward)["lists"]
    assert [each["watch_list"]["id"] for each in found] == [
        str(new.watch_list_id), str(old.watch_list_id),
    ]  # fmt: skip
    [one] = read(who.ward, list=str(old.watch_list_id))["lists"]
    assert one["watch_list"]["id"] == str(old.watch_list_id)


def test_who_may_not_see_persons_reads_no_small_count_and_no_sum_that_gives_it_away(
    who: Neighbourhood,
) -> None:
    for number, entry in enumerate(listed(who.desk, 6)):
        come_to(who.desk, entry, "screened" if number == 0 else "refused")
    auditor = a_member(who.ward.agency, Role.AUDITOR)
    row = the_row(auditor)
    assert (row["hidden"], row["listed"], row["visited"], row["refused"]) == (True, None, None, 5)
    assert row["wants"] is None
    assert {each["number"] for each in row["screened"]} == {None}


def test_another_agency_counts_nothing(who: Neighbourhood) -> None:
    listed(who.desk)
    elsewhere = a_member(who.watcher.agency, Role.MANAGER)
    assert read(elsewhere)["lists"] == []
    assert read(elsewhere, "coverage")["areas"] == []


def test_a_protected_address_is_counted_in_no_area(who: Neighbourhood, area: Area) -> None:
    [entry] = listed(who.desk)
    assert entry.resident
    type(entry.resident).objects.update(address_protected=True)
    assert the_row(who.ward)["area"] is None
    assert the_row(a_member(who.desk.agency, Role.MANAGER))["area"]["id"] == str(area.pk)


def test_coverage_tells_the_unwatched_on_the_list_and_who_refused(
    who: Neighbourhood, area: Area
) -> None:
    entries = listed(who.desk, 5)
    for entry, state in zip(entries, STATES, strict=True):
        come_to(who.desk, entry, state)
    [row] = read(who.ward, "coverage")["areas"]
    assert row["area"]["id"] == str(area.pk)
    names = ["watched", "waiting", "unwatched_on_list", "refused"]
    assert [row[name] for name in names] == [0, 0, 3, 1]
    assign(actor=who.desk, entry_id=entries[3].pk, method="visit", sharing_basis="CONSENT")
    [row] = read(who.ward, "coverage")["areas"]
    assert [row[name] for name in names] == [0, 1, 2, 1]


def test_who_is_watched_shows_in_the_funnel(who: Neighbourhood) -> None:
    [entry] = listed(who.desk)
    come_to(who.desk, entry, "wants")
    assign(
        actor=who.desk, entry_id=entry.pk, watcher=who.watcher.user,
        watcher_agency=who.watcher.agency, method="visit", sharing_basis="CONSENT",
    )  # fmt: skip
    assert the_row(who.ward)["watched"] == 0
    WatchAssignment.objects.update(status="active", lay_out_at=at(25))
    assert the_row(who.ward)["watched"] == 1


def test_entries_are_narrowed_down_to_an_area(who: Neighbourhood, area: Area) -> None:
    take_in(who.desk, a_line(0), a_line(1, address="別の町1番"))
    for actor in (who.desk, who.ward):
        [row] = api(actor).get("/api/v1/list-entries/", {"area": str(area.pk)}).data["results"]
        assert row["resident"]["name"] == "阿久津 正一"


@pytest.mark.parametrize("page", [f"{REVIEW}/funnel/", "/api/v1/list-entries/"])
def test_a_page_costs_the_same_however_many_are_listed(who: Neighbourhood, page: str) -> None:
    costs = []
    for number in (1, 5):
        listed(who.desk, number, name="名簿")
        with CaptureQueriesContext(connection) as queries:
            assert api(who.ward).get(page).status_code == 200
        costs.append(len([q for q in queries if "SELECT set_config" not in q["sql"]]))
    assert costs[0] == costs[1]

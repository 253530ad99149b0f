"""The review's pictures: the map of areas and the network of one, and where their parts lead."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from itertools import count
from typing import Any

import pytest
import time_machine
from pytest_django import Settings

from carenet.agencies.roles import Role
from carenet.areas.models import AddressArea, AgencyArea, Area, AreaKind
from carenet.audit.models import AuditEntry
from carenet.watchover.models import WatchAssignment
from carenet.watchover.selectors import network
from tests.factories import NOWHERE, a_member, a_resident, an_agency
from tests.staff.markup import without_layout
from tests.staff.review_requests import as_, assert_few, read
from tests.watchlists.lists import come_to, listed
from tests.watchover.watches import Neighbourhood, a_neighbourhood, a_watch, at, daily, sweep

pytestmark = pytest.mark.django_db
#: Half an hour after the grace of the first morning is over.
MISSED = at(24, "13:30")
_number = count(1)


@pytest.fixture(autouse=True)
def now(settings: Settings) -> Iterator[None]:
    settings.REMINDER_CONSOLE = ""
    with time_machine.travel(MISSED, tick=False):
        yield


@pytest.fixture
def who() -> Neighbourhood:
    return a_neighbourhood()


def an_area(who: Neighbourhood, name: str = "霧立") -> Area:
    code = who.desk.agency.municipality_code
    area = Area.objects.create(kind=AreaKind.PLAZA_AREA, name=name, municipality_code=code)
    AddressArea.objects.create(area=area, town="霧立町", since=date(2020, 1, 1))
    return area


def living_there(who: Neighbourhood, **fields: Any) -> WatchAssignment:
    person = a_resident(who.desk, address="大阪市霧立町1番", given_name=f"{next(_number)}郎")
    return a_watch(who, resident=person, **fields)


def test_the_map_and_its_table_show_an_area_in_which_nobody_is_watched(who: Neighbourhood) -> None:
    an_area(who)
    page = read(who.ward, "/review/coverage/")
    assert 'fill="url(#nobody)"' in page
    assert "霧立" in page


def test_the_map_says_how_far_an_area_is_covered_by_pattern_and_number(who: Neighbourhood) -> None:
    an_area(who)
    living_there(who)
    page = read(who.ward, "/review/coverage/")
    assert 'fill="url(#nobody)"' in page
    assert "watched 1" in page


def test_small_counts_are_hidden_from_who_may_not_see_persons(who: Neighbourhood) -> None:
    area = an_area(who)
    living_there(who)
    auditor = a_member(who.ward.agency, Role.AUDITOR)
    page = read(auditor, "/review/coverage/")
    assert 'fill="url(#hidden)"' in page
    assert "not shown" in page
    assert str(area.pk) not in page
    assert "not shown" in read(auditor, "/review/coverage/?as=csv")


def test_the_sheet_of_coverage_cannot_hold_a_formula(who: Neighbourhood) -> None:
    an_area(who, name="=1+1")
    text = as_(who.ward).get("/review/coverage/?as=csv").content.decode()
    assert text.startswith("\ufeff")
    assert "'=1+1" in text


def test_the_network_marks_who_rests_on_one_person_in_words(who: Neighbourhood) -> None:
    area = an_area(who)
    living_there(who)
    path = f"/review/network/?area={area.pk}"
    assert "▲ one person only" not in read(who.ward, path)
    watch = living_there(who, backup=None, backup_agency=None)
    page = read(who.ward, path)
    assert "▲ one person only" in page
    assert f"/review/watches/{watch.pk}/" in page


def test_the_network_is_a_sheet_too_and_whoever_is_in_it_was_seen(who: Neighbourhood) -> None:
    area = an_area(who)
    watch = living_there(who)
    answer = as_(who.ward).get(f"/review/network/?as=csv&area={area.pk}")
    assert watch.code in answer.content.decode()
    assert watch.resident.name not in answer["Content-Disposition"]
    seen = AuditEntry.objects.filter(object_ids__contains=[str(watch.resident_id)])
    assert seen.filter(object_kind="resident", agency_id=who.ward.agency_id).exists()


def test_the_network_of_an_area_holds_nobody_from_elsewhere(who: Neighbourhood) -> None:
    area = an_area(who)
    elsewhere = a_watch(who)
    assert elsewhere.code not in read(who.ward, f"/review/network/?area={area.pk}")
    assert elsewhere.code in read(who.ward, "/review/network/?area=none")


def test_a_protected_address_lies_in_no_area_of_the_network(who: Neighbourhood) -> None:
    area = an_area(who)
    person = a_resident(who.desk, address="大阪市霧立町1番", address_protected=True)
    watch = a_watch(who, resident=person)
    assert watch.code not in read(who.ward, f"/review/network/?area={area.pk}")


def test_a_picture_has_a_bounded_number_of_people_and_says_so(
    who: Neighbourhood, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(network, "MOST_DRAWN", 1)
    area = an_area(who)
    living_there(who)
    single = living_there(who, backup=None, backup_agency=None)
    page = read(who.ward, f"/review/network/?area={area.pk}")
    assert "not all are drawn" in page
    assert single.code in page


@pytest.mark.parametrize("query", ["", "area=", "area=x", f"area={NOWHERE}"])
def test_an_area_that_is_not_there_is_not_found(who: Neighbourhood, query: str) -> None:
    assert as_(who.ward).get(f"/review/network/?{query}").status_code == 404


def test_a_tile_leads_to_the_network_of_its_area_and_says_what_it_shows(
    who: Neighbourhood,
) -> None:
    area = an_area(who)
    living_there(who)
    page = without_layout(read(who.ward, "/review/coverage/"))
    assert f'<a class="tile" href="/review/network/?area={area.pk}"' in page
    assert 'aria-label="霧立: visited 0 of 0, watched 1, waiting 0, nobody is on a list' in page


def test_a_tile_leads_nowhere_for_who_may_not_see_persons(who: Neighbourhood) -> None:
    an_area(who)
    living_there(who)
    page = without_layout(read(a_member(who.ward.agency, Role.AUDITOR), "/review/coverage/"))
    assert (
        '<g class="tile" role="img" aria-label="霧立: visited – of –, watched –, waiting –' in page
    )
    assert "/review/network/" not in page


def test_a_box_leads_to_the_watch_or_to_all_watches_of_a_person(who: Neighbourhood) -> None:
    area = an_area(who)
    watch = living_there(who)
    page = without_layout(read(who.ward, f"/review/network/?area={area.pk}"))
    assert f'<a href="/review/watches/{watch.pk}/" aria-label="{watch.resident.name}"' in page
    standing_by = f"/review/watches/?person={who.backup.user_id}"
    assert f'<a href="{standing_by}"' in page
    assert watch.code in read(who.ward, standing_by)


def test_of_many_watches_one_watcher_is_shown_at_a_time(
    who: Neighbourhood, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(network, "AT_ONCE", 1)
    area = an_area(who)
    theirs = living_there(
        who,
        watcher=who.backup.user,
        watcher_agency=who.backup.agency,
        backup=None,
        backup_agency=None,
    )
    watch = living_there(who)
    path = f"/review/network/?area={area.pk}"
    assert theirs.code in read(who.ward, path)
    page = read(who.ward, f"{path}&watcher={who.watcher.user_id}")
    assert watch.code in page
    assert theirs.code not in page
    both = read(who.ward, f"{path}&town=霧立町")
    assert watch.code in both
    assert theirs.code in both
    assert watch.code not in read(who.ward, f"{path}&town=鶴舞町")


@pytest.mark.parametrize("path", ["/review/", "/review/coverage/", "/review/network/?area=none"])
def test_no_picture_is_wider_than_a_telephone(who: Neighbourhood, path: str) -> None:
    an_area(who)
    a_watch(who, daily(begins_at=at(23)), at(22))
    sweep(MISSED)
    page = read(who.ward, path)
    widths = [float(wide) for wide in re.findall(r'viewBox="0 0 ([\d.]+) ', page)]
    assert widths
    assert max(widths) <= 400
    assert 'role="region" aria-label="Map"' not in page


def an_office(area: Area, latitude: str, longitude: str) -> None:
    """Enter an agency with a position that serves an area."""
    agency = an_agency(latitude=latitude, longitude=longitude)
    AgencyArea.objects.create(agency=agency, area=area, part="serves")


def test_the_map_lies_as_the_offices_lie(who: Neighbourhood) -> None:
    code = who.desk.agency.municipality_code
    places = {"北": ("35.56", "139.62"), "南": ("35.50", "139.62"), "東": ("35.53", "139.66")}
    for name, (latitude, longitude) in places.items():
        area = Area.objects.create(
            kind=AreaKind.PLAZA_AREA, name=f"{name}の地区", municipality_code=code
        )
        AddressArea.objects.create(area=area, town=f"{name}町", since=date(2020, 1, 1))
        an_office(area, latitude, longitude)
    an_area(who)
    page = read(who.ward, "/review/coverage/")
    assert "published positions of the offices" in page
    words = re.findall(r'<text class="name" x="([\d.]+)" y="([\d.]+)">\s*(\S+)', page)
    at = {name: (float(x), float(y)) for x, y, name in words}
    assert at["北"][1] < at["東"][1] < at["南"][1]
    assert at["東"][0] > at["北"][0]
    # Of what no position is known there is a tile, below the map.
    assert at["霧立"][1] > at["南"][1]


def test_an_area_is_coloured_by_how_many_of_the_listed_were_visited(who: Neighbourhood) -> None:
    an_area(who)
    entries = listed(who.desk, 3)
    come_to(who.desk, entries[0], "visited")
    page = without_layout(read(who.ward, "/review/coverage/"))
    assert 'aria-label="霧立: visited 1 of 3, watched 0, waiting 0, less than half' in page
    assert 'fill="url(#little)"' in page


def test_where_others_answer_the_reader_finds_no_nought(who: Neighbourhood) -> None:
    area = an_area(who)
    living_there(who)
    other = a_member(an_agency(), Role.COORDINATOR)
    page = without_layout(read(other, "/review/coverage/"))
    assert "霧立: out of view: others answer there" in page
    assert '<td class="figure" colspan="5">out of view</td>' in page
    assert str(area.pk) not in page
    assert "out of view" in read(other, "/review/coverage/?as=csv")
    assert_few(other, "/review/coverage/")
    # Whoever serves the area counts nobody there, and that is a number.
    AgencyArea.objects.create(agency=other.agency, area=area, part="serves")
    assert "out of view" not in read(other, "/review/coverage/")

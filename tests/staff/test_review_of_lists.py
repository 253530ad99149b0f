"""The list of the ward office in the review: how far it has come by area, and who they are."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from carenet.agencies.roles import Role
from carenet.areas.models import AddressArea, Area, AreaKind
from carenet.audit.models import AuditEntry
from carenet.watchlists.models import ListEntry
from tests.factories import NOWHERE, a_member, an_agency
from tests.staff.markup import without_layout
from tests.staff.review_requests import as_, assert_few, read
from tests.watchlists.lists import TOWN, a_line, come_to, listed, take_in
from tests.watchover.watches import Neighbourhood, a_neighbourhood

pytestmark = pytest.mark.django_db
FUNNEL, PEOPLE = "/review/lists/", "/review/lists/people/"


@pytest.fixture
def who(db: None) -> Neighbourhood:  # noqa: ARG001
    return a_neighbourhood()


@pytest.fixture
def area(who: Neighbourhood) -> Area:
    code = who.desk.agency.municipality_code
    found = Area.objects.create(kind=AreaKind.FEDERATION, name="霧立", municipality_code=code)
    AddressArea.objects.create(area=found, town=TOWN, since=date(2020, 1, 1))
    return found


@pytest.fixture
def entries(who: Neighbourhood, area: Area) -> list[ListEntry]:  # noqa: ARG001 -- is there before
    states = ("listed", "visited", "wants", "refused")
    found = listed(who.desk, len(states))
    return [come_to(who.desk, each, state) for each, state in zip(found, states, strict=True)]


def people(entries: list[ListEntry], area: Area | None, stage: str) -> str:
    where = area.pk if area else "none"
    return f"{PEOPLE}?list={entries[0].watch_list_id}&stage={stage}&area={where}"


def test_an_area_shows_how_far_its_people_have_been_come_to(
    who: Neighbourhood, entries: list[ListEntry], area: Area
) -> None:
    page = read(who.ward, FUNNEL)
    assert 'aria-label="霧立: listed 4, visited 3, asked 2, wants it 1, watched over 0"' in page
    assert people(entries, area, "asked").replace("&", "&amp;") in page


@pytest.mark.parametrize(
    ("stage", "number"),
    [("listed", 4), ("visited", 3), ("asked", 2), ("wants", 1), ("watched", 0)],
)
def test_a_figure_leads_to_its_people(
    who: Neighbourhood, entries: list[ListEntry], area: Area, stage: str, number: int
) -> None:
    page = read(who.ward, people(entries, area, stage))
    assert page.count('<li class="line">') == number
    assert ("Nobody whom you may see" in page) == (number == 0)


def test_whose_address_lies_in_no_area_is_shown_apart(who: Neighbourhood, area: Area) -> None:
    given, fates = take_in(who.desk, a_line(0), a_line(1, address="別の町1番"))
    assert len(fates) == 2
    page = read(who.ward, f"{PEOPLE}?list={given.pk}&stage=listed&area=none")
    assert "馬場 静江" in page
    assert "阿久津" not in page
    assert "阿久津 正一" in read(who.ward, f"{PEOPLE}?list={given.pk}&stage=listed&area={area.pk}")


def test_whoever_was_shown_is_in_the_trail(
    who: Neighbourhood, entries: list[ListEntry], area: Area
) -> None:
    read(who.ward, people(entries, area, "listed"))
    seen = AuditEntry.objects.filter(object_ids__contains=[str(entries[0].resident_id)])
    assert seen.filter(object_kind="resident", agency_id=who.ward.agency_id).exists()


def test_small_counts_are_hidden_from_who_may_not_see_persons(
    who: Neighbourhood, entries: list[ListEntry]
) -> None:
    auditor = a_member(who.ward.agency, Role.AUDITOR)
    page = read(auditor, FUNNEL)
    assert "listed not shown, visited not shown, asked not shown" in page
    assert PEOPLE not in page
    sheet = read(auditor, f"{FUNNEL}?as=csv")
    assert sheet.count("not shown") == 5
    assert str(entries[0].resident) not in sheet


def test_figures_and_people_are_sheets_too(
    who: Neighbourhood, entries: list[ListEntry], area: Area
) -> None:
    area.name = "=霧立"
    area.save()
    assert "'=霧立,4,3,2,1,0" in read(who.ward, f"{FUNNEL}?as=csv")
    assert "阿久津 正一" in read(who.ward, people(entries, area, "listed") + "&as=csv")


@pytest.mark.parametrize("part", ["stage=far", "area=x", f"area={NOWHERE}", f"list={NOWHERE}"])
def test_a_figure_that_is_none_leads_nowhere(
    who: Neighbourhood, entries: list[ListEntry], area: Area, part: str
) -> None:
    address = f"{people(entries, area, 'listed')}&{part}"
    assert as_(who.ward).get(address).status_code == 404


def test_a_list_that_others_keep_is_not_shown(entries: list[ListEntry], area: Area) -> None:
    other = a_member(an_agency(), Role.MANAGER)
    assert "No list of the ward office" in read(other, FUNNEL)
    assert as_(other).get(people(entries, area, "listed")).status_code == 404


def test_a_page_asks_at_most_ten_queries(
    who: Neighbourhood, entries: list[ListEntry], area: Area
) -> None:
    for path in (FUNNEL, people(entries, area, "listed")):
        assert_few(who.ward, path)


def test_lists_of_several_agencies_are_added_up_for_the_ward(
    who: Neighbourhood, entries: list[ListEntry], area: Area
) -> None:
    second = a_member(an_agency(name="鶴舞地域ケアプラザ"))
    take_in(second, a_line(4))
    page = without_layout(read(who.ward, FUNNEL))
    assert "All lists together: of each agency the newest." in page
    assert 'aria-label="霧立: listed 5, visited 3' in page
    assert "鶴舞地域ケアプラザ · " in page
    # A figure of several lists leads nowhere; one of a single list leads to its people.
    assert people(entries, area, "listed").replace("&", "&amp;") not in page
    one = read(who.ward, f"{FUNNEL}?list={entries[0].watch_list_id}")
    assert 'aria-label="霧立: listed 4' in one


def test_of_an_agency_the_newest_list_of_a_name_counts(
    who: Neighbourhood, entries: list[ListEntry], area: Area
) -> None:
    take_in(
        who.desk, a_line(5), delivered_on=entries[0].watch_list.delivered_on + timedelta(days=9)
    )
    assert f'aria-label="{area.name}: listed 1' in read(who.ward, FUNNEL)
    auditor = a_member(who.ward.agency, Role.AUDITOR)
    assert "All lists together" not in read(auditor, FUNNEL)

"""An address leads to an area of each kind: borders cut through a chōme, and they move."""

from __future__ import annotations

import csv
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from carenet.agencies.models import Agency, AgencyKind
from carenet.agencies.roles import Role
from carenet.areas import open_data
from carenet.areas.actions.areas import AreaReport, assign_area, import_area_table
from carenet.areas.models import AddressArea, Area, AreaKind, AreaPart
from carenet.areas.places import place_in, plain
from carenet.areas.selectors import areas_at, coordinating_agency
from carenet.demo.loader import TABLE
from carenet.referrals import policy as referrals
from tests.access.test_lists_are_flat import queries_of
from tests.factories import a_case, a_member, a_resident, a_sent_referral, an_agency, api
from tests.rest.raw_requests import pointers_of

pytestmark = pytest.mark.django_db
PUBLISHED = Path(__file__).resolve().parents[3] / "shared" / "data" / "care_services_kohoku.csv"
#: Towns of the ward, and how many chōme they have.
CHOME = {
    "下田町": 6, "北新横浜": 2, "大倉山": 7, "新吉田東": 8, "新横浜": 3, "日吉": 7, "日吉本町": 6, "樽町": 4,
    "箕輪町": 3, "篠原東": 3, "綱島西": 6, "菊名": 7, "高田東": 4, "高田西": 5,
}  # fmt: skip
NO_CHOME = [
    "大曽根台",
    "大豆戸町",
    "小机町",
    "師岡町",
    "新吉田町",
    "新羽町",
    "篠原町",
    "高田町",
    "鳥山町",
]
KOHOKU, TODAY = "141097", date(2026, 11, 24)
HEADER = "区分,区域名,全国地方公共団体コード,町名,丁目,番地から,番地まで,適用開始日,適用終了日"


def load(*lines: str) -> AreaReport:
    content = "\n".join([HEADER, *lines]).encode()
    return import_area_table(actor=None, table=open_data.read_areas(content))


def names_at(address: str, on: date = TODAY) -> list[str]:
    return [area.name for area in areas_at(address, on, KOHOKU)]


# Addresses as people write them.


@pytest.mark.parametrize(
    "address",
    [
        "横浜市港北区菊名3-12-5", "菊名三丁目12番5号", "神奈川県横浜市港北区菊名３丁目１２－５",
        "港北区 菊名 3−12", "菊名3ー12ー5 大豆戸ハイツ101",
    ],
)  # fmt: skip
def test_an_address_is_read_however_it_is_written(address: str) -> None:
    place = place_in(address, ["菊名", "大豆戸"])
    assert place
    assert place.town == "菊名"
    assert place.read({3}) == (3, 12)


@pytest.mark.parametrize(
    ("address", "block"),
    [
        ("横浜市港北区大曾根台1-1", 1), ("大曽根台三番地の五", 3), ("大曾根台１の５", 1),
        ("錦ヶ丘2-1", 2), ("錦ケ丘2−1", 2), ("錦が丘 2番1号", 2), ("三ッ沢西町4-1", 4),
    ],
)  # fmt: skip
def test_a_town_is_found_however_it_is_written(address: str, block: int) -> None:
    place = place_in(address, ["大曽根台", "錦が丘", "三ツ沢西町"])
    assert place
    assert place.read(()) == (None, block)


def test_two_spellings_of_a_town_are_one_town() -> None:
    load("ケアプラザ,大曽根,141097,大曽根台,,,,,", "連合町内会,大曽根連合,141097,大曾根台,,,,,")
    assert names_at("港北区大曾根台1-1") == ["大曽根", "大曽根連合"]
    report = load("ケアプラザ,樽町,141097,大曾根台,,,,,")
    assert [refusal.line for refusal in report.refused] == [2]


def test_where_a_town_has_no_chome_the_first_number_is_the_block() -> None:
    place = place_in("大豆戸町99番地の9", ["大豆戸町"])
    assert place
    assert place.read(()) == (None, 99)


def test_the_longest_town_counts() -> None:
    place = place_in("日吉本町1-1", ["日吉", "日吉本町"])
    assert place
    assert place.town == "日吉本町"


@pytest.mark.skipif(not PUBLISHED.exists(), reason="the published file is not beside the project")
def test_each_published_address_of_the_ward_is_placed_with_town_and_block() -> None:
    with PUBLISHED.open(encoding="utf-8-sig") as lines:
        addresses = {line["住所"] for line in csv.DictReader(lines)}
    assert len(addresses) == 84
    for address in addresses:
        place = place_in(address, [*CHOME, *NO_CHOME])
        assert place, address
        chome, block = place.read(range(1, CHOME.get(place.town, 0) + 1))
        assert block, address
        assert (chome is None) == (place.town in NO_CHOME), address


def test_no_town_no_place() -> None:
    assert place_in("川崎市中原区", ["菊名"]) is None
    assert plain("二十一丁目") == "21丁目"


# The table.


def test_an_address_lies_in_an_area_of_each_kind() -> None:
    load(
        "民児協,菊名,141097,菊名,,,,,",
        "ケアプラザ,篠原,141097,菊名,,,,,",
        "連合町内会,菊名,141097,菊名,,,,,",
    )
    assert names_at("菊名1-2") == ["篠原", "菊名", "菊名"]


def test_a_border_cuts_through_a_chome() -> None:
    load("ケアプラザ,篠原,141097,菊名,3,1,9,,", "ケアプラザ,大豆戸,141097,菊名,3,10,99,,")
    assert names_at("菊名3-9-1") == ["篠原"]
    assert names_at("菊名3-10-1") == ["大豆戸"]
    assert names_at("菊名3丁目") == []


def test_a_border_moves_on_a_day() -> None:
    load(
        "ケアプラザ,篠原,141097,菊名,,,,,2027-03-31",
        "ケアプラザ,大豆戸,141097,菊名,,,,2027-04-01,",
    )
    assert names_at("菊名1", date(2027, 3, 31)) == ["篠原"]
    assert names_at("菊名1", date(2027, 4, 1)) == ["大豆戸"]


def test_a_second_import_changes_nothing() -> None:
    table = open_data.read_areas(TABLE.read_bytes())
    first = import_area_table(actor=None, table=table)
    assert not first.refused
    second = import_area_table(actor=None, table=table)
    assert (len(second.unchanged), second.created, second.changed) == (len(first.created), [], [])


def test_an_end_is_a_change() -> None:
    load("ケアプラザ,篠原,141097,菊名,,,,,")
    assert load("ケアプラザ,篠原,141097,菊名,,,,,2027-03-31").changed == [2]
    assert AddressArea.objects.get().until == date(2027, 3, 31)


def test_what_nobody_can_read_is_refused_with_its_line() -> None:
    report = load(
        "市,篠原,141097,菊名,,,,,", "ケアプラザ,篠原,141097,,,,,,", "ケアプラザ,篠原,141097,菊名,甲,,,,",
        "ケアプラザ,篠原,141097,菊名,1,9,1,,", "ケアプラザ,篠原,141097,菊名,1,9,,,",
        "ケアプラザ,篠原,141097,菊名,1,,,昨日,", "ケアプラザ,篠原,141097,菊名,2,,,,",
        "ケアプラザ,篠原,141097,菊名,2,,,,",
    )  # fmt: skip
    assert [refusal.line for refusal in report.refused] == [2, 3, 4, 5, 6, 7, 9]
    assert report.created == [8]


def test_no_place_lies_in_two_areas_of_one_kind() -> None:
    load("ケアプラザ,篠原,141097,菊名,3,1,9,,")
    report = load("ケアプラザ,大豆戸,141097,菊名,3,9,99,,", "ケアプラザ,大豆戸,141097,菊名,4,,,,")
    assert ([refusal.line for refusal in report.refused], report.created) == ([2], [3])


def test_a_part_of_a_town_may_have_no_chome() -> None:
    report = load(
        "ケアプラザ,東,141097,塩上町,なし,,,,", "ケアプラザ,西,141097,塩上町,1,,,,",
        "ケアプラザ,西,141097,塩上町,2,,,,",
    )  # fmt: skip
    assert not report.refused
    found = {
        address: names_at(f"塩上町{address}") for address in ("10-3", "1番地3", "1-3", "二丁目3")
    }
    assert found == {"10-3": ["東"], "1番地3": ["東"], "1-3": ["西"], "二丁目3": ["西"]}
    assert names_at("塩上町") == []
    whole = load("ケアプラザ,北,141097,塩上町,,,,,")
    assert [refusal.line for refusal in whole.refused] == [2]


@pytest.mark.parametrize("since", ["2026-04-01", "2026/4/1", "令和8年4月1日", "R8.4.1"])
def test_a_spreadsheet_writes_days_and_numbers_in_its_own_way(since: str) -> None:
    report = load(f'ケアプラザ,篠原,141097,菊名,3,"1,000","1,200",{since},9999-12-31')
    assert not report.refused
    row = AddressArea.objects.get()
    assert (row.block_from, row.block_to, row.since) == (1000, 1200, date(2026, 4, 1))


def test_the_command_tells_what_it_did(tmp_path: Path) -> None:
    file, said = tmp_path / "areas.csv", StringIO()
    file.write_text(f"{HEADER}\nケアプラザ,篠原,141097,菊名,,,,,\n", "cp932")
    call_command("import_areas", file, stdout=said)
    assert "Created: 1 lines." in said.getvalue()
    call_command("import_areas", file, dry_run=True, stdout=said)
    assert "nothing was changed" in said.getvalue()


def test_a_broken_file_changes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "areas.csv"
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CommandError, match="nothing was changed"):
        call_command("import_areas", file)
    assert not Area.objects.exists()


# The API.


def test_everybody_looks_up_where_an_address_lies() -> None:
    load("ケアプラザ,篠原,141097,菊名,,,,,")
    plaza = an_agency()
    assign_area(actor=None, agency=plaza, area=Area.objects.get())
    watcher = a_member(plaza, Role.WATCHER)
    found = api(watcher).post("/api/v1/areas/lookup/", {"address": "菊名1-1"}).json()["areas"]
    assert [area["name"] for area in found] == ["篠原"]
    assert found[0]["agencies"][0]["agency"]["id"] == str(plaza.pk)


def test_an_address_is_asked_for() -> None:
    client = api(a_member(an_agency()))
    assert pointers_of(client.post("/api/v1/areas/lookup/", {})) == ["/address"]


def test_the_list_costs_the_same_for_few_and_for_many() -> None:
    plaza = an_agency()
    client, counted = api(a_member(plaza)), []
    for number in (3, 8):
        areas = [
            Area(kind=AreaKind.FEDERATION, name=f"{number}-{each}", municipality_code=KOHOKU)
            for each in range(number)
        ]
        for area in Area.objects.bulk_create(areas):
            area.agencies.create(agency=plaza, part=AreaPart.SERVES)
        counted.append(len(queries_of(client, "/api/v1/areas/")))
    assert counted[0] == counted[1]


# Who coordinates.


@pytest.fixture
def ward() -> Agency:
    return an_agency(AgencyKind.WARD_OFFICE)


@pytest.fixture
def shinohara(ward: Agency) -> Agency:  # noqa: ARG001
    """A plaza that coordinates where Kikuna lies."""
    load("ケアプラザ,篠原,141097,菊名,,,,,")
    plaza = an_agency()
    area = Area.objects.get()
    assign_area(actor=None, agency=plaza, area=area, part=AreaPart.COORDINATES)
    return plaza


def test_the_agency_that_coordinates_the_area_is_c(shinohara: Agency) -> None:
    coordinator, lead = a_member(shinohara, Role.COORDINATOR), a_member(an_agency())
    case = a_case(lead, a_resident(lead, address="港北区菊名1-1"))
    sent = a_sent_referral(lead, an_agency(), case)
    assert sent.coordinator == shinohara
    assert referrals.visible_to(coordinator).get() == sent
    listed = api(coordinator).get("/api/v1/referrals/?box=ward").json()["results"]
    assert [row["id"] for row in listed] == [str(sent.pk)]


def test_without_a_coordinator_among_its_people_it_is_the_ward_office(
    shinohara: Agency, ward: Agency
) -> None:
    assert coordinating_agency("菊名1-1", TODAY, KOHOKU) is None
    lead = a_member(an_agency())
    case = a_case(lead, a_resident(lead, address="港北区菊名1-1"))
    assert a_sent_referral(lead, shinohara, case).coordinator == ward


def test_nobody_watches_over_themselves(shinohara: Agency, ward: Agency) -> None:
    a_member(shinohara, Role.COORDINATOR)
    lead = a_member(shinohara)
    case = a_case(lead, a_resident(lead, address="港北区菊名1-1"))
    assert a_sent_referral(lead, an_agency(), case).coordinator == ward


def test_a_protected_address_leads_to_the_ward_office(shinohara: Agency, ward: Agency) -> None:
    a_member(shinohara, Role.COORDINATOR)
    lead = a_member(an_agency())
    person = a_resident(lead, address="港北区菊名1-1", address_protected=True)
    assert a_sent_referral(lead, an_agency(), a_case(lead, person)).coordinator == ward


def test_the_operator_gives_agencies_their_part_in_an_area() -> None:
    load("ケアプラザ,篠原,141097,菊名,,,,,")
    one, other = an_agency(), an_agency()
    call_command("assign_area", one.name, "plaza_area", "篠原", coordinates=True, stdout=StringIO())
    assert Area.objects.get().agencies.get().part == AreaPart.COORDINATES
    with pytest.raises(CommandError, match="Another agency"):
        call_command("assign_area", other.name, "plaza_area", "篠原", coordinates=True)
    ending = {"coordinates": True, "until": date(2027, 3, 31), "stdout": StringIO()}
    call_command("assign_area", one.name, "plaza_area", "篠原", **ending)
    call_command(
        "assign_area", other.name, "plaza_area", "篠原", coordinates=True, stdout=StringIO()
    )


@pytest.mark.parametrize("area", ["篠原", "日吉"])
def test_a_part_or_an_area_that_is_not_there_is_named(area: str) -> None:
    load("ケアプラザ,篠原,141097,菊名,,,,,")
    with pytest.raises(CommandError, match="no"):
        call_command("assign_area", an_agency().name, "plaza_area", area, until=date(2027, 3, 31))

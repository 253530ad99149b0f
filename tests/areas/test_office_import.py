"""Importing the Ministry's file: what is new, what changes, and what is left alone."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from carenet.agencies.actions import set_calendar
from carenet.agencies.models import Agency, AgencyKind, AgencySource, Operator
from carenet.agencies.roles import Role
from carenet.areas.actions.office_import import ImportReport, import_offices
from carenet.areas.open_data import read
from carenet.audit.models import AuditEntry
from carenet.core.errors import Forbidden
from tests.areas.published import a_file, a_row
from tests.factories import a_member, an_agency

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "carenet" / "demo" / "data" / "care_services_sample.csv"
PUBLISHED = ROOT.parent / "shared" / "data" / "care_services_kohoku.csv"
NUMBER = "1479900019"


def importing(*rows: dict[str, str]) -> ImportReport:
    return import_offices(actor=None, data=read(a_file(*rows)))


def counts(report: ImportReport) -> tuple[int, int, int, int]:
    parts: Iterable[object] = (report.created, report.changed, report.unchanged, report.refused)
    created, changed, unchanged, refused = (len(part) for part in parts)  # type: ignore[arg-type]
    return created, changed, unchanged, refused


def the_agency() -> Agency:
    return Agency.objects.get(office_number=NUMBER)


def test_an_office_becomes_an_agency_with_its_group() -> None:
    assert counts(importing(a_row())) == (1, 0, 0, 0)
    agency = the_agency()
    assert (agency.kind, agency.source) == (AgencyKind.CARE_SERVICE_OFFICE, AgencySource.MHLW)
    assert agency.group.name == f"agency:{agency.pk}"


def test_its_services_and_its_corporation_come_with_it() -> None:
    importing(a_row(), a_row(サービスの種類="通所介護", 定員="30"))
    services = the_agency().services.order_by("capacity").values_list("name", "capacity")
    assert list(services) == [("訪問入浴介護", 12), ("通所介護", 30)]
    operator = the_agency().operator
    assert operator
    assert (operator.name, operator.corporate_number) == ("株式会社みほん", "1999999000011")


def test_its_calendar_follows_from_its_weekdays() -> None:
    importing(a_row(利用可能曜日="平日,土曜日"))
    agency = the_agency()
    assert (agency.closed_weekdays, agency.closed_on_holidays) == ([6], True)


def test_importing_twice_changes_nothing() -> None:
    rows = [a_row(), a_row(サービスの種類="通所介護"), a_row(事業所番号="1479900027", 法人番号="")]
    importing(*rows)
    assert counts(importing(*rows)) == (0, 0, 2, 0)
    assert the_agency().version == 1


@pytest.mark.parametrize(
    "cells",
    [
        {"事業所名": "新しい名"},
        {"電話番号": "045-000-9999"},
        {"緯度": "35.5"},
        {"定員": "13"},
        {"利用可能曜日特記事項": "臨時休業あり"},
        {"法人の名称": "株式会社みほんホールディングス"},
        {"法人番号": "2999999000028"},
    ],
)
def test_what_the_file_says_differently_is_a_change(cells: dict[str, str]) -> None:
    importing(a_row())
    assert counts(importing(a_row(**cells))) == (0, 1, 0, 0)
    assert the_agency().version == 2
    assert counts(importing(a_row(**cells))) == (0, 0, 1, 0)


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("URL", "作成中"),
        ("電話番号", "事務室"),
        ("緯度", "北緯"),
        ("定員", "多数"),
        ("法人番号", "1.02E+12"),
    ],
)
def test_what_is_known_stays_when_the_file_cannot_be_read_there(column: str, cell: str) -> None:
    importing(a_row())
    report = importing(a_row() | {column: cell})
    assert counts(report) == (0, 0, 1, 0)
    assert [gap.line for gap in report.gaps] == [2]


def test_the_report_names_offices_by_line() -> None:
    importing(a_row())
    report = importing(a_row(事業所番号="1479900027"), a_row(定員="9"), a_row(事業所番号=""))
    assert [outcome.lines for outcome in report.created] == [(2,)]
    assert [outcome.lines for outcome in report.changed] == [(3,)]
    assert [refusal.line for refusal in report.refused] == [4]


def test_an_office_whose_lines_contradict_stays_as_it_is() -> None:
    importing(a_row())
    importing(a_row(事業所名="甲"), a_row(サービスの種類="通所介護", 法人番号="2999999000028"))
    assert the_agency().name == "みほん　港北"


def test_a_new_corporation_ends_the_time_of_the_old_one() -> None:
    importing(a_row())
    importing(a_row(法人番号="2999999000028", 法人の名称="医療法人見本会"))
    operator = the_agency().operator
    assert operator
    assert operator.name == "医療法人見本会"
    assert the_agency().designations.exclude(until=None).count() == 1


def test_a_corporation_that_leaves_out_its_number_is_the_same_one() -> None:
    importing(a_row())
    assert counts(importing(a_row(法人番号=""))) == (0, 0, 1, 0)
    assert the_agency().designations.count() == 1


def test_a_corporation_has_the_name_that_most_offices_give() -> None:
    names = ["みほん会", "社会福祉法人みほん会", "社会福祉法人みほん会"]
    importing(
        *(
            a_row(事業所番号=f"147990001{i}", 法人の名称=name)
            for i, name in enumerate(names, start=1)
        )
    )
    assert Operator.objects.get().name == "社会福祉法人みほん会"


def test_what_the_file_leaves_out_stays() -> None:
    importing(a_row(), a_row(サービスの種類="通所介護"))
    assert counts(importing(a_row(電話番号="", サービスの種類="通所介護"))) == (0, 0, 1, 0)
    assert the_agency().services.count() == 2
    assert the_agency().phone == "045-000-0101"


def test_the_calendar_follows_the_file_until_somebody_sets_it() -> None:
    importing(a_row(利用可能曜日="平日"))
    importing(a_row(利用可能曜日="平日,土曜日"))
    assert the_agency().closed_weekdays == [6]
    set_calendar(actor=None, agency=the_agency(), closed_weekdays=[2, 6])
    importing(a_row(利用可能曜日="平日"))
    assert the_agency().closed_weekdays == [2, 6]


def test_an_agency_entered_by_hand_keeps_what_was_written() -> None:
    plaza = an_agency(name="大豆戸地域ケアプラザ", office_number=NUMBER, closed_weekdays=[6])
    assert counts(importing(a_row())) == (0, 1, 0, 0)
    plaza.refresh_from_db()
    assert (plaza.kind, plaza.name) == (AgencyKind.CARE_PLAZA, "大豆戸地域ケアプラザ")
    assert (plaza.closed_weekdays, plaza.phone) == ([6], "045-000-0101")
    assert plaza.shows_open_data
    assert counts(importing(a_row())) == (0, 0, 1, 0)


def test_an_import_is_in_the_trail_with_the_agencies_it_touched() -> None:
    importing(a_row())
    importing(a_row(定員="1"), a_row(事業所番号="1479900027"))
    importing(a_row(定員="1"))
    entries = AuditEntry.objects.filter(action__startswith="agency.import").order_by("time")
    assert [entry.action.rpartition("_")[2] for entry in entries] == [
        "created",
        "created",
        "changed",
    ]
    assert entries[2].object_ids == [the_agency().pk]


def test_nobody_but_the_operator_imports() -> None:
    manager = a_member(an_agency(), Role.MANAGER)
    with pytest.raises(Forbidden):
        import_offices(actor=manager, data=read(a_file(a_row())))


def test_an_import_costs_the_same_number_of_queries_whatever_its_size() -> None:
    importing(a_row() | {"都道府県コード又は市町村コード": "141020"})  # now it is known who acts
    costs = []
    for ward, numbers in (("141097", range(10, 13)), ("141011", range(20, 28))):
        of_ward = {"都道府県コード又は市町村コード": ward}
        rows = [
            a_row(事業所番号=f"14799000{n}", 法人番号=f"19999990000{n}") | of_ward for n in numbers
        ]
        with CaptureQueriesContext(connection) as queries:
            importing(*rows)
        costs.append(len(queries))
    assert costs[0] == costs[1] < 20


def test_days_that_cannot_be_read_change_no_calendar() -> None:
    importing(a_row(利用可能曜日="平日,土曜日"))
    result = importing(a_row(利用可能曜日="平日,土曜日?"))
    assert counts(result) == (0, 0, 1, 0)
    assert the_agency().closed_weekdays == [6]


def test_the_sample_imports_whole_and_once() -> None:
    data = read(SAMPLE.read_bytes())
    assert counts(import_offices(actor=None, data=data)) == (9, 0, 0, 0)
    assert counts(import_offices(actor=None, data=data)) == (0, 0, 9, 0)


@pytest.mark.skipif(not PUBLISHED.exists(), reason="the published file is not beside the project")
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_the_published_file_imports_whole_and_once(encoding: str) -> None:
    content = PUBLISHED.read_text("utf-8-sig").encode(encoding)
    assert counts(import_offices(actor=None, data=read(content))) == (77, 0, 0, 0)
    assert counts(import_offices(actor=None, data=read(content))) == (0, 0, 77, 0)
    assert Agency.objects.filter(services__isnull=False).distinct().count() == 77
    assert the_plaza().closed_weekdays == []


def the_plaza() -> Agency:
    return Agency.objects.get(office_number="1490900220")

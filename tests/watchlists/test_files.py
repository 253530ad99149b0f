"""A list comes in as a file, as ward offices send it: first a preview, then line by line for good."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone, translation

from carenet.agencies.actors import Actor
from carenet.agencies.roles import Role
from carenet.audit.models import AuditEntry
from carenet.core.decisions import Denied
from carenet.core.errors import Forbidden, Invalid
from carenet.jobs import policy
from carenet.jobs.actions import apply_preview, content_of, run_one_batch, start
from carenet.jobs.models import Job
from carenet.residents.models import Resident
from carenet.watchlists.api import files
from carenet.watchlists.api.files import Given, lines_in
from carenet.watchlists.hooks import files as list_jobs
from carenet.watchlists.models import ListEntry, WatchList
from carenet.watchover.actions.check_ins import check_in
from tests.factories import a_member, an_agency
from tests.watchlists.lists import come_to, listed
from tests.watchover.watches import START, Neighbourhood, a_watch, at

HEADER = "番号,氏名,フリガナ,生年月日,住所,電話番号"
ROWS = (
    "1,阿久津 正一,アクツ ショウイチ,昭和16年12月8日,大阪市霧立町1番,06-6000-0001",
    "2,馬場　静江,ババ シズエ,S13.3.2,大阪市霧立町2番,06-6000-0002",
    "3,千葉 勇,チバ イサム,1944-07-21,大阪市霧立町3番,06-6000-0003",
)
CSV = "\r\n".join([HEADER, *ROWS])
HEAD = {"name": "ひとり暮らし高齢者名簿", "delivered_on": "2026-10-01", "sharing_basis": "CLEAR_BENEFIT"}  # fmt: skip
in_the_database = pytest.mark.django_db


def to_its_end(job: Job) -> Job:
    while run_one_batch(now=timezone.now()):
        pass
    job.refresh_from_db()
    return job


def a_preview(actor: Actor, text: str = CSV, **changes: Any) -> Job:
    options = HEAD | changes
    job = start(actor=actor, kind="list.import", options=options, content=text.encode())
    return to_its_end(job)


def taken_in(actor: Actor, text: str = CSV, **changes: Any) -> Job:
    return to_its_end(apply_preview(actor=actor, job_id=a_preview(actor, text, **changes).pk))


def exported(actor: Actor, kind: str, **options: Any) -> list[str]:
    job = to_its_end(start(actor=actor, kind=kind, options=options))
    assert job.state == "done", job.reason
    return content_of(job).decode().splitlines()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_csv_is_read_in_the_encodings_that_are_about(encoding: str) -> None:
    found = lines_in(CSV.encode(encoding))
    assert [line.number for line in found] == [2, 3, 4]
    assert found[1].fields == {
        "key": "2", "family_name": "馬場", "given_name": "静江", "family_kana": "ババ",
        "given_kana": "シズエ", "birth": "S13.3.2", "address": "大阪市霧立町2番",
        "phone": "06-6000-0002",
    }  # fmt: skip


FIRST = {
    "key": "1", "family_name": "阿久津", "given_name": "正一", "family_kana": "アクツ",
    "given_kana": "ショウイチ", "birth": "昭和16年12月8日", "address": "大阪市霧立町1番",
    "phone": "06-6000-0001",
}  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        f"{HEADER},,\n{ROWS[0]},,",
        f"{HEADER}\n{ROWS[0]},,",
        f"{HEADER},,\n{ROWS[0]}",
        "No.,氏名(漢字),フリガナ,生年月日（和暦）,現住所,電話番号（自宅）\n" + ROWS[0],
    ],
)
def test_what_a_spreadsheet_adds_changes_nothing(text: str) -> None:
    assert [line.fields for line in lines_in(text.encode())] == [FIRST]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_text_of_a_spreadsheet_is_read(encoding: str) -> None:
    marked = CSV if encoding == "utf-16" else f"\ufeff{CSV}"
    found = lines_in(marked.replace(",", "\t").encode(encoding))
    assert found[0].fields == FIRST
    assert len(found) == 3


def test_something_in_a_column_without_a_name_makes_its_line_unusable_alone() -> None:
    found = lines_in(f"{HEADER},\n{ROWS[0]},\n{ROWS[1]},メモ".encode())
    assert [line.fields is None for line in found] == [False, True]


def test_a_column_that_may_be_needed_is_never_to_be_removed() -> None:
    with translation.override("en"), pytest.raises(Invalid) as refused:
        lines_in("番号,氏名,世帯主の住所地\n1,x,y".encode())
    said = str(refused.value.fields["file"])
    assert "世帯主の住所地 → 住所" in said
    assert "Remove" not in said


def test_json_lines_have_the_names_of_the_api() -> None:
    found = lines_in('{"key": "1", "family_name": "阿久津"}\n\n[1]\n{"key"\n'.encode())
    assert found == [
        Given(1, {"key": "1", "family_name": "阿久津"}),
        Given(3, None),
        Given(4, None),
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "name the columns"),
        ("a,b\n1,2", "name the columns"),
        ("番号,住所\n1,x", "氏名"),
        ("氏名\nx", "番号"),
        ("番号,氏名,世帯主\n1,x,y", "世帯主"),
        ("番号,氏名,個人番号\n1,x,y", "must not be kept"),
        ("番号,No,氏名\n1,1,x", "say the same"),
        ("番号,氏名", "no lines"),
        ('番号,氏名\n1,"x', "not CSV"),
    ],
)
def test_a_file_that_is_no_list_is_refused_with_what_to_do(text: str, told: str) -> None:
    with translation.override("en"):
        with pytest.raises(Invalid) as refused:
            lines_in(text.encode())
        assert told in str(refused.value.fields["file"])


@pytest.mark.parametrize(
    "lines", [["番号,氏名", "1,一", "2,二", "3,三", '4,"四'], ['{"key": "1"}'] * 3]
)
def test_a_file_with_too_many_lines_is_refused_before_the_rest_is_read(
    lines: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MOST_LINES", 2)
    with translation.override("en"):
        with pytest.raises(Invalid) as refused:
            lines_in("\n".join(lines).encode())
        assert "more than 2 lines. Divide it" in str(refused.value.fields["file"])


@pytest.mark.parametrize("lines", [["番号,氏名", "1,一", "2,二"], ['{"key": "1"}'] * 2])
def test_a_file_with_as_many_lines_as_may_be_is_read(
    lines: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MOST_LINES", 2)
    assert len(lines_in("\n".join(lines).encode())) == 2


def test_json_lines_in_another_encoding_than_utf_8_are_refused() -> None:
    with translation.override("en"):
        with pytest.raises(Invalid) as refused:
            lines_in('{"key": "1", "family_name": "阿久津"}'.encode("cp932"))
        assert "JSON lines in UTF-8" in str(refused.value.fields["file"])


@in_the_database
@pytest.mark.usefixtures("now")
def test_a_preview_says_what_would_come_of_it_and_changes_nothing(who: Neighbourhood) -> None:
    before = AuditEntry.objects.filter(action="list.import").count()
    job = a_preview(who.desk)
    assert (job.state, job.preview, job.counts) == ("done", True, {"registered": 3})
    assert not WatchList.objects.exists()
    assert not Resident.objects.filter(family_name="阿久津").exists()
    assert AuditEntry.objects.filter(action="list.import").count() == before


@in_the_database
@pytest.mark.usefixtures("now")
def test_carried_out_it_takes_in_what_the_api_would(
    who: Neighbourhood, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(list_jobs, "LINES_AT_ONCE", 2)
    job = taken_in(who.desk)
    assert (job.state, job.done, job.counts) == ("done", 3, {"registered": 3})
    assert WatchList.objects.get().agency == who.desk.agency
    assert list(ListEntry.objects.order_by("key").values_list("key", flat=True)) == ["1", "2", "3"]
    again = taken_in(who.desk)
    assert again.counts == {"known": 3}
    assert ListEntry.objects.count() == 3


@in_the_database
@pytest.mark.usefixtures("now")
def test_refused_lines_are_told_by_number_and_reason_and_never_by_name(who: Neighbourhood) -> None:
    broken = "\n".join([CSV, "4,江口 清,,いつか,,", "5,x", "1,土井 ハル,,,,", f"6,{ROWS[0][2:]}"])
    with translation.override("en"):
        job = taken_in(who.desk, broken)
    assert job.counts == {"registered": 3, "unusable": 2, "differs": 1, "twice": 1}
    assert [(line["line"], line["key"]) for line in job.told] == [
        (5, "4"), (6, ""), (7, "1"), (8, "6"),
    ]  # fmt: skip
    assert job.told[0]["words"].startswith("生年月日: Give a date")
    assert "江口" not in str(job.told)


@in_the_database
@pytest.mark.usefixtures("now")
def test_of_an_unusable_line_no_more_is_told_than_helps(who: Neighbourhood) -> None:
    extra = dict.fromkeys([f"extra-{number}" for number in range(9)], "x")
    lines: list[dict[str, Any]] = [
        {"key": ["江口"], "family_name": "江口"},
        {"key": True, "family_name": "江口"},
        {"key": 7},
        {"key": "8", "family_name": "江口", "nickname": "x"},
        {"key": "9", "family_name": "江口", **extra},
        {"key": "10", "family_name": "江口", "n" * 400: "x", "m" * 400: "x"},
    ]
    with translation.override("en"):
        told = a_preview(who.desk, "\n".join(json.dumps(each) for each in lines)).told
    assert [line["key"] for line in told] == ["", "", "7", "8", "9", "10"]
    assert told[3]["words"].startswith("nickname: ")
    assert told[4]["words"].count("extra-") == 5
    assert "n" * 51 not in told[5]["words"]
    assert max(len(line["words"]) for line in told) <= 500


@in_the_database
@pytest.mark.usefixtures("now")
def test_another_basis_than_before_ends_the_work_and_says_so(who: Neighbourhood) -> None:
    taken_in(who.desk)
    job = a_preview(who.desk, sharing_basis="CONSENT")
    assert (job.state, job.done) == ("failed", 0)
    assert job.reason


@in_the_database
@pytest.mark.usefixtures("now")
def test_a_list_for_an_agency_that_one_does_not_keep_is_refused_at_once(
    who: Neighbourhood,
) -> None:
    with pytest.raises(Forbidden):
        a_preview(who.desk, agency=str(who.watcher.agency_id))
    with pytest.raises(Forbidden):
        a_preview(who.watcher)
    assert a_preview(who.ward, agency=str(who.desk.agency_id)).state == "done"


@in_the_database
@pytest.mark.usefixtures("now")
def test_a_list_goes_out_as_a_sheet_without_formulas_and_protected_addresses(
    who: Neighbourhood,
) -> None:
    one, two = listed(who.desk, 2)
    Resident.objects.filter(family_name="阿久津").update(family_name="=阿久津")
    Resident.objects.filter(family_name="馬場").update(address_protected=True)
    come_to(who.desk, one, "visited")
    with translation.override("en"):
        sheet = exported(who.ward, "list.export", list=str(one.watch_list_id))
    assert sheet[0].startswith("\ufeffNumber on the list,Name,")
    assert sheet[1].startswith("1,'=阿久津")
    assert "visited for the first time" in sheet[1]
    assert ",protected," in sheet[2]
    reads = AuditEntry.objects.filter(action="job list.export", object_kind="resident")
    assert set(reads.get().object_ids) == {one.resident_id, two.resident_id}


@in_the_database
@pytest.mark.usefixtures("now")
def test_a_sheet_is_its_readers_as_long_as_they_may_see_each_row_of_it(who: Neighbourhood) -> None:
    (entry,) = listed(who.desk)
    job = to_its_end(
        start(actor=who.ward, kind="list.export", options={"list": str(entry.watch_list_id)})
    )
    month = to_its_end(start(actor=who.ward, kind="visits.export", options={"month": "2026-11"}))
    assert policy.can_take(who.ward, job)
    now_staff = replace(who.ward, roles=frozenset({Role.STAFF}))
    assert policy.can_run(now_staff, "list.export")
    refused = policy.can_take(now_staff, job)
    assert isinstance(refused, Denied)
    assert refused.basis
    assert policy.can_take(now_staff, month)  # there is no row in it


@in_the_database
@pytest.mark.usefixtures("now")
def test_where_clocks_differ_a_sheet_is_nobodys_rather_than_anybodys(who: Neighbourhood) -> None:
    (entry,) = listed(who.desk)
    job = to_its_end(
        start(actor=who.ward, kind="list.export", options={"list": str(entry.watch_list_id)})
    )
    now_staff = replace(who.ward, roles=frozenset({Role.STAFF}))
    stood = job.created_at, job.finished_at
    for seconds, taken in ((-3, True), (3, True), (-3600, False), (3600, False)):
        # The clocks of who asked and of who worked are so far apart, by what they have written.
        job.created_at, job.finished_at = (
            each + timedelta(seconds=seconds) for each in stood if each
        )
        assert bool(policy.can_take(who.ward, job)) is taken
        assert not policy.can_take(now_staff, job)


@in_the_database
def test_visits_of_a_watch_that_one_does_not_keep_any_more_are_not_downloaded(
    who: Neighbourhood,
) -> None:
    with time_machine.travel(START, tick=False):
        watch = a_watch(who)
    with time_machine.travel(at(24, "10:00"), tick=False):
        check_in(actor=who.watcher, assignment_id=watch.pk, outcome="met")
        job = to_its_end(start(actor=who.ward, kind="visits.export", options={"month": "2026-11"}))
        assert policy.can_take(who.ward, job)
        now_staff = replace(who.ward, roles=frozenset({Role.STAFF}))
        assert policy.can_run(now_staff, "visits.export")
        assert not policy.can_take(now_staff, job)


@in_the_database
@pytest.mark.usefixtures("now")
def test_a_list_that_one_does_not_keep_does_not_go_out(who: Neighbourhood) -> None:
    (entry,) = listed(who.desk)
    with pytest.raises(Invalid):
        exported(a_member(an_agency()), "list.export", list=str(entry.watch_list_id))


@in_the_database
def test_the_visits_of_a_month_go_out_as_a_sheet(who: Neighbourhood) -> None:
    with time_machine.travel(START, tick=False):
        watch = a_watch(who)
    with time_machine.travel(at(24, "10:00"), tick=False):
        check_in(actor=who.watcher, assignment_id=watch.pk, outcome="met", note="=お元気でした")
        other = a_member(an_agency())
        with translation.override("en"):
            sheet = exported(who.desk, "visits.export", month="2026-11")
            assert len(exported(who.desk, "visits.export", month="2026-10")) == 1
            assert len(exported(other, "visits.export", month="2026-11")) == 1
            with pytest.raises(Invalid):
                exported(who.desk, "visits.export", month="2027-01")
    assert len(sheet) == 2
    assert sheet[1].startswith(f"{watch.code},")
    assert "2026-11-24 10:00" in sheet[1]
    assert "'=お元気でした" in sheet[1]

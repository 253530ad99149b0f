"""The monthly report: what was recorded, on the lines of the national form, and no formula in it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
import time_machine

from carenet.agencies.actors import Actor
from carenet.cases.models import Topic
from carenet.watchover.actions.check_ins import check_in
from carenet.watchover.actions.concerns import report, triage
from carenet.watchover.models import Concern, WatchAssignment
from carenet.watchover.selectors.activity import CONTENTS
from carenet.watchover.states import ReportItem, ReportSection, section_of
from tests.factories import a_member, an_agency, api
from tests.watchover.watches import Neighbourhood, a_watch, at

REPORT = "/api/v1/watch-report/"
#: What is recorded somewhere, and so is a number even where it is nought.
TALLIED = {
    "health", "care_insurance", "childcare", "living_costs", "work", "family", "housing",
    "other_topic", "visits", "with_agencies", "days",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _in_december() -> Iterator[None]:
    with time_machine.travel(at(2, month=12), tick=False):
        yield


def note(
    watch: WatchAssignment, actor: Actor, outcome: str, moment: datetime, **fields: Any
) -> None:
    with time_machine.travel(moment, tick=False):
        check_in(actor=actor, assignment_id=watch.pk, outcome=outcome, **fields)


def a_concern(who: Neighbourhood, actor: Actor, moment: datetime) -> Concern:
    with time_machine.travel(moment, tick=False):
        concern, _ = report(
            actor=actor, danger_to_life=False, reporter_kind="commissioner",
            what="新聞がたまっている", where="大豆戸町",
        )  # fmt: skip
    Concern.objects.filter(pk=concern.pk).update(agency=who.desk.agency)
    return concern


def read(actor: Actor, address: str = REPORT, month: str = "2026-11") -> dict[str, Any]:
    answer = api(actor).get(address, {"month": month})
    assert answer.status_code == 200, answer.data
    return dict(answer.data)


def numbers(told: dict[str, Any]) -> dict[str, int]:
    """Return what is above nought."""
    return {row["item"]: row["number"] for row in told["rows"] if row["number"]}


def one(actor: Actor) -> str:
    return f"{REPORT}{actor.user_id}/"


# --- what is tallied


def test_visits_and_calls_and_the_days_on_which_they_were_made_are_counted(
    who: Neighbourhood, watch: WatchAssignment
) -> None:
    note(watch, who.watcher, "met", at(24, "10:00"))
    note(watch, who.watcher, "no_answer", at(25, "10:00"))
    note(watch, who.watcher, "heard", at(25, "11:00"))
    note(watch, who.backup, "met", at(26, "10:00"))
    assert numbers(read(who.watcher)) == {"visits": 3, "days": 2}


def test_an_indirect_sign_is_a_day_of_activity_and_no_visit(
    who: Neighbourhood, watch: WatchAssignment
) -> None:
    note(watch, who.watcher, "indirect", at(24, "10:00"))
    told = read(who.watcher)
    assert numbers(told) == {"days": 1}
    assert {row["outcome"]: row["number"] for row in told["check_ins"]}["indirect"] == 1


def test_what_was_recorded_for_somebody_else_counts_apart(
    who: Neighbourhood, watch: WatchAssignment
) -> None:
    note(watch, who.watcher, "met", at(24, "10:00"), by_proxy=True)
    told = read(who.watcher)
    assert (numbers(told), told["for_others"]) == ({}, 1)


def test_a_concern_that_was_reported_is_a_contact_with_another_agency(who: Neighbourhood) -> None:
    a_concern(who, who.watcher, at(24, "10:00"))
    assert numbers(read(who.watcher)) == {"with_agencies": 1, "days": 1}


def test_a_concern_that_became_a_consultation_counts_by_what_it_was_about(
    who: Neighbourhood,
) -> None:
    concern = a_concern(who, who.watcher, at(24, "10:00"))
    triage(
        actor=who.desk, concern_id=concern.pk, outcome="consultation",
        topics=["debt", "health"], main_topic="debt",
    )  # fmt: skip
    assert numbers(read(who.watcher)) == {"living_costs": 1, "with_agencies": 1, "days": 1}


def test_what_is_recorded_nowhere_is_not_said_to_be_nought(who: Neighbourhood) -> None:
    rows = read(who.watcher)["rows"]
    assert {row["item"] for row in rows if row["number"] is not None} == TALLIED
    assert all(row["remark"] for row in rows if row["number"] is None)


def test_every_topic_of_a_consultation_has_its_item_of_the_form() -> None:
    assert set(CONTENTS) == set(Topic)
    assert {section_of(item) for item in CONTENTS.values()} == {ReportSection.BY_CONTENT}


def test_the_form_has_its_six_parts() -> None:
    parts = [section_of(item) for item in ReportItem]
    assert list(dict.fromkeys(parts)) == list(ReportSection)
    assert [parts.count(section) for section in ReportSection] == [14, 4, 6, 2, 2, 1]


# --- months


def test_a_month_is_that_of_japan(who: Neighbourhood, watch: WatchAssignment) -> None:
    note(watch, who.watcher, "met", at(30, "23:59"))
    note(watch, who.watcher, "met", at(1, "00:00", month=12))
    assert numbers(read(who.watcher))["visits"] == 1
    assert numbers(read(who.watcher, month="2026-12"))["visits"] == 1


def test_what_is_recorded_late_counts_when_it_was_observed(
    who: Neighbourhood, watch: WatchAssignment
) -> None:
    note(watch, who.watcher, "met", at(1, "08:00", month=12), observed_at=at(30, "10:00"))
    assert numbers(read(who.watcher)) == {"visits": 1, "days": 1}
    assert numbers(read(who.watcher, month="2026-12")) == {}


def test_a_month_that_is_not_over_says_so(who: Neighbourhood) -> None:
    assert read(who.watcher, month="2026-12")["complete"] is False
    assert read(who.watcher, month="2026-11")["complete"] is True


@pytest.mark.parametrize(
    "query",
    [
        {"month": "2026-13"}, {"month": "1999-12"}, {"month": "２０２６-11"}, {"month": "2027-01"},
        {"month": ""}, {"as": "pdf"},
    ],
)  # fmt: skip
def test_what_is_no_month_or_form_is_refused(who: Neighbourhood, query: dict[str, str]) -> None:
    answer = api(who.watcher).get(REPORT, query)
    assert (answer.status_code, answer.data["code"]) == (400, "invalid")


# --- who reads it


def test_who_keeps_a_watch_reads_what_was_done_for_it_alone(
    who: Neighbourhood, watch: WatchAssignment
) -> None:
    plaza = an_agency()
    other = a_member(plaza)
    elsewhere = a_watch(who.__class__(other, who.watcher, who.backup, who.ward))
    note(watch, who.watcher, "met", at(24, "10:00"))
    note(elsewhere, who.watcher, "met", at(25, "10:00"))
    told = read(who.desk, one(who.watcher))
    assert (numbers(told), told["scope"]) == ({"visits": 1, "days": 1}, "kept")
    assert numbers(read(who.watcher)) == {"visits": 2, "days": 2}
    assert numbers(read(who.ward, one(who.watcher))) == {"visits": 2, "days": 2}


def test_a_concern_for_another_desk_is_not_in_what_a_keeper_reads(
    who: Neighbourhood,
    watch: WatchAssignment,  # noqa: ARG001 - the desk keeps it
) -> None:
    concern = a_concern(who, who.watcher, at(24, "10:00"))
    Concern.objects.filter(pk=concern.pk).update(agency=an_agency())
    assert numbers(read(who.desk, one(who.watcher))) == {}
    assert numbers(read(who.watcher))["with_agencies"] == 1


@pytest.mark.usefixtures("watch")
def test_nobody_else_finds_it(who: Neighbourhood) -> None:
    assert api(who.backup).get(one(who.watcher)).status_code == 404
    assert api(a_member(an_agency())).get(one(who.watcher)).status_code == 404
    assert api(who.watcher).get(one(who.desk)).status_code == 404


def test_a_watcher_finds_their_own_by_its_address(who: Neighbourhood) -> None:
    assert read(who.watcher, one(who.watcher))["scope"] == "own"


# --- the table


def table(actor: Actor, **query: str) -> list[list[str]]:
    answer = api(actor).get(
        REPORT, {"month": "2026-11", "as": "csv", **query}, headers={"Accept-Language": "ja"}
    )
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_the_table_has_the_terms_of_the_form(who: Neighbourhood, watch: WatchAssignment) -> None:
    note(watch, who.watcher, "met", at(24, "10:00"))
    header, *rows = table(who.watcher)
    assert header == ["月", "氏名", "区分", "項目", "件数", "備考"]
    found = {(row[2], row[3]): row[4] for row in rows}
    assert found["訪問回数", "訪問・連絡活動"] == "1"
    assert found["連絡調整回数", "その他の関係機関"] == "0"
    assert found["その他の活動件数", "証明事務"] == ""
    assert found["活動日数", "活動日数"] == "1"


def test_no_cell_of_the_table_is_a_formula(who: Neighbourhood) -> None:
    user = who.watcher.user
    assert user
    user.name = "=HYPERLINK(1)"
    user.save()
    _, *rows = table(who.watcher)
    assert {row[1] for row in rows} == {"'=HYPERLINK(1)"}


def test_accept_says_the_same_as_the_query(who: Neighbourhood) -> None:
    answer = api(who.watcher, accept="text/csv").get(REPORT)
    assert answer.headers["Content-Type"].startswith("text/csv")


def test_an_error_stays_a_problem_document_for_who_wants_a_table(who: Neighbourhood) -> None:
    answer = api(who.watcher, accept="text/csv").get(REPORT, {"month": "2026-13"})
    assert answer.status_code == 400
    assert answer.headers["Content-Type"].startswith("application/problem+json")

"""What a storm's report says, and when the storm has failed."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import uuid4

import pytest
from django.db import connection

from carenet.cases.actions import consultations
from launch.storm_report import COUNTS, NEVER, Report
from launch.writers import WRITERS, Writers
from tests.factories import a_member, an_agency

WELL = {"lost": 0, "doubled": 0, "half done": 0}


def writers(*told: str) -> Writers:
    made = Writers(0, "client", "secret")
    made.told += told
    made.answers[201] += len(told)
    return made


def report(counted: Mapping[str, int] = WELL, *told: str) -> Report:
    made = Report()
    made.note_well_after("beat killed", 1.25)
    made.count(counted, writers(*told))
    return made


def test_a_storm_passes_where_something_was_recorded_and_nothing_is_wrong() -> None:
    assert report(WELL, "a").passed


def test_it_fails_where_nothing_was_recorded_or_counted() -> None:
    assert not report().passed
    assert not Report().passed


@pytest.mark.parametrize("fault", WELL)
def test_it_fails_where_anything_is_wrong(fault: str) -> None:
    assert not report(WELL | {fault: 1}, "a").passed


def test_it_fails_where_a_part_does_not_get_well_something_is_undone_or_answered_500() -> None:
    never, undone, broken = (report(WELL, "a") for _each in range(3))
    never.note_well_after("web killed", NEVER)
    waiting, failing = writers("a"), writers("a")
    waiting.undone, failing.answers[500] = 1, 1
    undone.count(WELL, waiting)
    broken.count(WELL, failing)

    assert [each.passed for each in (never, undone, broken)] == [False] * 3
    assert "never well: 1" in never.table(waiting)


def test_the_table_names_each_part_how_often_how_long_and_every_count() -> None:
    made = report(WELL, "a")
    made.note_well_after("beat killed", 3.04)
    made.faults["left behind"] = 0
    head, beat, *_between, recorded, counts = made.table(writers("a")).splitlines()

    assert head.split() == ["broken", "times", "seconds", "until", "well"]
    assert beat.split() == ["beat", "killed", "2", "3.0"]
    assert recorded == "recorded: 1; answers: {201: 1}"
    assert counts.split("  ") == [
        "lost: 0", "doubled: 0", "half done: 0", "undone: 0", "answered 500: 0",
        "nothing recorded: 0", "left behind: 0", "never well: 0",
    ]  # fmt: skip


@pytest.mark.django_db
def test_what_is_lost_doubled_or_half_done_is_counted_in_the_database() -> None:
    made = consultations.record(
        actor=a_member(an_agency()), channel="phone", relationship="self", topics=["care"],
        main_topic="care", content="kept", subject_description="本人",
    )  # fmt: skip
    assert counted(["kept"]) == WELL
    made.pk = uuid4()
    made.save(force_insert=True)  # the same again, and nothing in the trail

    assert counted(["kept", "gone"]) == {"lost": 1, "doubled": 1, "half done": 1}


def counted(told: list[str]) -> dict[str, int]:
    with connection.cursor() as cursor:
        found = {}
        for name, query in COUNTS.items():
            cursor.execute(query, {"told": told})
            (found[name],) = cursor.fetchone()
    return found


def test_a_system_that_is_never_answered_is_undone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("launch.writers.PATIENCE", 0.01)
    monkeypatch.setattr("launch.writers.PAUSE", 0.01)
    asking = writers()
    with asking.at_work():
        pass
    assert asking.undone == WRITERS

"""The one clock: it follows the database's, and nothing beside it tells the time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic

import pytest
import time_machine
from django.db import connection
from pytest_django import DjangoAssertNumQueries, Settings

from carenet.core import clock
from tests.factories import a_member, an_agency, api

NOON = datetime(2026, 11, 29, 3, 0, tzinfo=UTC)
PACKAGE = Path(clock.__file__).parent
#: What the linter cannot ban, for with an argument it converts.
ASKS_ANOTHER_CLOCK = re.compile(r"\b(localdate|localtime)\(\)|\btime\.time\(")


@pytest.fixture(autouse=True)
def _own_clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("value", "asked_at", "said"):
        monkeypatch.setattr(clock._Offset, name, getattr(clock._Offset, name))
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def compared(db: None, settings: Settings) -> None:  # noqa: ARG001
    settings.CLOCK_COMPARE_SECONDS = 3600.0


def test_it_is_the_time_of_the_process_until_the_database_has_told() -> None:
    assert clock.now() == NOON


def test_a_process_that_is_late_goes_by_the_database() -> None:
    clock.follow(NOON + timedelta(seconds=300), NOON, NOON)
    assert clock.now() == NOON + timedelta(seconds=300)
    assert clock.offset() == timedelta(seconds=300)


def test_a_difference_within_the_time_of_the_question_is_none() -> None:
    clock.follow(NOON + timedelta(milliseconds=30), NOON, NOON + timedelta(milliseconds=40))
    assert clock.now() == NOON


def test_a_slow_answer_that_could_mean_nothing_changes_nothing() -> None:
    clock.follow(NOON + timedelta(seconds=300), NOON, NOON)
    assert not clock.follow(NOON + timedelta(seconds=2), NOON, NOON + timedelta(seconds=4))
    assert clock.offset() == timedelta(seconds=300)


@pytest.mark.usefixtures("compared")
@pytest.mark.parametrize("early", [-300, 5])
def test_a_process_asks_the_database_and_says_once_that_its_own_clock_is_off(
    early: int, caplog: pytest.LogCaptureFixture
) -> None:
    with time_machine.travel(the_databases() + timedelta(seconds=early)):
        clock.compare()
        clock.compare(at_once=True)
        assert clock.offset().total_seconds() == pytest.approx(-early, abs=1.5)
    (said,) = [each.message for each in caplog.records if each.name == clock.__name__]
    assert ("early" if early > 0 else "late") in said


@pytest.mark.usefixtures("compared")
def test_it_is_asked_again_only_after_a_while(
    django_assert_num_queries: DjangoAssertNumQueries, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock.compare()
    with django_assert_num_queries(0):
        clock.compare()
    monkeypatch.setattr(clock._Offset, "asked_at", monotonic() - 3601)
    with django_assert_num_queries(1):
        clock.compare()


@pytest.mark.usefixtures("compared")
def test_what_a_late_process_writes_at_a_request_is_written_at_the_right_time() -> None:
    moment = the_databases()
    desk = a_member(an_agency())
    with time_machine.travel(moment - timedelta(seconds=300)):
        assert api(desk).get("/api/v1/me/").status_code == 200
        assert clock.now() - moment < timedelta(seconds=60)
        assert clock.now() >= moment


def the_databases() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment


def test_the_day_begins_in_japan() -> None:
    with time_machine.travel(datetime(2026, 11, 28, 15, 0, tzinfo=UTC), tick=False):
        assert clock.today().isoformat() == "2026-11-29"


def test_no_line_asks_another_clock() -> None:
    found = [
        f"{path.relative_to(PACKAGE)}:{number}"
        for path in PACKAGE.rglob("*.py")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if ASKS_ANOTHER_CLOCK.search(line)
    ]
    assert found == []

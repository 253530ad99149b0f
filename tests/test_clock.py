"""The one clock: it follows the database's, and nothing beside it tells the time."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import time_machine

from carenet import clock

if TYPE_CHECKING:
    from collections.abc import Iterator

NOON = datetime(2026, 11, 29, 3, 0, tzinfo=UTC)
PACKAGE = Path(clock.__file__).parent
#: What the linter cannot ban, for with an argument it converts.
ASKS_ANOTHER_CLOCK = re.compile(r"\b(localdate|localtime)\(\)|\btime\.time\(")


@pytest.fixture(autouse=True)
def _own_clock() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield
        clock.follow(NOON, NOON, NOON)


def test_it_is_the_time_of_the_process_until_the_database_has_told() -> None:
    assert clock.now() == NOON


def test_a_process_that_is_late_goes_by_the_database() -> None:
    clock.follow(NOON + timedelta(seconds=300), NOON, NOON)
    assert clock.now() == NOON + timedelta(seconds=300)
    assert clock.offset() == timedelta(seconds=300)


def test_a_difference_within_the_time_of_the_question_is_none() -> None:
    clock.follow(NOON + timedelta(milliseconds=30), NOON, NOON + timedelta(milliseconds=40))
    assert clock.now() == NOON


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

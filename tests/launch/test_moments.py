"""The moments at which the suite is tried, and the clock that servers are given."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from launch.faketime import ServersClock
from launch.moments import CLOCK_BOUND, MOMENTS, TOKYO, _chosen
from launch.output import LaunchError
from launch.paths import PROJECT

NOW = datetime(2026, 11, 29, 19, 0, tzinfo=TOKYO)  # a Sunday
COMES = {each.name: f"{each.after(NOW):%Y-%m-%d %H:%M}" for each in MOMENTS}


@pytest.mark.parametrize(
    ("name", "when"),
    [
        ("00:30", "2026-12-01 00:30"),
        ("28-feb", "2027-02-28 10:00"),
        ("29-feb", "2028-02-29 10:00"),
        ("31-dec", "2026-12-31 23:55"),
        ("1-jan", "2027-01-01 00:30"),
        ("sunday", "2026-12-06 10:00"),
        ("golden-week", "2027-05-04 10:00"),
    ],
)
def test_a_moment_is_the_next_that_comes(name: str, when: str) -> None:
    assert COMES[name] == when


def test_all_of_them_are_tried_unless_some_are_named() -> None:
    assert _chosen(["tests/cases"]) == (MOMENTS, ["tests/cases"])
    (chosen, rest) = _chosen(["ONLY=29-feb,02:30", "-x"])
    assert ([each.name for each in chosen], rest) == (["29-feb", "02:30"], ["-x"])


def test_an_unknown_moment_is_refused_with_those_that_are_known() -> None:
    with pytest.raises(LaunchError, match=r"tomorrow.*Known: 00:30"):
        _chosen(["ONLY=tomorrow"])


def test_the_part_that_is_bound_to_the_clock_is_there() -> None:
    assert [path for path in CLOCK_BOUND if not (PROJECT / path).is_file()] == []


def test_a_file_says_how_far_ahead_the_servers_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("launch.faketime.time.sleep", lambda _seconds: None)
    clock = ServersClock(tmp_path / "library", tmp_path / "moment")
    clock.move(90)
    assert clock.file.read_text(encoding="utf-8") == "+90s\n"
    assert clock.environment["FAKETIME_TIMESTAMP_FILE"] == str(clock.file)
    assert clock.environment["LD_PRELOAD"] == str(clock.library)

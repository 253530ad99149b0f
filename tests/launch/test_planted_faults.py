"""Which faults of one line are planted."""

from __future__ import annotations

from pathlib import Path

import pytest

from launch.paths import PROJECT
from launch.planted_faults import choose, faults_of


@pytest.mark.parametrize(
    ("line", "instead"),
    [
        ("if end < now:", "if end <= now:"),
        ("if person is None:", "if person is not None:"),
        ("if open and mine:", "if open or mine:"),
        ("if not mine:", "if mine:"),
    ],
)
def test_a_condition_is_turned_round(line: str, instead: str) -> None:
    (fault,) = faults_of(Path("policy.py"), f"{line}\n    pass\n")

    assert fault.instead == instead


def test_a_guard_is_left_out() -> None:
    (fault,) = faults_of(Path("actions.py"), "def close():\n    demand(can_close(actor))\n")

    assert (fault.number, fault.instead) == (2, "    pass")


def test_a_line_without_condition_or_guard_has_no_fault() -> None:
    assert not list(faults_of(Path("actions.py"), "case.status = target\n"))


def test_a_seed_chooses_the_same_faults_each_time() -> None:
    assert choose(PROJECT, 7, 5, None) == choose(PROJECT, 7, 5, None)

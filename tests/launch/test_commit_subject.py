"""Which subjects of commits are taken."""

from __future__ import annotations

import pytest

from launch.commit_subject import fault_of


@pytest.mark.parametrize(
    "subject",
    [
        "referrals: a pool goes back unclaimed",
        "cases, staff: who reported",
        "Merge branch 'x'",
        f"docs: {'x' * 66}",
    ],
)
def test_a_subject_that_names_its_room_is_taken(subject: str) -> None:
    assert fault_of(subject) is None


@pytest.mark.parametrize(
    "subject",
    ["Tell the figures", "docs:", "docs: an index.", "Docs: an index", f"docs: {'x' * 67}", ""],
)
def test_another_one_is_not(subject: str) -> None:
    assert fault_of(subject)

"""The guard's list of process groups that are still there."""

from launch.reaper import remaining_groups


def test_groups_that_ended_are_forgotten() -> None:
    assert remaining_groups(["+10 9\n", "+11 3\n", "-10\n", "+12 9\n"]) == {11: 3, 12: 9}


def test_an_unknown_group_may_end() -> None:
    assert remaining_groups(["-10\n"]) == {}

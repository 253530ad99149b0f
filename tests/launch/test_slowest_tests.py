"""The slowest tests are named from the report of the last whole run."""

from __future__ import annotations

from pathlib import Path

from launch.slowest_tests import MOST, slowest


def test_the_slowest_come_first_and_no_more_than_ten(tmp_path: Path) -> None:
    cases = "".join(
        f'<testcase classname="tests.core.test_clock" name="test_{n}" time="{n}.5"/>'
        for n in range(12)
    )
    path = tmp_path / "tests.xml"
    path.write_text(f"<testsuites><testsuite>{cases}</testsuite></testsuites>")
    found = slowest(path)
    assert len(found) == MOST
    assert found[0] == (11.5, "tests.core.test_clock::test_11")

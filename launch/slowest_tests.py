"""Prints the ten slowest tests of the last whole run of the suite: `python -m launch.slowest_tests`."""

from pathlib import Path
from xml.etree import ElementTree as ET

from launch.output import run_as_program
from launch.paths import logs_folder

MOST = 10


def report() -> Path:
    """Return where the whole suite writes how long each test took."""
    return logs_folder() / "tests.xml"


def slowest(path: Path) -> list[tuple[float, str]]:
    """Return the slowest tests of a JUnit report, seconds and name, the slowest first."""
    cases = ET.parse(path).iter("testcase")  # noqa: S314 - the suite's own file
    took = [(float(each.get("time", 0)), _name(each)) for each in cases]
    return sorted(took, reverse=True)[:MOST]


def _name(case: ET.Element) -> str:
    return f"{case.get('classname')}::{case.get('name')}"


def main() -> int:
    """Return 0 in any case: a slow test is told, not refused."""
    if not report().exists():
        print("テスト全体をまだ実行していません / the whole suite has not run yet")
        return 0
    for seconds, name in slowest(report()):
        print(f"{seconds:7.1f} s  {name}")
    return 0


if __name__ == "__main__":
    run_as_program(main)

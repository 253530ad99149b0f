"""Runs the tests against real servers: `python -m launch.test [pytest arguments]`.

Without arguments it is the whole suite, on one process more than there are cores, for some of them
wait for a browser or a worker; each has a database.
"""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from launch.environment import Servers, servers_for_tests
from launch.migrate import migrate
from launch.output import run_as_program
from launch.paths import PROJECT, logs_folder
from launch.slowest_tests import report
from launch.supervisor import StopRequested

SETTINGS = {"DJANGO_SETTINGS_MODULE": "config.settings.test"}


def main() -> int:
    """Return pytest's exit status; the servers are gone by then."""
    try:
        with servers_for_tests() as servers:
            environment = {**servers.environment, **SETTINGS}
            argv = (sys.executable, "-m", "pytest", *(sys.argv[1:] or whole_suite()))
            if servers.embedded:
                environment |= template(servers, environment, logs_folder() / "test-migrate.log")
            return servers.supervisor.run_in_foreground(argv, environment, PROJECT)
    except StopRequested as request:
        return 128 + request.number


def whole_suite() -> tuple[str, ...]:
    """Return pytest's arguments for all tests, a file at a time for each process.

    Files come in the order of the collection: those in which a test commits last (tests/conftest.py).
    """
    processes = min((os.cpu_count() or 1) + 1, 4)
    return (
        f"--numprocesses={processes}", "--dist=loadfile", "--no-loadscope-reorder",
        f"--junitxml={report()}",
    )  # fmt: skip


def template(servers: Servers, environment: Mapping[str, str], log: Path) -> dict[str, str]:
    """Migrate once: the processes of the suite copy that database instead of migrating each its own."""
    migrate(servers, environment, log)
    return {"TEST_TEMPLATE": urlsplit(environment["DATABASE_URL"]).path.lstrip("/")}


if __name__ == "__main__":
    run_as_program(main)

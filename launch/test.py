"""Runs the tests against real servers: `python -m launch.test [pytest arguments]`."""

import sys

from launch.console import run_as_program
from launch.environment import servers_for_tests
from launch.places import PROJECT
from launch.supervisor import StopRequested


def main() -> int:
    """Return pytest's exit status; the servers are gone by then."""
    try:
        with servers_for_tests() as servers:
            environment = {
                **servers.environment,
                "DJANGO_SETTINGS_MODULE": "config.settings.test",
            }
            argv = (sys.executable, "-m", "pytest", *sys.argv[1:])
            return servers.supervisor.run_in_foreground(argv, environment, PROJECT)
    except StopRequested as request:
        return 128 + request.number


if __name__ == "__main__":
    run_as_program(main)

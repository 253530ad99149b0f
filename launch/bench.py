"""Measures watch-over and pages, on servers of its own: `python -m launch.bench [ONLY=pages]`."""

import os
import sys

from launch.environment import NAMES, servers_for_tests
from launch.migrate import migrate
from launch.output import LaunchError, run_as_program, say
from launch.paths import PROJECT, logs_folder
from launch.supervisor import StopRequested

OPTIONS = ("SCALE", "ONLY", "JSON")


def main() -> int:
    """Return 0 when everything was measured, whether or not the targets were met."""
    options = _options(sys.argv[1:])
    for name in NAMES:
        os.environ.pop(name, None)  # it fills and breaks what it measures: never a lent database
    try:
        with servers_for_tests() as servers:
            # As the owner, who may tell the planner what there is.
            environment = {
                **servers.environment,
                "DATABASE_URL": servers.environment["DATABASE_OWNER_URL"],
                "DJANGO_SETTINGS_MODULE": "config.settings.test",
                "REMINDER_CONSOLE": "",
                **options,
            }
            migrate(servers, environment, logs_folder() / "bench-migrate.log")
            say("測定しています", "measuring")
            argv = (sys.executable, "-m", "benchmarks")
            return servers.supervisor.run_in_foreground(argv, environment, PROJECT)
    except StopRequested as request:
        return 128 + request.number


def _options(arguments: list[str]) -> dict[str, str]:
    found = dict(each.partition("=")[::2] for each in arguments)
    if unknown := set(found) - set(OPTIONS):
        raise LaunchError(
            f"不明なオプションです: {', '.join(sorted(unknown))}",
            f"Unknown options: {', '.join(sorted(unknown))}. Known: SCALE=0.01, ONLY=sweep, JSON=path.",
        )
    if "JSON" in found:
        found["JSON"] = os.path.abspath(found["JSON"])  # noqa: PTH100 - not resolved: a name as given
    return found


if __name__ == "__main__":
    run_as_program(main)

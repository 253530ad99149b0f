"""Measures on servers of its own, with the settings of an installation: `python -m launch.bench`.

`SCALE=10000,100000` is how many cases a ward has, `ONLY=search` one part, `SHORT=1` a form that takes
five minutes, `JSON=path` keeps the figures.
"""

import os
import secrets
import sys

from launch.environment import own_servers
from launch.migrate import migrate
from launch.output import LaunchError, run_as_program, say
from launch.paths import PROJECT, logs_folder
from launch.supervisor import StopRequested

OPTIONS = ("SCALE", "ONLY", "SHORT", "JSON")
#: Where it differs from an installation: it asks more often than people may.
RATES = {"API_RATE": "100000/min", "SEARCH_RATE": "100000/min"}


def main() -> int:
    """Return 0 when everything was measured, whether or not the goals were met."""
    options = _options(sys.argv[1:])
    try:
        # Never a lent database: it fills and breaks what it measures.
        with own_servers(durable=True) as servers:
            environment = {
                **servers.environment,
                "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
                "SECRET_KEY": secrets.token_urlsafe(64),
                "ALLOWED_HOSTS": "testserver,127.0.0.1",
                "NUM_PROXIES": "1",
                **RATES,
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
            f"Unknown options: {', '.join(sorted(unknown))}. "
            "Known: SCALE=10000, ONLY=search, SHORT=1, JSON=path.",
        )
    if "JSON" in found:
        found["JSON"] = os.path.abspath(found["JSON"])  # noqa: PTH100 - not resolved: a name as given
    return found


if __name__ == "__main__":
    run_as_program(main)

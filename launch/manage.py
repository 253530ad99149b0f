"""Django's commands on the demo that is running: `python -m launch.manage COMMAND …`.

With the three variables of given servers set, on those.
"""

import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from launch.credentials import credentials
from launch.environment import environment_for, given_servers
from launch.output import LaunchError, run_as_program
from launch.paths import DEMO_LOCK, PROJECT, STATE, forget, locked, state_folder

SERVERS = STATE / "demo-servers.json"
# The owner's rights are for migrations alone.
NEEDED = ("DATABASE_URL", "REDIS_URL")


def demo_environment(urls: Mapping[str, str]) -> dict[str, str]:
    """Return what every part of the demo is started with."""
    return {
        **environment_for(urls),
        "DJANGO_SETTINGS_MODULE": "config.settings.demo",
        "SECRET_KEY": credentials().secret_key,
    }


@contextmanager
def servers_told(environment: Mapping[str, str]) -> Iterator[None]:
    """Leave word, for our own eyes, of where the demo's servers are, for as long as they run."""
    forget(SERVERS)
    handle = os.open(SERVERS, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        json.dump({name: environment[name] for name in NEEDED}, stream)
    try:
        yield
    finally:
        forget(SERVERS)


def main() -> int:
    """Never returns when it can start: it becomes the command."""
    environment = demo_environment(given_servers(os.environ) or servers_of_the_demo())
    os.chdir(PROJECT)
    os.execve(sys.executable, (sys.executable, "manage.py", *sys.argv[1:]), environment)  # noqa: S606


def servers_of_the_demo() -> dict[str, str]:
    """Return where the servers of the running demo are; raises `LaunchError` when none runs."""
    # A demo that was killed leaves its word behind, but not its lock.
    with locked(state_folder() / DEMO_LOCK, wait=False) as nobody_runs_it:
        if nobody_runs_it or not SERVERS.exists():
            raise LaunchError(
                "デモが起動していません。別の端末で「python3 run.py demo」を実行してください。",
                "The demo is not running. Start it in another terminal: python3 run.py demo",
            )
        return dict(json.loads(SERVERS.read_text(encoding="utf-8")))


if __name__ == "__main__":
    run_as_program(main)

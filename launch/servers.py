"""Starts servers for tests and leaves them running until Ctrl-C.

`python -m launch.servers` prints the lines that another terminal needs; with them set,
`python run.py test` uses these servers and starts at once. The last line names a database that is
migrated: tests copy it, and migrate only what is newer than it.
"""

import shlex
import time

from launch.environment import NAMES, servers_for_tests
from launch.output import run_as_program, say
from launch.paths import logs_folder
from launch.processes import POLL_SECONDS
from launch.supervisor import StopRequested
from launch.test import SETTINGS, template


def main() -> int:
    try:
        with servers_for_tests() as servers:
            found = {name: servers.environment[name] for name in NAMES}
            if servers.embedded:
                environment = {**servers.environment, **SETTINGS}
                found |= template(servers, environment, logs_folder() / "servers-migrate.log")
            for name, value in found.items():
                print(f"export {name}={shlex.quote(value)}", flush=True)
            say("Ctrl-C で終了します", "Ctrl-C ends it")
            while True:
                servers.supervisor.look()
                time.sleep(POLL_SECONDS)
    except StopRequested:
        return 0


if __name__ == "__main__":
    run_as_program(main)

"""Starts servers for tests and leaves them running until Ctrl-C.

`python -m launch.servers` prints the lines that another terminal needs; with them set,
`python run.py test` uses these servers and starts at once.
"""

import shlex
import time

from launch.console import run_as_program, say
from launch.environment import NAMES, servers_for_tests
from launch.processes import POLL_SECONDS
from launch.supervisor import StopRequested


def main() -> int:
    try:
        with servers_for_tests() as servers:
            for name in NAMES:
                print(f"export {name}={shlex.quote(servers.environment[name])}", flush=True)
            say("Ctrl-C で終了します", "Ctrl-C ends it")
            while True:
                servers.supervisor.look()
                time.sleep(POLL_SECONDS)
    except StopRequested:
        return 0


if __name__ == "__main__":
    run_as_program(main)

"""Workers as real processes, which may be killed at any moment."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.conf import settings
from django.db import connection

WORKERS = 2
POLL_SECONDS = 0.1
LONGEST_SECONDS = 1800


@dataclass
class Crew:
    environment: Mapping[str, str]
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self) -> None:
        self.processes.append(
            subprocess.Popen(
                (sys.executable, "-m", "benchmarks.worker"),
                cwd=settings.BASE_DIR,
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,  # the console channel
                stderr=subprocess.DEVNULL,
            )
        )

    def kill_one(self) -> None:
        """End one as a crash does, and start another in its place."""
        dead = self.processes.pop(0)
        dead.send_signal(signal.SIGKILL)
        dead.wait()
        self.start()


@contextmanager
def a_crew(environment: Mapping[str, str] | None = None) -> Iterator[Crew]:
    """Let workers work on the database of this process, until the end of the block."""
    crew = Crew(environment or os.environ)
    try:
        for _ in range(WORKERS):
            crew.start()
        yield crew
    finally:
        for each in crew.processes:
            each.kill()
            each.wait()


def wait_for(happened: Callable[[], bool]) -> None:
    end = time.monotonic() + LONGEST_SECONDS
    while not happened():
        if time.monotonic() > end:
            raise RuntimeError("It has not happened in half an hour.")
        time.sleep(POLL_SECONDS)
        connection.close_if_unusable_or_obsolete()

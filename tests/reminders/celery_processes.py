"""Real Celery workers and beats, working on the suite's database, and the ways they come to harm."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import redis
from celery import current_app
from django.conf import settings
from django.db import connection
from kombu import Connection

SETTINGS = "tests.reminders.worker_settings"
#: Generous: two busy cores may need long for what takes a second alone.
DEADLINE_SECONDS = 90.0
POLL_SECONDS = 0.05
QUIET = ("--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel=INFO")


def suites_database() -> str:
    """Return the URL of the database of this process of the suite."""
    given, name = urlsplit(os.environ["DATABASE_URL"]), connection.settings_dict["NAME"]
    # urlunsplit would drop the empty host of "postgresql://user:word@/name?host=/folder".
    return f"{given.scheme}://{given.netloc}/{name}?{given.query}"


@dataclass
class Crew:
    """The processes of one test; `prefix` keeps their messages apart, "" shares them with us."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)
    prefix: str = field(default_factory=lambda: f"crew-{uuid4().hex}:")
    #: Whether what has ended is started again, as docker-compose.yml does it: a worker may not
    #: survive that its broker goes away.
    restarts: bool = False
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def worker(self, *, early: float = 0) -> subprocess.Popen[bytes]:
        """Start one whose own clock is so many seconds early, or late if they are negative."""
        return self._start("worker", "--concurrency=1", *QUIET, early=early)

    def beat(self, *, early: float = 0) -> subprocess.Popen[bytes]:
        schedule = self.folder / f"schedule-{uuid4().hex}"
        return self._start("beat", f"--schedule={schedule}", "--pidfile=", early=early)

    def wake(self, task: str) -> None:
        """Send a task to the workers among these, as beat would in its own time."""
        options = {"global_keyprefix": self.prefix}
        with Connection(settings.CELERY_BROKER_URL, transport_options=options) as broker:
            current_app.send_task(task, connection=broker)

    def flush_redis(self) -> None:
        """Forget everything that these processes keep there, and nothing of anybody else's."""
        assert self.prefix
        with redis.from_url(settings.REDIS_URL) as client:
            for key in client.scan_iter(f"{self.prefix}*"):
                client.delete(key)

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """SIGKILL the process and its children at once: nobody gets to tidy up."""
        self.processes.remove(process)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def disband(self) -> None:
        for process in list(self.processes):
            self.kill(process)
        if self.prefix:
            self.flush_redis()

    def log(self) -> str:
        return "\n".join(log.read_text() for log in sorted(self.folder.glob("*.log")))

    def until(self, happened: Callable[[], object]) -> None:
        """Wait for something that real processes bring about."""
        end = time.monotonic() + DEADLINE_SECONDS
        while not happened():
            assert time.monotonic() < end, f"It never happened.\n{self.log()}"
            died = [process for process in self.processes if process.poll() is not None]
            assert self.restarts or not died, f"{died}\n{self.log()}"
            for process in died:
                self._start_again(process)
            time.sleep(POLL_SECONDS)

    def _start_again(self, process: subprocess.Popen[bytes]) -> None:
        self.kill(process)  # its children may have outlived it
        (self.worker if "worker" in str(process.args) else self.beat)()

    def _start(self, *arguments: str, early: float = 0) -> subprocess.Popen[bytes]:
        with (self.folder / f"{arguments[0]}-{uuid4().hex}.log").open("wb") as log:
            process = subprocess.Popen(
                (sys.executable, "-m", "celery", "-A", "config", *arguments),
                env=self._environment() | {"CREW_EARLY_SECONDS": str(early)},
                cwd=settings.BASE_DIR,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.processes.append(process)
        return process

    def _environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": SETTINGS,
            "DATABASE_URL": suites_database(),
            "CREW_PREFIX": self.prefix,
            "REMINDER_SWEEP_SECONDS": "0.5",
            "REMINDER_LEASE_SECONDS": "4.5",
            **self.environment,
        }

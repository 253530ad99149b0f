"""The web server as an installation starts it, and what its processes and the database's have spent."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection

START_SECONDS, STOP_SECONDS = 60.0, 20.0
_TICKS = os.sysconf("SC_CLK_TCK")
_PSS = re.compile(r"^Pss:\s+(\d+) kB", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Spent:
    """Milliseconds of processor time: of the web processes, of each backend, of the whole machine."""

    web: float
    backends: Mapping[int, float]
    machine: float

    def since(self, before: Spent) -> tuple[float, float, float]:
        """Return what web, database and machine have spent since; a backend may be new."""
        database = sum(ms - before.backends.get(pid, 0.0) for pid, ms in self.backends.items())
        return self.web - before.web, database, self.machine - before.machine


@dataclass(frozen=True, slots=True)
class WebService:
    """A server that runs: its first process, which keeps those that serve."""

    parent: int
    port: int

    def serving(self) -> list[int]:
        children = Path(f"/proc/{self.parent}/task/{self.parent}/children").read_text()
        return [int(each) for each in children.split()]

    def memory(self) -> float:
        """Return the largest of the serving processes, in MB of its own share (PSS)."""
        maps = [Path(f"/proc/{each}/smaps_rollup").read_text() for each in self.serving()]
        return max(int(_PSS.findall(each)[0]) for each in maps) / 1024

    def spent(self) -> Spent:
        """Return what all of it has spent until now."""
        web = sum(_processor_ms(each) for each in (self.parent, *self.serving()))
        return Spent(web, {each: _backend_ms(each) for each in _backends()}, _machine_ms())


@contextmanager
def web_service(environment: Mapping[str, str]) -> Iterator[WebService]:
    """Serve on a port of this machine until the end of the block."""
    port = _free_port()
    argv = (sys.executable, "-m", "config.server", "--port", str(port))
    # No browser is there that would want the static files.
    quiet = {**environment, "PYTHONWARNINGS": "ignore:No directory at"}
    process = subprocess.Popen(argv, cwd=settings.BASE_DIR, env=quiet)  # noqa: S603
    try:
        _wait_until_answering(process, port)
        yield WebService(process.pid, port)
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def _wait_until_answering(process: subprocess.Popen[bytes], port: int) -> None:
    end = time.monotonic() + START_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError as error:
            if process.poll() is not None or time.monotonic() > end:
                raise RuntimeError("The web server did not start.") from error
            time.sleep(0.1)
        else:
            return


def _processor_ms(pid: int) -> float:
    """Return what a process and its threads have had of a processor (proc(5))."""
    told = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(told[11]) + int(told[12])) * 1000 / _TICKS


def _backends() -> list[int]:
    """Return the backends of this database, but for that of this process."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
            " AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )
        return [pid for (pid,) in cursor.fetchall()]


def _backend_ms(pid: int) -> float:
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1_000_000
    except FileNotFoundError:
        return 0.0  # it has ended meanwhile


def _machine_ms() -> float:
    """Return what all processors of the machine have worked: neither idle nor waiting (proc(5))."""
    user, nice, system, _idle, _waiting, *others = map(int, _first_line(Path("/proc/stat")))
    # A guest's time stands in the user's, too.
    return (user + nice + system + sum(others[:3])) * 1000 / _TICKS


def _first_line(path: Path) -> list[str]:
    return path.read_text().partition("\n")[0].split()[1:]

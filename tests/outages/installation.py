"""An installation of its own, as real as it gets, for tests that break it."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.db import connection

from config.settings.environment import env
from launch.credentials import credentials
from launch.environment import Servers, own_servers
from launch.paths import PROJECT
from launch.pg_cluster import ENVIRONMENT, binaries
from launch.postgres import start_postgres
from launch.processes import Child, Service, kill_group, wait_for

#: A machine that runs the whole suite is slow; nobody waits so long when all is well.
PATIENCE = 60.0


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    text: str


@dataclass
class Installation:
    """PostgreSQL, Valkey and web, and how to do them harm."""

    servers: Servers
    port: int
    metrics_port: int
    web: Child

    def ask(
        self,
        path: str,
        *,
        method: str = "GET",
        body: str = "",
        headers: dict[str, str] | None = None,
        port: int = 0,
    ) -> Answer:
        """Ask web once; raises `OSError` if it is silent for `PATIENCE` seconds."""
        asked = http.client.HTTPConnection("127.0.0.1", port or self.port, timeout=PATIENCE)
        try:
            asked.request(method, path, body or None, headers or {})
            answer = asked.getresponse()
            text = answer.read().decode()
            return Answer(answer.status, dict(answer.getheaders()), text)
        finally:
            asked.close()

    def page(self, path: str, form: str = "") -> Answer:
        """Ask as a browser does."""
        headers = {"Accept": "text/html", "Accept-Language": "en"}
        if not form:
            return self.ask(path, headers=headers)
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        return self.ask(path, method="POST", body=form, headers=headers)

    @staticmethod
    def children_of(child: Child) -> tuple[int, ...]:
        """Name the processes that a part has started itself."""
        return _children(child.group)

    @staticmethod
    def is_there(pid: int) -> bool:
        """Whether a process is more than an entry in a table."""
        try:
            state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2]
        except OSError:
            return False
        return state.split()[0] != "Z"

    def child(self, name: str) -> Child:
        return next(
            child for child in self.servers.supervisor.children if child.service.name == name
        )

    @contextmanager
    def without_database(self) -> Iterator[None]:
        """Kill PostgreSQL; start it again at the end."""
        supervisor, gone = self.servers.supervisor, self.child("PostgreSQL")
        for pid in (gone.group, *_children(gone.group)):
            os.kill(pid, signal.SIGKILL)
        gone.process.wait()
        supervisor.children.remove(gone)
        try:
            yield
        finally:
            assert self.servers.run
            start_postgres(supervisor, self.servers.run, credentials(), durable=False)

    @contextmanager
    def stopped(self, name: str) -> Iterator[None]:
        """Let a server hang: it is there and says nothing."""
        first = self.child(name).group
        processes = (first, *_children(first))
        for pid in processes:
            os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in reversed(processes):
                os.kill(pid, signal.SIGCONT)

    @contextmanager
    def rows(self) -> Iterator[None]:
        """Let models be those of its database meanwhile."""
        own = {**connection.settings_dict}
        there = env.db_url_config(self.servers.environment["DATABASE_URL"])
        there["OPTIONS"] = own["OPTIONS"] | there.get("OPTIONS", {})
        connection.close()
        connection.settings_dict.update(there)
        try:
            yield
        finally:
            connection.close()
            connection.settings_dict.update(own)

    def gets_well(self, path: str, status: int) -> bool:
        """Wait until the page answers so, whichever process is asked."""

        def well() -> bool:
            return all(self.page(path).status == status for _ in range(8))

        return wait_for(well, PATIENCE)


def gone(service: Installation) -> AbstractContextManager[None]:
    return service.without_database()


def hung(service: Installation) -> AbstractContextManager[None]:
    return service.stopped("PostgreSQL")


@contextmanager
def installation(database: str, folder: Path) -> Iterator[Installation]:
    """Start all of it on a copy of `database` of the suite."""
    with own_servers() as servers:
        _copy_schema(database, servers.environment["DATABASE_OWNER_URL"])
        port, metrics_port = free_port(), free_port()
        web = servers.supervisor.start(web_service(servers, port, metrics_port, folder))
        made = Installation(servers, port, metrics_port, web)
        assert servers.supervisor.wait_until(lambda: answers(port), PATIENCE), (
            web.service.log.read_text()
        )
        yield made
        kill_group(web.group)


def web_service(servers: Servers, port: int, metrics_port: int, folder: Path) -> Service:
    environment = {
        **servers.environment,
        "DJANGO_SETTINGS_MODULE": "config.settings.demo",
        "SECRET_KEY": "x" * 60,
        "METRICS_PORT": str(metrics_port),
        "METRICS_KEPT_SECONDS": "0",
        "TMPDIR": str(folder),  # what is killed leaves there what it had
    }
    return Service(
        name="web",
        argv=(sys.executable, "-m", "config.server", "--port", str(port)),
        environment=environment,
        log=folder / "web.log",
        folder=PROJECT,
    )


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def _copy_schema(database: str, target: str) -> None:
    source = os.environ["DATABASE_OWNER_URL"].replace("/carenet?", f"/{database}?")
    programs = binaries()
    with subprocess.Popen(
        (programs.program("pg_dump"), "--schema-only", source),
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
    ) as dump:
        subprocess.run(
            (programs.program("psql"), "--quiet", "--set", "ON_ERROR_STOP=1", target),
            env=ENVIRONMENT,
            stdin=dump.stdout,
            stdout=subprocess.DEVNULL,
            check=True,
        )
    assert dump.returncode == 0


def _children(pid: int) -> tuple[int, ...]:
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="utf-8")
    return tuple(map(int, text.split()))

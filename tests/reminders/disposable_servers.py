"""Servers of a test's own, which it may kill: nobody else's data is on them."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection

from config.settings.environment import env
from launch.credentials import credentials
from launch.environment import _test_run
from launch.paths import Run
from launch.pg_cluster import ENVIRONMENT, binaries
from launch.postgres import start_postgres
from launch.supervisor import Supervisor
from launch.valkey import start_valkey

PARTS = ("NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS")


@dataclass
class Storm:
    """A database that keeps what it has committed, and a broker that keeps nothing."""

    supervisor: Supervisor
    run: Run
    environment: dict[str, str]

    def break_the_database(self) -> None:
        """End it as a crash does, in the middle of whatever is written, and start it again."""
        self._end("PostgreSQL", signal.SIGQUIT)
        connection.close()
        start_postgres(self.supervisor, self.run, credentials(), durable=True)

    def take_the_broker_away(self) -> None:
        self._end("Valkey", signal.SIGKILL)

    def bring_the_broker_back(self) -> None:
        """It has forgotten everything."""
        start_valkey(self.supervisor, self.run)

    def _end(self, name: str, how: signal.Signals) -> None:
        child = next(each for each in self.supervisor.children if each.service.name == name)
        child.process.send_signal(how)
        child.process.wait()
        self.supervisor.stop(child)


@contextmanager
def a_storm() -> Iterator[Storm]:
    """Start servers with the suite's tables; this process and its children work on them meanwhile.

    All as the owner: what the service's own role may do is not the question here.
    """
    with ExitStack() as stack:
        run, supervisor = stack.enter_context(_test_run()), stack.enter_context(Supervisor())
        url = start_postgres(supervisor, run, credentials(), durable=True).owner_url
        _copy_tables(url)
        stack.enter_context(_working_on(url))
        urls = {"DATABASE_URL": url, "REDIS_URL": start_valkey(supervisor, run)}
        yield Storm(supervisor, run, urls)


def _copy_tables(url: str) -> None:
    """Much faster than migrating once more."""
    suite = {**env.db("DATABASE_OWNER_URL"), "NAME": connection.settings_dict["NAME"]}
    dump = (binaries().program("pg_dump"), "--schema-only", "--no-owner", "--no-privileges")
    found = subprocess.run(dump, env=_login(suite), check=True, capture_output=True)
    load = (binaries().program("psql"), "--quiet", "--set=ON_ERROR_STOP=1")
    given = _login(env.db_url_config(url))
    subprocess.run(load, env=given, input=found.stdout, check=True, capture_output=True)


def _login(named: dict[str, Any]) -> dict[str, str]:
    """Return what the programs of PostgreSQL read, the password among it."""
    host = named.get("HOST") or named.get("OPTIONS", {}).get("host", "")
    return {
        **ENVIRONMENT,
        "PGHOST": host,
        "PGPORT": str(named.get("PORT") or 5432),
        "PGUSER": named["USER"],
        "PGPASSWORD": named["PASSWORD"],
        "PGDATABASE": named["NAME"],
    }


@contextmanager
def _working_on(url: str) -> Iterator[None]:
    kept = {part: connection.settings_dict[part] for part in PARTS}
    named = env.db_url_config(url)
    connection.close()
    connection.settings_dict.update({part: named.get(part, kept[part]) for part in PARTS})
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(kept)

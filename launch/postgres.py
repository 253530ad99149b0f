"""Starts the embedded PostgreSQL: Unix sockets only, passwords for everybody, two roles.

`carenet_owner` owns the database and migrates it, and may create databases for the tests.
`carenet_app` is what the service runs as; the migrations grant it what it needs.
"""

import os
import signal
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote, urlencode

import psycopg
from psycopg import sql

from launch.credentials import Credentials
from launch.output import LaunchError
from launch.paths import Run, owned_folder, short_enough
from launch.pg_cluster import ENVIRONMENT, SUPERUSER, Binaries, binaries, fresh_cluster
from launch.processes import Child, Service, wait_for
from launch.supervisor import Supervisor

DATABASE = "carenet"
OWNER = "carenet_owner"
APP = "carenet_app"
SOCKET_NAME = ".s.PGSQL.5432"
START_SECONDS = 60.0
PREDECESSOR_SECONDS = 10.0

ALWAYS = (
    "listen_addresses=",
    "unix_socket_permissions=0700",
    "max_connections=300",
    "timezone=UTC",
    "log_timezone=UTC",
    # Neither a statement, nor its values, nor what an error quotes of a row: they are of people. Errors
    # reach whoever asked. The same seven as in docker-compose.yml.
    "log_min_messages=log",
    "log_min_error_statement=panic",
    "log_error_verbosity=terse",
    "log_statement=none",
    "log_min_duration_statement=-1",
    "log_parameter_max_length=0",
    "log_parameter_max_length_on_error=0",
)
# A test's data may be lost with the machine's power; it is made anew each time.
WITHOUT_DURABILITY = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


@dataclass(frozen=True)
class Database:
    """A running server: the two addresses that the service is given."""

    app_url: str
    owner_url: str


def start_postgres(
    supervisor: Supervisor,
    run: Run,
    secrets: Credentials,
    *,
    durable: bool,
    clock: Mapping[str, str] | None = None,
) -> Database:
    """Start the cluster of a run, making it first if it is not there, and wait until it answers."""
    programs = binaries()
    sockets = owned_folder(run.sockets / "postgres", programs.account)
    short_enough(sockets / f"{SOCKET_NAME}.lock")
    if not run.data.exists():
        fresh_cluster(run.data, programs, secrets)
    _wait_for_predecessor(run.data)
    settings = ALWAYS if durable else ALWAYS + WITHOUT_DURABILITY
    service = _service(run, sockets, programs, settings)
    child = supervisor.start(replace(service, environment={**ENVIRONMENT, **(clock or {})}))
    _wait_until_ready(supervisor, child, sockets, programs)
    _ensure_roles(sockets, secrets)
    return Database(
        app_url=database_url(APP, secrets.app_password, sockets),
        owner_url=database_url(OWNER, secrets.owner_password, sockets),
    )


def _service(run: Run, sockets: Path, programs: Binaries, settings: tuple[str, ...]) -> Service:
    options = [f"--{setting}" for setting in (*settings, f"unix_socket_directories={sockets}")]
    return Service(
        name="PostgreSQL",
        argv=(programs.program("postgres"), "-D", str(run.data), *options),
        environment=ENVIRONMENT,
        log=run.logs / "postgres.log",
        folder=run.data.parent,
        account=programs.account,
        # INT: clients are disconnected and everything is written. QUIT: at once, and the next
        # start replays the log; it also frees the shared memory, which KILL would not.
        stop_signal=signal.SIGINT,
        orphan_signal=signal.SIGQUIT,
        patience=60.0,
        kept=True,
    )


def _wait_for_predecessor(data: Path) -> None:
    """After a killed launcher, its server may need a moment to end."""
    pid_file = data / "postmaster.pid"

    def gone() -> bool:
        try:
            pid = int(pid_file.read_text(encoding="utf-8").split("\n", 1)[0])
            os.kill(pid, 0)
        except (FileNotFoundError, ValueError, ProcessLookupError, PermissionError):
            return True
        return False

    wait_for(gone, PREDECESSOR_SECONDS)


def _wait_until_ready(
    supervisor: Supervisor, child: Child, sockets: Path, programs: Binaries
) -> None:
    def answers() -> bool:
        probe = (programs.program("pg_isready"), "-q", "-t", "1", "-h", str(sockets))
        return subprocess.run(probe, env=ENVIRONMENT, check=False).returncode == 0

    if not supervisor.wait_until(answers, START_SECONDS):
        raise LaunchError(
            "PostgreSQL が時間内に応答しませんでした。",
            "PostgreSQL did not answer in time.",
            child.service.log,
        )


def _ensure_roles(sockets: Path, secrets: Credentials) -> None:
    """Create what is missing of the two roles and the database; harmless to repeat."""
    with psycopg.connect(
        host=str(sockets),
        port=5432,
        user=SUPERUSER,
        password=secrets.superuser_password,
        dbname="postgres",
        autocommit=True,
    ) as connection:
        _ensure_role(connection, OWNER, secrets.owner_password, "CREATEDB")
        _ensure_role(connection, APP, secrets.app_password, "NOCREATEDB")
        ensure_database(connection)


def ensure_database(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    """Create the service's database if it is not there; it takes a superuser."""
    found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
    if found.fetchone() is not None:
        return
    names = {
        "database": sql.Identifier(DATABASE),
        "owner": sql.Identifier(OWNER),
        "app": sql.Identifier(APP),
    }
    # The same three as in docker/postgres-init.sh.
    for statement in (
        "CREATE DATABASE {database} OWNER {owner}",
        "REVOKE ALL ON DATABASE {database} FROM PUBLIC",
        "GRANT CONNECT ON DATABASE {database} TO {app}",
    ):
        connection.execute(sql.SQL(statement).format(**names))


def _ensure_role(
    connection: psycopg.Connection[tuple[object, ...]], role: str, password: str, right: str
) -> None:
    found = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
    if found.fetchone() is None:
        statement = sql.SQL("CREATE ROLE {role} LOGIN " + right + " PASSWORD {password}")
        connection.execute(
            statement.format(role=sql.Identifier(role), password=sql.Literal(password))
        )


def database_url(role: str, password: str, sockets: Path, database: str = DATABASE) -> str:
    # The host stands in the query: libpq and django-environ both read it there.
    query = urlencode({"host": str(sockets)}, safe="/")
    return f"postgresql://{role}:{quote(password, safe='')}@/{database}?{query}"

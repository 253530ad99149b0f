"""The embedded database, really started."""

import importlib.util
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest

from launch.credentials import credentials
from launch.demo_state import fingerprint, is_prepared, note_prepared
from launch.environment import NAMES, Servers, check_postgres, check_redis, servers_for_tests
from launch.paths import PROJECT
from launch.pg_cluster import PACKAGE, SUPERUSER, binaries

Connection = psycopg.Connection[tuple[object, ...]]
pytestmark = pytest.mark.skipif(
    importlib.util.find_spec(PACKAGE) is None, reason="the servers are given, none is installed"
)


@contextmanager
def embedded_servers() -> Iterator[Servers]:
    with pytest.MonkeyPatch.context() as patch:
        for name in NAMES:
            patch.delenv(name, raising=False)
        with servers_for_tests() as started:
            yield started


@pytest.fixture(scope="module")
def servers() -> Iterator[Servers]:
    with embedded_servers() as started:
        yield started


@pytest.fixture
def spare_servers() -> Iterator[Servers]:
    """Servers that a test may leave in any state."""
    with embedded_servers() as started:
        yield started


def test_servers_of_our_own_pass_the_check_for_given_ones(servers: Servers) -> None:
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL"):
        check_postgres(name, servers.environment[name])
    check_redis(servers.environment["REDIS_URL"])


def test_trigrams_of_japanese_are_compared(servers: Servers) -> None:
    """With a plain C locale the similarity is 0, and nothing says so."""
    with psycopg.connect(servers.environment["DATABASE_OWNER_URL"]) as owner:
        owner.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        row = owner.execute("SELECT similarity('山田太郎', '山田次郎')").fetchone()

    assert row == (0.25,)


def test_the_app_cannot_create_tables_or_databases(servers: Servers) -> None:
    with psycopg.connect(servers.environment["DATABASE_URL"], autocommit=True) as app:
        for statement in ("CREATE TABLE mine (id int)", "CREATE DATABASE mine"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                app.execute(statement)


def test_without_a_password_nobody_gets_in(servers: Servers) -> None:
    url = servers.environment["DATABASE_URL"].replace(credentials().app_password, "wrong")

    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url)


def test_a_database_remembers_the_code_it_was_prepared_for(servers: Servers) -> None:
    url = servers.environment["DATABASE_OWNER_URL"]
    assert not is_prepared(url, "carenet it's this")

    note_prepared(url, "carenet it's this")

    assert is_prepared(url, "carenet it's this")
    assert not is_prepared(url, "carenet something else")


def test_changed_code_has_another_fingerprint(tmp_path: Path) -> None:
    (tmp_path / "carenet").mkdir()
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements" / "demo.txt").touch()
    before = fingerprint(tmp_path)
    (tmp_path / "carenet" / "new.py").touch()

    assert fingerprint(tmp_path) != before
    assert fingerprint(PROJECT) == fingerprint(PROJECT)


def test_production_gets_the_same_roles_from_its_own_script(spare_servers: Servers) -> None:
    url = spare_servers.environment["DATABASE_URL"]
    sockets = parse_qs(urlsplit(url).query)["host"][0]
    make_room(sockets)
    run_init_script(sockets)

    create_table = "CREATE TABLE mine (id int)"
    with connect(sockets, "carenet_owner", "o", "carenet") as owner:
        owner.execute(create_table)
    refused = pytest.raises(psycopg.errors.InsufficientPrivilege)
    with connect(sockets, "carenet_app", "a", "carenet") as app, refused:
        app.execute(create_table)


def connect(sockets: str, user: str, password: str, database: str) -> Connection:
    return psycopg.connect(
        host=sockets, user=user, password=password, dbname=database, autocommit=True
    )


def make_room(sockets: str) -> None:
    """Move what the launcher made out of the way of the script."""
    with connect(sockets, SUPERUSER, credentials().superuser_password, "postgres") as superuser:
        superuser.execute("ALTER DATABASE carenet RENAME TO before")
        superuser.execute("ALTER ROLE carenet_owner RENAME TO owner_before")
        superuser.execute("ALTER ROLE carenet_app RENAME TO app_before")


def run_init_script(sockets: str) -> None:
    programs = str(Path(binaries().program("psql")).parent)
    environment = {
        "PATH": f"{programs}:{os.defpath}",
        "PGHOST": sockets,
        "PGPASSWORD": credentials().superuser_password,
        "POSTGRES_USER": SUPERUSER,
        "OWNER_PASSWORD": "o",
        "APP_PASSWORD": "a",
    }
    script = str(PROJECT / "docker" / "postgres-init.sh")
    subprocess.run(("sh", script), env=environment, check=True, capture_output=True)

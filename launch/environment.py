"""Which servers are used: those that the environment names, or embedded ones of our own."""

import os
import secrets as random
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

import psycopg
import redis

from launch.credentials import credentials
from launch.output import LaunchError, say
from launch.paths import Run, data_root, forget, locked, logs_folder, prepare_run, private_folder
from launch.pg_cluster import binaries, cluster_tag
from launch.postgres import start_postgres
from launch.supervisor import Supervisor
from launch.valkey import start_valkey

NAMES = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL")
OLDEST_POSTGRES = 17
CONNECT_SECONDS = 5


@dataclass(frozen=True)
class Servers:
    """Running servers: who watches them, and the environment that leads to them."""

    supervisor: Supervisor
    environment: Mapping[str, str]
    # Ours to do with as we like, unlike a server that somebody lent us.
    embedded: bool
    # Where embedded ones keep data and sockets; None for those that stay.
    run: Run | None = None


def given_servers(environment: Mapping[str, str]) -> dict[str, str] | None:
    """Return the three URLs if all are set, None if none is; some of them is a mistake."""
    found = {name: environment[name] for name in NAMES if environment.get(name)}
    if not found:
        return None
    missing = [name for name in NAMES if name not in found]
    if missing:
        raise LaunchError(
            f"{'、'.join(missing)} が設定されていません。三つすべてを設定するか、"
            "一つも設定しないでください。",
            f"{', '.join(missing)} not set. Set all of {', '.join(NAMES)}, or none.",
        )
    return found


@contextmanager
def servers_for_demo() -> Iterator[Servers]:
    """Servers for the demo: given ones, or embedded ones that keep their data.

    At most one process of a clone may be inside; the caller holds the demo's lock.
    """
    with Supervisor() as supervisor:
        given = _given_and_fit()
        urls = given or _start(supervisor, _demo_run(), durable=True)
        yield Servers(supervisor, environment_for(urls), embedded=given is None)


@contextmanager
def servers_for_tests() -> Iterator[Servers]:
    """Servers for tests: given ones, or embedded ones, empty and short-lived.

    Each caller gets its own, so any number of them and the demo can run at once.
    """
    urls = _given_and_fit()
    if urls is None:
        with own_servers() as servers:
            yield servers
        return
    with Supervisor() as supervisor:
        yield Servers(supervisor, environment_for(urls), embedded=False)


@contextmanager
def own_servers(
    clock: Mapping[str, str] | None = None, *, durable: bool = False
) -> Iterator[Servers]:
    """Embedded servers, empty and short-lived, whatever the environment names: they may be broken.

    Durable ones keep what they have committed when they are killed. `clock` is added to their
    environment (`launch.faketime`).
    """
    with _test_run() as run, Supervisor() as supervisor:
        urls = _start(supervisor, run, durable=durable, clock=clock)
        yield Servers(supervisor, environment_for(urls), embedded=True, run=run)


def environment_for(urls: Mapping[str, str]) -> dict[str, str]:
    """Our own environment, leading to these servers and to no others.

    libpq's PG* variables are left out, because they would redirect connections.
    """
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    app_role = unquote(urlsplit(urls["DATABASE_URL"]).username or "")
    return {**inherited, **urls, "DATABASE_APP_ROLE": app_role}


def _start(
    supervisor: Supervisor, run: Run, *, durable: bool, clock: Mapping[str, str] | None = None
) -> dict[str, str]:
    say("PostgreSQL と Valkey を起動しています", "starting PostgreSQL and Valkey")
    database = start_postgres(supervisor, run, credentials(), durable=durable, clock=clock)
    return {
        "DATABASE_URL": database.app_url,
        "DATABASE_OWNER_URL": database.owner_url,
        "REDIS_URL": start_valkey(supervisor, run, clock=clock),
    }


def _demo_run() -> Run:
    """Name the demo's data with a tag; what the present passwords do not open is forgotten."""
    root = data_root()
    data = root / f"demo-{cluster_tag(binaries(), credentials())}"
    for outdated in root.glob("demo-*"):
        if outdated != data:
            forget(outdated)
    return prepare_run("demo", data)


@contextmanager
def _test_run() -> Iterator[Run]:
    """Provide a run with a name of its own, locked while it lasts and forgotten afterwards."""
    name = f"test-{random.token_hex(4)}"
    folder = private_folder()
    with ExitStack() as stack:
        # Nobody may take our lock for a dead run's between its making and its locking.
        with locked(folder / "tests.lock"):
            _forget_dead_runs()
            stack.enter_context(locked(folder / f"{name}.lock"))
        stack.callback(_forget_run, name)
        yield prepare_run(name, data_root() / name)


def _forget_dead_runs() -> None:
    """Remove what killed launchers left: runs whose lock nobody holds any more."""
    for lock in private_folder().glob("test-*.lock"):
        with locked(lock, wait=False) as free:
            if free:
                _forget_run(lock.stem)


def _forget_run(name: str) -> None:
    forget(data_root() / name)
    forget(logs_folder() / name)
    forget(private_folder() / name)
    forget(private_folder() / f"{name}.lock")


def _given_and_fit() -> dict[str, str] | None:
    """Return the given servers after a look that they answer and are new enough."""
    urls = given_servers(os.environ)
    if urls is None:
        return None
    say("指定されたサーバーを確認しています", "checking the given servers")
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL"):
        check_postgres(name, urls[name])
    check_redis(urls["REDIS_URL"])
    return urls


def check_postgres(name: str, url: str) -> None:
    """Refuse a database that does not answer or is too old; never repeats the URL's password."""
    try:
        with psycopg.connect(url, connect_timeout=CONNECT_SECONDS) as connection:
            version = connection.info.server_version // 10000
    except psycopg.Error as error:
        raise LaunchError(
            f"{name} のデータベースに接続できません。",
            f"Cannot connect to the database of {name}: {error}",
        ) from None
    if version < OLDEST_POSTGRES:
        raise LaunchError(
            f"{name} は PostgreSQL {version} です。{OLDEST_POSTGRES} 以上が必要です。",
            f"{name} is PostgreSQL {version}; {OLDEST_POSTGRES} or newer is needed.",
        )


def check_redis(url: str) -> None:
    """Refuse a Redis that does not answer."""
    try:
        with redis.Redis.from_url(url, socket_connect_timeout=CONNECT_SECONDS) as client:
            client.ping()
    except (redis.RedisError, ValueError, OSError) as error:
        raise LaunchError(
            "REDIS_URL のサーバーに接続できません。",
            f"Cannot connect to the server of REDIS_URL: {error}",
        ) from None

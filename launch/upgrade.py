"""Migrates a database of the last release to this one while systems write: `python -m launch.upgrade`.

The last release is the newest tag whose migrations are some of today's, but not all; without such a tag
the newest commit of which that is true; or `FROM=REVISION`.
It serves on while `manage.py migrate` of this release runs, and a little longer: no request may fail,
neither during the migration nor on the new schema, and something must have been recorded. In the end an
empty database is migrated, and its schema must be the same.
"""

import os
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from difflib import unified_diff
from io import BytesIO
from pathlib import Path, PurePath
from urllib.parse import urlsplit

import psycopg

from launch.backup import schema
from launch.environment import Servers, own_servers
from launch.installation import BOOT
from launch.migrate import MIGRATE_SECONDS, migrate
from launch.output import LaunchError, run_as_program, say
from launch.paths import PROJECT, logs_folder
from launch.processes import Service
from launch.readiness import HOST
from launch.supervisor import StopRequested
from launch.writers import CREATED, OK, Writers, api_client, free_port, well

READY_SECONDS = 120.0
INSTALL_SECONDS = 900.0
MIGRATIONS = "carenet/*/migrations/[0-9]*.py"
#: What a release needs, and how it installs that for itself.
PACKAGES = Path("requirements", "dev.txt")
INSTALL = "from launch.installation import install; install('dev')"
#: The database that is migrated from nothing.
EMPTY = "carenet_empty"
#: How long the last release is asked on the old schema before, and on the new one after.
BESIDE_SECONDS = 5.0


def main() -> int:
    """Return 1 if a request failed, or none was made."""
    given = dict(each.partition("=")[::2] for each in sys.argv[1:])
    try:
        writers = upgrade(given.get("FROM", ""))
    except StopRequested as request:
        return 128 + request.number
    print(f"answers: {dict(sorted(writers.answers.items()))}")
    print(outcome(writers))
    return 0 if went_well(writers) else 1


def upgrade(revision: str = "") -> Writers:
    """Migrate a database of a release while it serves; return what those who wrote were told."""
    with tempfile.TemporaryDirectory() as folder, own_servers() as servers:
        revision = revision or last_release()
        say(f"以前の版: {revision}", "the last release")
        return _upgrade(servers, _tree(revision, Path(folder)))


def failed_in(writers: Writers) -> int:
    """Return how many requests of an upgrade did not do what they asked for."""
    return sum(count for status, count in writers.answers.items() if status not in (OK, CREATED))


def outcome(writers: Writers) -> str:
    """Return in one line how those who wrote during an upgrade fared."""
    counts = (
        f"recorded: {len(writers.told)}  failed: {failed_in(writers)}  undone: {writers.undone}"
    )
    return f"{counts}  slowest: {writers.slowest:.2f} s"


def went_well(writers: Writers) -> bool:
    """Whether something was recorded, and every request did what it asked for."""
    return bool(writers.told) and not failed_in(writers) and not writers.undone


def _upgrade(servers: Servers, old: Path) -> Writers:
    environment = {
        **servers.environment,
        # Without the pool of connections that earlier releases had.
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        "SECRET_KEY": "x" * 60,
    }
    logs, supervisor, port = logs_folder(), servers.supervisor, free_port()
    python = _python_of(old, servers)
    say("以前の版のデータベースを作っています", "making its database")
    owner = {**environment, "DATABASE_URL": environment["DATABASE_OWNER_URL"]}
    argv = (python, "manage.py", "migrate", "--no-input")
    step = Service("migrate", argv, owner, logs / "upgrade-old.log", old)
    supervisor.run_step(step, seconds=MIGRATE_SECONDS)
    client = api_client(environment, old, python)
    supervisor.start(_old_web(python, environment, old, port))
    if not supervisor.wait_until(lambda: well(port), READY_SECONDS):
        raise LaunchError(
            "準備できませんでした。", "It did not get ready.", logs / "upgrade-web.log"
        )
    writers = Writers(port, *client)
    with writers.at_work():
        supervisor.wait_until(lambda: False, BESIDE_SECONDS)
        say("データベースを移行しています", "migrating the database")
        migrate(servers, environment, logs / "upgrade-new.log")
        supervisor.wait_until(lambda: False, BESIDE_SECONDS)
    _demand_same_schema(servers, environment)
    return writers


def _demand_same_schema(servers: Servers, environment: Mapping[str, str]) -> None:
    """Raise `LaunchError` when a database that was empty is not like the one that was upgraded."""
    say("空のデータベースと比べています", "comparing it with an empty one that is migrated")
    upgraded = environment["DATABASE_OWNER_URL"]
    address = urlsplit(upgraded)
    with psycopg.connect(upgraded, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {EMPTY}")
    # urlunsplit would drop the empty host of "postgresql://user:word@/name?host=/folder".
    empty = f"{address.scheme}://{address.netloc}/{EMPTY}?{address.query}"
    log = logs_folder() / "upgrade-empty.log"
    migrate(servers, {**environment, "DATABASE_OWNER_URL": empty}, log)
    if differing := list(unified_diff(schema(upgraded), schema(empty), "upgraded", "empty")):
        log.write_text("\n".join(differing), encoding="utf-8")
        raise LaunchError(
            "アップグレードしたデータベースの構造が、空から作ったものと違います。",
            "The schema of an upgraded database differs from that of an empty one.",
            log,
        )


def _python_of(old: Path, servers: Servers) -> str:
    """Return a Python with the packages of the old release: this one where they are the same."""
    if (old / PACKAGES).read_bytes() == (PROJECT / PACKAGES).read_bytes():
        return sys.executable
    say("以前の版のパッケージをインストールしています", "installing its packages")
    argv = (sys.executable, "-c", INSTALL)
    ours = {**os.environ, "PATH": os.pathsep.join((str(BOOT / "bin"), os.environ["PATH"]))}  # uv
    step = Service("packages", argv, ours, logs_folder() / "upgrade-packages.log", old)
    servers.supervisor.run_step(step, seconds=INSTALL_SECONDS)
    return str(old / ".venv" / "bin" / "python")


def _old_web(python: str, environment: Mapping[str, str], old: Path, port: int) -> Service:
    argv = (python, "-m", "waitress", f"--listen={HOST}:{port}", "config.wsgi:application")
    return Service("web", argv, environment, logs_folder() / "upgrade-web.log", old)


def _tree(revision: str, folder: Path) -> Path:
    """Unpack the files of a revision."""
    packed = _git("archive", "--format=tar", revision)
    with tarfile.open(fileobj=BytesIO(packed)) as archive:
        archive.extractall(folder, filter="data")
    return folder


def last_release(project: Path = PROJECT) -> str:
    """Return from which revision there is something to migrate; raises `LaunchError` without one.

    A release with a migration that is gone today is none: what it has done nobody takes back.
    """
    today = {str(path.relative_to(project)) for path in project.glob(MIGRATIONS)}
    for revision in _candidates(project):
        names = _git("ls-tree", "-r", "--name-only", revision, folder=project).decode().split("\n")
        before = {name for name in names if PurePath(name).match(MIGRATIONS)}
        if before and before < today:
            return revision
    raise LaunchError(
        "移行する前の版が見つかりません。FROM=REVISION で指定してください。",
        "No revision before this one has fewer migrations. Name one with FROM=REVISION.",
    )


def _candidates(project: Path) -> Iterator[str]:
    """Yield the tags, the newest first; then what stood before each commit that changed migrations."""
    yield from _git("tag", "--sort=-creatordate", "--merged", folder=project).decode().split()
    yield "HEAD"
    changed = ("log", "--format=%P", "--", f":(glob){MIGRATIONS}")
    for parents in _git(*changed, folder=project).decode().splitlines():
        yield from parents.split()[:1]


def _git(*arguments: str, folder: Path = PROJECT) -> bytes:
    done = subprocess.run(("git", *arguments), cwd=folder, capture_output=True, check=False)
    if done.returncode:
        raise LaunchError("git を実行できません。", f"git: {done.stderr.decode()}")
    return done.stdout


if __name__ == "__main__":
    run_as_program(main)

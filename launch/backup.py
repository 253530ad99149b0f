"""Saves the demo and brings it back: `python -m launch.backup save FOLDER` or `… restore FOLDER`.

The database by `pg_dump` and `pg_restore`, as its superuser, whom no rule hides anything from; the
attached files besides. A restored database sends nothing until somebody lets it: docs/operations.md.
"""

import os
import subprocess
import sys
import tarfile
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg
from psycopg import sql

from launch.credentials import credentials
from launch.demo_checks import only_demo
from launch.environment import given_servers, servers_for_demo
from launch.manage import servers_of_the_demo
from launch.output import LaunchError, run_as_program, say
from launch.paths import STATE, forget
from launch.pg_cluster import ENVIRONMENT, SUPERUSER, binaries
from launch.postgres import DATABASE, database_url, ensure_database
from launch.supervisor import StopRequested

FILES = STATE / "attachments"
DUMP, TAR = "carenet.dump", "attachments.tar"
PRIVATE = 0o700


def superuser_url(url: str, database: str = DATABASE) -> str:
    """Return the address of an embedded server's database for its superuser, given any other one."""
    sockets = Path(parse_qs(urlsplit(url).query)["host"][0])
    return database_url(SUPERUSER, credentials().superuser_password, sockets, database)


def dump(url: str, target: Path) -> None:
    """Save a database; raises `LaunchError` with what pg_dump says."""
    _run("pg_dump", "--format=custom", "--file", str(target), "--dbname", url)


def schema(url: str) -> list[str]:
    """Return the lines of SQL that make a database's tables, triggers and rights."""
    lines = _run("pg_dump", "--schema-only", "--dbname", url).splitlines()
    # Those guard a dump that is restored, by a word made anew each time.
    return [each for each in lines if not each.startswith(("\\restrict", "\\unrestrict"))]


def restore(url: str, source: Path) -> None:
    """Bring a database back into an empty one; raises `LaunchError` with what pg_restore says."""
    _run("pg_restore", "--exit-on-error", "--dbname", url, str(source))


def _run(name: str, *arguments: str) -> str:
    argv = (binaries().program(name), *arguments)
    ended = subprocess.run(argv, env=ENVIRONMENT, capture_output=True, text=True, check=False)
    if ended.returncode:
        raise LaunchError(f"{name} に失敗しました。", f"{name} failed: {ended.stderr.strip()}")
    return ended.stdout


def _save(folder: Path) -> None:
    url = servers_of_the_demo()["DATABASE_URL"]
    try:
        folder.mkdir(mode=PRIVATE, parents=True)
    except FileExistsError:
        raise LaunchError(
            f"{folder} は既にあります。", f"{folder} is there already. Name a new folder."
        ) from None
    # The database first: a file without a row does no harm.
    dump(superuser_url(url), folder / DUMP)
    with tarfile.open(folder / TAR, "w") as tar:
        if FILES.exists():
            tar.add(FILES, arcname=".")
    say(f"{folder} に保存しました", f"saved in {folder}; it holds personal data: encrypt it")


def _restore(folder: Path) -> None:
    if not (folder / DUMP).is_file():
        raise LaunchError(
            f"{folder} にバックアップがありません。",
            f"{folder} holds no {DUMP}: no backup of ours.",
        )
    with only_demo(), servers_for_demo() as servers:
        url = servers.environment["DATABASE_URL"]
        with psycopg.connect(superuser_url(url, "postgres"), autocommit=True) as connection:
            name = sql.Identifier(DATABASE)
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))
            ensure_database(connection)
        restore(superuser_url(url), folder / DUMP)
    forget(FILES)
    with tarfile.open(folder / TAR) as tar:
        tar.extractall(FILES, filter="data")
    say(
        "復元しました。送信は停止しています: run.py demo のあと run.py manage sending",
        "restored. Nothing is sent: run.py demo, then run.py manage sending",
    )


def main() -> int:
    """Refuse servers that somebody lent: their superuser is not ours."""
    match sys.argv[1:]:
        case ["save" | "restore" as what, folder] if not given_servers(os.environ):
            try:
                (_save if what == "save" else _restore)(Path(folder).absolute())
            except StopRequested as request:
                return 128 + request.number
            return 0
        case ["save" | "restore", _]:
            raise LaunchError(
                "外部の PostgreSQL には使えません。docs/operations.md をご覧ください。",
                "Not for servers of others: docs/operations.md tells how.",
            )
    raise LaunchError("フォルダーを一つ指定してください。", "Name one folder.")


if __name__ == "__main__":
    run_as_program(main)

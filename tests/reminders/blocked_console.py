"""A console that is not read: whoever writes to it waits in the middle of the call."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def a_full_pipe(path: Path) -> Iterator[int]:
    """Keep every writer waiting in the middle of its call."""
    os.mkfifo(path)
    pipe = os.open(path, os.O_RDWR | os.O_NONBLOCK)
    try:
        fill(pipe)
        yield pipe
    finally:
        os.close(pipe)


def fill(pipe: int) -> None:
    with suppress(BlockingIOError):
        while True:
            os.write(pipe, b" ")


def drain(pipe: int) -> bytes:
    """Return what writers have put in, without the filling."""
    found = b""
    with suppress(BlockingIOError):
        while chunk := os.read(pipe, 65_536):
            found += chunk
    return found.strip()

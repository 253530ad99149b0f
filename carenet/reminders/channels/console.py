"""A line per message, for whoever watches: it stands in for channels that take no key."""

from __future__ import annotations

import json
import os
import select
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from time import monotonic

from django.conf import settings

from carenet.agencies.models import Agency, User
from carenet.reminders.channels.base import Unreachable, timeout
from carenet.reminders.models import Delivery


class Console:
    """One line of ids and codes per message, to a file, a pipe or the standard output."""

    name = "console"
    keyed = False
    rings = True
    gives_up_after = 8

    @property
    def timeout(self) -> float:
        return timeout()

    def is_on(self) -> bool:
        return bool(settings.REMINDER_CONSOLE)

    def reaches(self, user: User, agency: Agency, *, at_once: bool) -> bool:
        return True

    def send(self, delivery: Delivery) -> None:
        [error] = self.send_together([delivery])
        if error:
            raise error

    def send_together(self, deliveries: Sequence[Delivery]) -> Sequence[Exception | None]:
        """Write as many lines at a time as go out whole or not at all."""
        ended: list[Exception | None] = []
        deadline = monotonic() + self.timeout
        with _opened(settings.REMINDER_CONSOLE) as handle:
            for lines in _portions(map(line_of, deliveries)):
                error = _write(handle, lines, deadline)
                ended += [error] * len(lines)
        return ended


@contextmanager
def _opened(path: str) -> Iterator[int]:
    """Open without waiting: a pipe that nobody reads must not hold the sender."""
    try:
        if path == "-":
            handle = os.dup(1)
        else:
            flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NONBLOCK | os.O_CLOEXEC
            handle = os.open(path, flags, 0o600)
    except OSError as error:
        raise Unreachable("cannot_open") from error
    try:
        yield handle
    finally:
        os.close(handle)


def _portions(lines: Iterable[bytes]) -> Iterator[list[bytes]]:
    portion: list[bytes] = []
    for line in lines:
        if portion and sum(map(len, portion)) + len(line) > select.PIPE_BUF:
            yield portion
            portion = []
        portion.append(line)
    if portion:
        yield portion


def _write(handle: int, lines: Sequence[bytes], deadline: float) -> Exception | None:
    """Return what kept these lines from going out whole; after the deadline it waits for nobody."""
    writable, content = select.poll(), b"".join(lines)
    writable.register(handle, select.POLLOUT)
    if not writable.poll(max(deadline - monotonic(), 0) * 1000):
        return Unreachable("nobody_reads")
    try:
        written = os.write(handle, content)
    except OSError as error:
        return error
    return None if written == len(content) else BrokenPipeError("a part went out")


def line_of(delivery: Delivery) -> bytes:
    """Return the line of a message: below PIPE_BUF, so that it is written whole or not at all."""
    told = {
        "kind": delivery.reminder.kind,
        "subject": delivery.reminder.subject_code,
        "step": delivery.step,
        "reminder": str(delivery.reminder_id),
        "agency": str(delivery.agency_id),
        "user": str(delivery.recipient_id),
    }
    return json.dumps(told).encode() + b"\n"

"""A line per message, for whoever watches: it stands in for channels that take no key."""

from __future__ import annotations

import json
import os
import select
from collections.abc import Iterator
from contextlib import contextmanager

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
        with _opened(settings.REMINDER_CONSOLE) as handle:
            writable = select.poll()
            writable.register(handle, select.POLLOUT)
            if not writable.poll(self.timeout * 1000):
                raise Unreachable("nobody_reads")
            os.write(handle, line_of(delivery))


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

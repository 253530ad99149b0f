"""How a message reaches somebody.

`inbox` takes an idempotency key: however often it is tried, one entry arrives. `console` does not:
what broke off in mid-call may have gone out. Each channel bounds its own time, well below the lease
of whoever sends; the engine knows nothing else of them.
"""

from __future__ import annotations

import json
import os
import select
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from django.conf import settings
from django.db import connection, transaction

from carenet.reminders.models import InboxEntry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from carenet.reminders.models import Delivery

#: The share of its lease that a send may take at most.
SHARE_OF_LEASE = 1 / 3


class ChannelError(Exception):
    """Nothing went out; `code` is kept with the delivery."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Refused(ChannelError):
    """It will be the same at every try."""


class Unreachable(ChannelError):
    """Later it may work."""


class Channel(Protocol):
    """A way to tell somebody.

    `keyed`: the same key is delivered once. `rings`: waits for the agency's open days.
    `gives_up_after`: tries until a visible `failed`; None: never.
    """

    @property
    def name(self) -> str: ...
    @property
    def keyed(self) -> bool: ...
    @property
    def rings(self) -> bool: ...
    @property
    def gives_up_after(self) -> int | None: ...
    @property
    def timeout(self) -> float:
        """Return after how many seconds a send ends, whatever happens."""

    def is_on(self) -> bool:
        """Whether this installation has it."""

    def send(self, delivery: Delivery) -> None:
        """Send, outside any transaction.

        Raises `Refused` or `Unreachable` when nothing went out; any other exception leaves it open.
        """


class Inbox:
    """The inbox in the application: never held back, never given up."""

    name = "inbox"
    keyed = True
    rings = False
    gives_up_after = None

    @property
    def timeout(self) -> float:
        return _timeout()

    def is_on(self) -> bool:
        return True

    def send(self, delivery: Delivery) -> None:
        with transaction.atomic():
            with connection.cursor() as cursor:
                limit = f"{self.timeout * 1000:.0f}ms"
                cursor.execute("SELECT set_config('statement_timeout', %s, true)", [limit])
            entry = InboxEntry(
                dedupe_key=delivery.dedupe_key,
                user=delivery.recipient,
                agency=delivery.agency,
                reminder=delivery.reminder,
                delivery=delivery,
            )
            # ON CONFLICT DO NOTHING: a second try, or a sender that was only slow, adds nothing.
            InboxEntry.objects.bulk_create([entry], ignore_conflicts=True)


class Console:
    """One line of ids and codes per message, to a file, a pipe or the standard output."""

    name = "console"
    keyed = False
    rings = True
    gives_up_after = 8

    @property
    def timeout(self) -> float:
        return _timeout()

    def is_on(self) -> bool:
        return bool(settings.REMINDER_CONSOLE)

    def send(self, delivery: Delivery) -> None:
        with _opened(settings.REMINDER_CONSOLE) as handle:
            writable = select.poll()
            writable.register(handle, select.POLLOUT)
            if not writable.poll(self.timeout * 1000):
                raise Unreachable("nobody_reads")
            os.write(handle, _line(delivery))


def _timeout() -> float:
    return float(settings.REMINDER_LEASE_SECONDS) * SHARE_OF_LEASE


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


def _line(delivery: Delivery) -> bytes:
    """Below PIPE_BUF, so that it is written whole or not at all."""
    told = {
        "kind": delivery.reminder.kind,
        "subject": delivery.reminder.subject_code,
        "step": delivery.step,
        "reminder": str(delivery.reminder_id),
        "agency": str(delivery.agency_id),
        "user": str(delivery.recipient_id),
    }
    return json.dumps(told).encode() + b"\n"


CHANNELS: dict[str, Channel] = {channel.name: channel for channel in (Inbox(), Console())}
INBOX = "inbox"

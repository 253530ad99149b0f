"""What every channel is, and how a send can end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from django.conf import settings

from carenet.agencies.models import Agency, User
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

    `keyed`: the same key is delivered once. `rings`: waits for the agency's open days and the end
    of its quiet hours. `gives_up_after`: tries until a visible `failed`; None: never.
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

    def reaches(self, user: User, agency: Agency, *, at_once: bool) -> bool:
        """Whether this person is to be told through it for this agency.

        `at_once`: it cannot wait for a digest, or is one.
        """

    def send(self, delivery: Delivery) -> None:
        """Send, outside any transaction.

        Raises `Refused` or `Unreachable` when nothing went out; any other exception leaves it open.
        """


@runtime_checkable
class SendsTogether(Channel, Protocol):
    """A channel that takes many messages at once, within the time of one.

    A kill on the way leaves all of them open: without a key, only where that is soon known.
    """

    def send_together(self, deliveries: Sequence[Delivery]) -> Sequence[Exception | None]:
        """Send as `send` does; return what it would have raised for each, None where it went out.

        Raises what holds for all of them; of a keyed channel each is then sent again by itself.
        """


def timeout() -> float:
    """Return how many seconds a send may take."""
    return float(settings.REMINDER_LEASE_SECONDS) * SHARE_OF_LEASE

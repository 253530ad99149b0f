"""How a message reaches somebody.

`inbox` takes an idempotency key: however often it is tried, one entry arrives. `console` and
`email` do not: what broke off in mid-call may have gone out. Each channel bounds its own time,
well below the lease of whoever sends; the engine knows nothing else of them.
"""

from __future__ import annotations

from carenet.reminders.channels.base import Channel, Refused, SendsTogether, Unreachable
from carenet.reminders.channels.console import Console
from carenet.reminders.channels.email import Mail
from carenet.reminders.channels.inbox import Inbox

CHANNELS: dict[str, Channel] = {channel.name: channel for channel in (Inbox(), Console(), Mail())}
INBOX = "inbox"
EMAIL = "email"

__all__ = ["CHANNELS", "EMAIL", "INBOX", "Channel", "Refused", "SendsTogether", "Unreachable"]

"""One conversation with the mail server, step by step, so that it is known how far it came.

Up to the go-ahead for the content (354) nothing can have gone out. From the content's first byte
on, only the server's own answer says what became of it: without one, nobody knows.
"""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from time import monotonic

from django.conf import settings

from carenet.reminders.channels.base import Refused, Unreachable

#: A server has several addresses, of which some may not answer.
SHARE_FOR_CONNECTING = 1 / 2
GO_AHEAD = 354
TAKEN = 250
#: The recipient is known here, elsewhere, or cannot be verified: it is taken in each case.
RECIPIENT_TAKEN = {250, 251, 252}
REFUSALS = range(500, 600)
DEFERRALS = range(400, 500)


def send_message(message: EmailMessage, recipient: str, seconds: float) -> None:
    """Give a mail to the server of the settings, within so many seconds.

    Raises `Refused` when the server refuses this mail (5xx), `Unreachable` when it was not taken
    now (4xx, no server, no time left, not let in); anything else means that nobody knows.
    """
    content = message.as_bytes()
    deadline = monotonic() + seconds
    with _conversation(deadline) as smtp:
        with _nothing_went_out("broke_off"):
            _in_time(smtp, deadline)
            _judge(smtp.mail(_bare(str(message["From"]))), {TAKEN})
            _in_time(smtp, deadline)
            _judge(smtp.rcpt(recipient), RECIPIENT_TAKEN)
            _in_time(smtp, deadline)
            _judge(smtp.docmd("DATA"), {GO_AHEAD})
            _in_time(smtp, deadline)
        smtp.send(content + b".\r\n")
        code, answer = smtp.getreply()
        if code not in {TAKEN, *DEFERRALS, *REFUSALS}:
            # Without its words, which may repeat the recipient's address into the log.
            raise smtplib.SMTPResponseException(code, "neither taken nor refused")
        _judge((code, answer), {TAKEN})
        # What is taken stays taken, however the farewell goes.
        with suppress(OSError):
            _in_time(smtp, deadline)
            smtp.quit()


@contextmanager
def _conversation(deadline: float) -> Iterator[smtplib.SMTP]:
    """Connect, encrypt, sign in: whatever fails in here is between us and the server."""
    with _nothing_went_out("no_server"):
        smtp = _connected(deadline)
    try:
        with _nothing_went_out("not_let_in"):
            _in_time(smtp, deadline)
            if settings.EMAIL_USE_TLS:
                smtp.starttls(context=ssl.create_default_context())
                _in_time(smtp, deadline)
            smtp.ehlo_or_helo_if_needed()
            if settings.EMAIL_HOST_USER:
                _in_time(smtp, deadline)
                smtp.login(settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD)
        yield smtp
    finally:
        smtp.close()


def _connected(deadline: float) -> smtplib.SMTP:
    # Our own name is given: looking it up can take longer than the whole conversation may.
    host, port, name = settings.EMAIL_HOST, settings.EMAIL_PORT, _bare(settings.EMAIL_FROM)
    local, seconds = name.rpartition("@")[2], (deadline - monotonic()) * SHARE_FOR_CONNECTING
    if settings.EMAIL_USE_SSL:
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(host, port, local, timeout=seconds, context=context)
    return smtplib.SMTP(host, port, local, timeout=seconds)


@contextmanager
def _nothing_went_out(code: str) -> Iterator[None]:
    """An error of the line or of the conversation in here means: try again later."""
    try:
        yield
    except OSError as error:  # smtplib's own errors are OSErrors, too
        raise Unreachable(f"smtp_{code}") from error


def _in_time(smtp: smtplib.SMTP, deadline: float) -> None:
    """Let the next step take what is left of the time; raises `TimeoutError` when nothing is."""
    left = deadline - monotonic()
    if left <= 0 or smtp.sock is None:
        raise TimeoutError
    smtp.sock.settimeout(left)


def _judge(answer: tuple[int, bytes], wanted: set[int]) -> None:
    code = answer[0]
    if code in wanted:
        return
    if code in REFUSALS:
        raise Refused(f"smtp_{code}")
    raise Unreachable(f"smtp_{code}")


def _bare(address: str) -> str:
    """Return the address alone of "Name <name@example.jp>"."""
    return address.rpartition("<")[2].rstrip(">").strip()

"""A real SMTP server on the loopback that answers as a test tells it to."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

LONGER_THAN_ANY_TEST = 600.0
HOST = "127.0.0.1"


@dataclass
class PostOffice:
    """`at_rcpt` and `at_data` are its answers; `hangs` and `hangs_up` come before the latter."""

    port: int
    at_mail: str = "250 OK"
    at_rcpt: str = "250 OK"
    at_data: str = "250 OK"
    hangs: bool = False
    hangs_up: bool = False
    contents: list[bytes] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"smtp://{HOST}:{self.port}"

    @property
    def letters(self) -> list[EmailMessage]:
        return [message_from_bytes(each, policy=policy.default) for each in self.contents]

    async def handle_MAIL(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        return self.at_mail

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if self.at_rcpt.startswith("2"):
            envelope.rcpt_tos.append(address)
        return self.at_rcpt

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.contents.append(envelope.content)
        if self.hangs:
            await asyncio.sleep(LONGER_THAN_ANY_TEST)
        if self.hangs_up:
            server.transport.abort()
        return self.at_data


@contextmanager
def a_post_office(password: str = "") -> Iterator[PostOffice]:
    """With a password it serves only those who sign in with it, whatever their name."""
    office = PostOffice(a_free_port())

    def knows(_server: Any, _session: Any, _envelope: Any, _how: str, given: Any) -> AuthResult:
        return AuthResult(success=given.password == password.encode())

    controller = Controller(
        office,
        hostname=HOST,
        port=office.port,
        authenticator=knows if password else None,
        auth_required=bool(password),
        auth_require_tls=False,
    )
    controller.start()
    try:
        yield office
    finally:
        controller.stop()


@contextmanager
def a_mute_server() -> Iterator[int]:
    """Listen, take calls, and never say a word."""
    with socket.create_server((HOST, 0)) as listening:
        yield listening.getsockname()[1]


def a_free_port() -> int:
    with socket.create_server((HOST, 0)) as found:
        port: int = found.getsockname()[1]
        return port

"""What a request costs: the processor time of Python and of the database apart, and its statements."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from django.db import connection
from django.http import HttpRequest
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings

from benchmarks.stock import STOCK_MIDDLEWARE, STOCK_SESSIONS
from carenet.agencies.actors import Actor
from carenet.agencies.models import User

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
#: Not questions: the beginning and the end of a transaction, and what it is told.
_BESIDE = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK", "SET ")
_MS = 1_000_000


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one request, in milliseconds of processor time."""

    python: float
    database: float

    @property
    def both(self) -> float:
        return self.python + self.database


Call = Callable[[], Any]


def in_turn(calls: Mapping[str, Call], rounds: int) -> dict[str, Cost]:
    """Return the median cost of each call, all called one after the other in each round.

    Each is called once before: caches, plans and imports are those of a service that runs.
    """
    for call in calls.values():
        call()
    gc.collect()
    gc.freeze()  # as the web server does
    found: dict[str, list[Cost]] = {name: [] for name in calls}
    for _ in range(rounds):
        for name, call in calls.items():
            found[name].append(cost_of(call))
    return {name: _median(costs) for name, costs in found.items()}


def cost_of(call: Call) -> Cost:
    """Return what a call costs this process, and the backend of its connection."""
    connection.ensure_connection()
    backend = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
    before, start = _spent(backend), time.process_time_ns()
    call()
    return Cost((time.process_time_ns() - start) / _MS, (_spent(backend) - before) / _MS)


def _spent(backend: Path) -> int:
    """Return how many nanoseconds of a processor a backend of the database has had (proc(5))."""
    return int(backend.read_text().split()[0])


def _median(costs: list[Cost]) -> Cost:
    return Cost(median(each.python for each in costs), median(each.database for each in costs))


def statements(call: Call) -> int:
    """Return how many statements a call sends, savepoints and settings left out."""
    with CaptureQueriesContext(connection) as sent:
        call()
    return sum(not each["sql"].startswith(_BESIDE) for each in sent.captured_queries)


def user_of(actor: Actor) -> User:
    """Return the person who acts; raises `TypeError` for a system, which has no browser."""
    if actor.user is None:
        raise TypeError(actor)
    return actor.user


def signed_in(user: User) -> Client:
    """Return a browser in which somebody has signed in with password and second factor."""
    client = Client(headers={"X-Forwarded-Proto": "https"})
    client.force_login(user, backend=BACKEND)
    request = HttpRequest()
    request.session = client.session
    record_authentication(request, user, "mfa", type="totp")
    request.session.save()
    return client


def stock_client(user: User) -> Client:
    """Return a browser of the same person before a Django with its own middleware and sessions."""
    client = Client(headers={"X-Forwarded-Proto": "https"})
    with override_settings(MIDDLEWARE=STOCK_MIDDLEWARE, SESSION_ENGINE=STOCK_SESSIONS):
        client.handler.load_middleware()
        client.force_login(user, backend=BACKEND)
    return client


def get(client: Client, address: str) -> Call:
    """Return a call that reads an address, and fails on anything but an answer."""

    def call() -> Any:
        answer = client.get(address)
        if answer.status_code != 200:  # noqa: PLR2004
            raise RuntimeError(f"{address} answered {answer.status_code}: {answer.content[:300]!r}")
        return answer

    return call

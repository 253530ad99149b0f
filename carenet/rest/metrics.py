"""Figures for Prometheus: how long requests take, and the door behind which all figures are told.

No label says anything of a person, and none has values without end: a route's name stands for an
address. The web processes write into files of their own, of which another process reads the sum.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterable
from ipaddress import ip_address
from pathlib import Path
from time import perf_counter
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Info, Warning  # noqa: A004 - Django's own names
from django.core.exceptions import MiddlewareNotUsed
from django.db import connection
from django.http import HttpRequest, HttpResponse
from prometheus_client import CollectorRegistry, Histogram, make_wsgi_app, values
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

logger = logging.getLogger(__name__)
#: A page is to be there within 150 ms; one that takes a second names its statements in the log.
BUCKETS = (0.05, 0.15, 0.5, 1.0, 5.0)
METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE"})
#: Bytes that each process is given beforehand. Where it has to grow on a full disk, it would be ended.
ROOM = 4 * 1024 * 1024
NOT_ALLOWED = 405

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
#: What else is told, as the rooms say in `hooks.register()`.
collectors: list[Collector] = []


class _Written:
    """The times of this process's requests, as soon as they are kept, and which file is its own."""

    times: Histogram | None = None
    number = -1


class RequestTimes:
    """Middleware, outermost: times each request by its route, method and class of status."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if not settings.METRICS_PORT:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        begin = perf_counter()
        response = self.get_response(request)
        if _Written.times is not None:
            took = perf_counter() - begin
            try:
                _Written.times.labels(*labels_of(request, response.status_code)).observe(took)
            except OSError:
                logger.exception("A request was not timed.")
        return response


def labels_of(request: HttpRequest, status: int) -> tuple[str, str, str]:
    """Return route, method and class of status; whoever asks at random makes no new ones."""
    match = request.resolver_match
    if match is not None:
        route = match.view_name
    else:
        route = "static" if request.path.startswith(settings.STATIC_URL) else "none"
    known = request.method in METHODS and status != NOT_ALLOWED
    return route, str(request.method) if known else "other", f"{status // 100}xx"


def keep_in(folder: Path, writers: int) -> None:
    """Time requests from now on, in files of this folder: before `writers` processes part."""
    for number in range(writers):
        (folder / f"histogram_{number}.db").write_bytes(bytes(ROOM))
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)
    values.ValueClass = values.MultiProcessValue(lambda: _Written.number)
    _Written.times = Histogram(
        "carenet_request_seconds",
        "Seconds from a request to its answer, without the wait for a thread",
        ("route", "method", "status"),
        buckets=BUCKETS,
        registry=None,
    )


def write_as(number: int) -> None:
    """Say which file is this process's; the one before it that had the number has ended."""
    _Written.number = number


def application(folder: Path) -> Application:
    """Return what answers a scrape: the times of all processes, and whatever the collectors tell."""
    registry = CollectorRegistry()
    MultiProcessCollector(registry, path=str(folder))
    for each in collectors:
        registry.register(each)
    tell: Application = make_wsgi_app(registry)

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        try:
            return tell(environ, start_response)
        finally:
            connection.close()

    return answer


def check_address(**_of_django: Any) -> list[CheckMessage]:
    """Tell whoever deploys that the figures may be read from far away: `check --deploy`."""
    if not settings.METRICS_PORT:
        return []
    try:
        address = ip_address(settings.METRICS_HOST)
    except ValueError:
        return []  # a name: nobody knows here where it leads
    if address.is_global:
        told = (
            f"METRICS_HOST: {address} は公開アドレスです。127.0.0.1 か内部のアドレスにしてください。"
            f" / {address} is public: take 127.0.0.1 or an address within."
        )
        return [Warning(told, id="carenet.W001")]
    if address.is_unspecified:
        told = (
            f"METRICS_HOST: {address} はすべてのネットワークで待ち受けます。"
            "ポートを外に公開しないでください。"
            f" / {address} listens in every network: do not publish the port."
        )
        return [Info(told, id="carenet.I001")]
    return []

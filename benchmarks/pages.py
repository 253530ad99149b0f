"""(d) How long the server takes for each page on the demo's data, how often it asks the database, what a page weighs."""

from __future__ import annotations

import re
import time
from contextlib import contextmanager
from statistics import quantiles
from typing import TYPE_CHECKING, Any

from django.contrib.staticfiles import finders
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benchmarks.neighbourhood import analyze
from carenet.agencies.areas.models import Area
from carenet.agencies.models import User
from carenet.demo.loading import load
from carenet.demo.starting import begin_the_day
from carenet.referrals.models import Referral
from carenet.watchover.models import WatchAssignment

if TYPE_CHECKING:
    from collections.abc import Iterator

TARGET_MS, TARGET_QUERIES, TARGET_KB = 150.0, 10, 200.0
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
#: What a page of no data costs, with the same layout: the others are told as multiples of it.
BARE = "/account/password/"
DESK, REVIEW, POCKET = "mamedo-staff", "hiyoshi-coordinator", "hiyoshi-minsei"
#: Lists and pages; `{case}` and its like stand for what the demo has.
PAGES: tuple[tuple[str, str], ...] = (
    (DESK, "/desk/"),
    (DESK, "/desk/referrals/"),
    (DESK, "/desk/referrals/{referral}/"),
    (DESK, "/desk/cases/"),
    (DESK, "/desk/cases/{case}/"),
    (DESK, "/desk/cases/{case}/pack/"),
    (DESK, "/desk/consultations/new/"),
    (REVIEW, "/review/"),
    (REVIEW, "/review/single-points/"),
    (REVIEW, "/review/load/"),
    (REVIEW, "/review/signals/"),
    (REVIEW, "/review/watches/"),
    (REVIEW, "/review/watches/{watch}/"),
    (REVIEW, "/review/coverage/"),
    (REVIEW, "/review/network/?area={area}"),
    (REVIEW, "/review/handovers/"),
    (POCKET, "/pocket/"),
    (POCKET, "/pocket/report/"),
)
_LINKED = re.compile(r'(?:href|src)="/static/([^"?]+)')
#: Not questions: the start and the end of a transaction.
_BESIDE = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE SAVEPOINT")


def measure(times: int) -> dict[str, Any]:
    """Return for each page p95 in ms, queries, and kB when nothing is cached."""
    with _a_database_of_its_own():
        load(lambda _line: None)
        begin_the_day()
        analyze()
        found = dict(_each_page(times))
    bare = found.pop(BARE)
    slowest = max(found, key=lambda path: found[path][0])
    heaviest = max(found, key=lambda path: found[path][2])
    most = max(found, key=lambda path: found[path][1])
    return {
        **{path: _told(*figures, bare[0]) for path, figures in found.items()},
        "bare page": _told(*bare, bare[0]),
        "slowest": slowest,
        "target": f"p95 <= {TARGET_MS:.0f} ms, <= {TARGET_QUERIES} queries, <= {TARGET_KB:.0f} kB",
        "met": found[slowest][0] <= TARGET_MS
        and found[most][1] <= TARGET_QUERIES
        and found[heaviest][2] <= TARGET_KB,
    }


@contextmanager
def _a_database_of_its_own() -> Iterator[None]:
    """Work in a copy of the empty database: the other measurements must not meet the demo's people."""
    empty = connection.settings_dict["NAME"]
    copy = f"{empty}_pages"
    connection.close()
    with connection._nodb_cursor() as cursor:  # noqa: SLF001 - what Django makes test databases with
        cursor.execute(f"DROP DATABASE IF EXISTS {connection.ops.quote_name(copy)}")
        cursor.execute(
            f"CREATE DATABASE {connection.ops.quote_name(copy)} "
            f"TEMPLATE {connection.ops.quote_name(empty)}"
        )
    connection.settings_dict["NAME"] = copy
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = empty


def _told(milliseconds: float, queries: int, kilobytes: float, bare: float) -> str:
    return (
        f"{milliseconds:6.1f} ms ({milliseconds / bare:.1f}x), "
        f"{queries:2d} queries, {kilobytes:5.1f} kB"
    )


def _each_page(times: int) -> Iterator[tuple[str, tuple[float, int, float]]]:
    ids = _of_the_demo()
    clients = {name: _signed_in(name) for name in (DESK, REVIEW, POCKET)}
    for who, path in ((DESK, BARE), *PAGES):
        yield path, _one_page(clients[who], path.format(**ids), times)


def _one_page(client: Client, path: str, times: int) -> tuple[float, int, float]:
    answer = client.get(path)
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answered {answer.status_code}")
    with CaptureQueriesContext(connection) as asked:
        client.get(path)
    queries = sum(not each["sql"].startswith(_BESIDE) for each in asked.captured_queries)
    took = []
    for _ in range(times):
        start = time.perf_counter()
        client.get(path)
        took.append((time.perf_counter() - start) * 1000)
    return quantiles(took, n=20)[-1], queries, _weight(answer.content) / 1000


def _weight(page: bytes) -> int:
    """Return the bytes of the page and of the files of our own that it names, none compressed."""
    files = map(finders.find, set(_LINKED.findall(page.decode())))
    return len(page) + sum(len(open(file, "rb").read()) for file in files if file)  # noqa: PTH123, SIM115


def _signed_in(name: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(username=name), backend=BACKEND)
    return client


def _of_the_demo() -> dict[str, object]:
    desk = User.objects.get(username=DESK).memberships.get().agency
    review = User.objects.get(username=REVIEW).memberships.get().agency
    referral = Referral.objects.filter(sender=desk)[0]
    watches = WatchAssignment.objects.filter(responsible_agency=review, status="active")
    return {
        "case": referral.case_id,
        "referral": referral.pk,
        "watch": watches[0].pk,
        "area": Area.objects.filter(name__startswith="日吉")[0].pk,
    }

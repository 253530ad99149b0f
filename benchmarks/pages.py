"""(d) What each page costs its server on the demo's data, in time and queries, and what it weighs."""

from __future__ import annotations

import gc
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from statistics import quantiles
from typing import Any

from django.contrib.staticfiles import finders
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benchmarks.neighbourhood import analyze
from carenet.agencies.models import User
from carenet.areas.models import Area
from carenet.audit.actions import AuditContext, audit_context
from carenet.cases.models import Consultation
from carenet.demo.loader import load
from carenet.demo.startup import begin_the_day
from carenet.referrals.models import Referral
from carenet.watchover.models import WatchAssignment

MOST_MS, MOST_QUERIES, MOST_BYTES = 150, 10, 200_000
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
#: What a page of no data costs, with the same layout: the others are told as multiples of it.
BARE = "/account/password/"
DESK, REVIEW, POCKET = "mamedo-staff", "hiyoshi-coordinator", "hiyoshi-minsei"
#: Lists, and pages of one thing: `{case}` and its like stand for what the demo has.
PAGES: tuple[tuple[str, str], ...] = (
    (DESK, "/desk/"),
    (DESK, "/desk/consultations/?show=all"),
    (DESK, "/desk/consultations/{consultation}/"),
    (DESK, "/desk/people/"),
    (DESK, "/desk/people/{person}/"),
    (DESK, "/desk/referrals/"),
    (DESK, "/desk/referrals/pool/"),
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
    (REVIEW, "/review/referrals/"),
    (REVIEW, "/review/referrals/funnel/"),
    (REVIEW, "/review/lists/"),
    (REVIEW, "/review/coverage/"),
    (REVIEW, "/review/network/?area={area}"),
    (REVIEW, "/review/handovers/"),
    (POCKET, "/pocket/"),
    (POCKET, "/pocket/alerts/"),
    (POCKET, "/pocket/report/"),
)
_LINKED = re.compile(r'(?:href|src)="/static/([^"?]+)')
#: Not questions: the start and the end of a transaction.
_BESIDE = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE SAVEPOINT")


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one page: p95 of the server's time, questions to the database, bytes when nothing is cached."""

    milliseconds: float
    queries: int
    weight: int

    def told(self, bare: Cost) -> str:
        times = self.milliseconds / bare.milliseconds
        return (
            f"{self.milliseconds:6.1f} ms ({times:.1f}x), {self.queries:2d} queries, "
            f"{self.weight / 1000:5.1f} kB"
        )


def measure(times: int) -> dict[str, Any]:
    """Return what each page costs, beside a page of no data, and whether all hold the targets."""
    with _a_database_of_its_own():
        with audit_context(AuditContext(in_turn=True)):
            load(lambda _line: None)
            begin_the_day()
        analyze()
        # A server has not loaded the demo itself: its collector would not look through all of that.
        gc.collect()
        gc.freeze()
        found = {path: cost(client, at, times) for client, path, at in _visits()}
    bare = found.pop(BARE)
    lists = [each.queries for path, each in found.items() if "{" not in path]
    return {
        **{path: each.told(bare) for path, each in found.items()},
        "(a page of no data)": bare.told(bare),
        "target": f"p95 <= {MOST_MS} ms, <= {MOST_QUERIES} queries a list, <= {MOST_BYTES} bytes",
        "met": all(
            each.milliseconds <= MOST_MS and each.weight <= MOST_BYTES for each in found.values()
        )
        and max(lists) <= MOST_QUERIES,
    }


def cost(client: Client, address: str, times: int) -> Cost:
    """Return what a page costs its server, after one look that warms it up."""
    answer = client.get(address)
    if answer.status_code != HTTPStatus.OK:
        raise RuntimeError(f"{address} answered {answer.status_code}")
    with CaptureQueriesContext(connection) as asked:
        client.get(address)
    queries = sum(not each["sql"].startswith(_BESIDE) for each in asked.captured_queries)
    took = []
    for _ in range(times):
        start = time.perf_counter()
        client.get(address)
        took.append((time.perf_counter() - start) * 1000)
    return Cost(quantiles(took, n=20)[-1], queries, _weight(answer.content))


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


def _visits() -> Iterator[tuple[Client, str, str]]:
    ids = _of_the_demo()
    clients = {name: _signed_in(name) for name in (DESK, REVIEW, POCKET)}
    for who, path in ((DESK, BARE), *PAGES):
        yield clients[who], path, path.format(**ids)


def _weight(page: bytes) -> int:
    """Return the bytes of the page and of the files of our own that it names, none compressed."""
    files = map(finders.find, set(_LINKED.findall(page.decode())))
    return len(page) + sum(Path(file).stat().st_size for file in files if file)


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
        "person": referral.resident_id,
        "consultation": Consultation.objects.filter(agency=desk)[0].pk,
        "watch": watches[0].pk,
        "area": Area.objects.filter(name__startswith="日吉")[0].pk,
    }

"""(d) What each page costs its server on the demo's data, in time and queries, and what it weighs."""

from __future__ import annotations

import gc
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from statistics import quantiles

from django.contrib.staticfiles import finders
from django.test import Client

from benchmarks.cost import signed_in, statements
from benchmarks.database import database_copy
from benchmarks.figures import Figure
from benchmarks.neighbourhood import analyze
from carenet.agencies.models import User
from carenet.areas.models import Area
from carenet.audit.actions import AuditContext, audit_context
from carenet.cases.models import Consultation
from carenet.demo.loader import load
from carenet.demo.startup import begin_the_day
from carenet.referrals.models import Referral
from carenet.watchover.models import WatchAssignment

#: On the data of the demo; a page cold, with the files of our own that it names, without fonts.
MOST_MS, MOST_QUERIES, MOST_BYTES = 100, 10, 150_000
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
    (DESK, "/desk/tasks/?whose=agency"),
    (DESK, "/desk/cases/{case}/"),
    (DESK, "/desk/cases/{case}/pack/"),
    (DESK, "/desk/consultations/new/"),
    (DESK, "/desk/referrals/?box=outbox"),
    (DESK, "/desk/referrals/{referral}/sheet/"),
    (DESK, "/desk/cases/{case}/story/"),
    (DESK, "/desk/cases/{case}/notes/"),
    (DESK, "/desk/cases/{case}/plans/"),
    (DESK, "/desk/cases/{case}/plans/new/"),
    (DESK, "/desk/cases/{case}/assessments/new/"),
    (DESK, "/desk/cases/{case}/referral/"),
    (DESK, "/desk/cases/{case}/close/"),
    (DESK, "/desk/people/{person}/record/"),
    (DESK, "/desk/people/{person}/contacts/"),
    (DESK, "/desk/people/{person}/consents/"),
    (DESK, "/desk/people/{person}/household/"),
    (DESK, "/desk/people/{person}/picture/"),
    (DESK, "/desk/people/{person}/story/"),
    (DESK, "/desk/people/{person}/facts/"),
    (DESK, "/desk/answer/"),
    (DESK, "/desk/help/"),
    (DESK, "/desk/devices/"),
    (DESK, "/desk/work/"),
    (DESK, "/account/"),
    (REVIEW, "/desk/concerns/"),
    (REVIEW, "/review/terms/"),
    (REVIEW, "/review/weekly-mail/"),
    (REVIEW, "/review/watches/{watch}/people/"),
    (REVIEW, "/review/watches/{watch}/rhythm/"),
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
    (POCKET, "/pocket/absence/"),
    (POCKET, "/pocket/concern/"),
)
_LINKED = re.compile(r'(?:href|src)="/static/([^"?]+)')


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one page: p95 of the server's time, questions to the database, bytes when nothing is cached."""

    milliseconds: float
    queries: int
    weight: int


def measure(times: int) -> Iterator[Figure]:
    """Yield what each page costs, beside a page of no data."""
    with database_copy("pages"):
        with audit_context(AuditContext(in_turn=True)):
            load(lambda _line: None)
            begin_the_day()
        analyze()
        # A server has not loaded the demo itself: its collector would not look through all of that.
        gc.collect()
        gc.freeze()
        found = {path: cost(client, at, times) for client, path, at in _visits()}
    bare = found.pop(BARE)
    for path, each in found.items():
        base = f"{each.milliseconds / bare.milliseconds:.1f}x a page of no data"
        yield Figure(f"{path}: p95 ms", each.milliseconds, MOST_MS, base=base)
        if "{" not in path:
            yield Figure(f"{path}: statements", each.queries, MOST_QUERIES, base=base)
        yield Figure(f"{path}: kB", each.weight / 1000, MOST_BYTES / 1000, base=base)


def cost(client: Client, address: str, times: int) -> Cost:
    """Return what a page costs its server, after one look that warms it up."""
    answer = client.get(address)
    if answer.status_code != HTTPStatus.OK:
        raise RuntimeError(f"{address} answered {answer.status_code}")
    queries = statements(lambda: client.get(address))
    took = []
    for _ in range(times):
        start = time.perf_counter()
        client.get(address)
        took.append((time.perf_counter() - start) * 1000)
    return Cost(quantiles(took, n=20)[-1], queries, _weight(answer.content))


def _visits() -> Iterator[tuple[Client, str, str]]:
    ids = _of_the_demo()
    clients = {name: signed_in(User.objects.get(username=name)) for name in (DESK, REVIEW, POCKET)}
    for who, path in ((DESK, BARE), *PAGES):
        yield clients[who], path, path.format(**ids)


def _weight(page: bytes) -> int:
    """Return the bytes of the page and of the files of our own that it names, none compressed."""
    files = map(finders.find, set(_LINKED.findall(page.decode())))
    return len(page) + sum(Path(file).stat().st_size for file in files if file)


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

"""What pages and answers cost that are opened all day, and the pages of the ward's coordinator."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.cost import Call, Cost, get, in_turn, signed_in, statements, stock_client, user_of
from benchmarks.figures import Figure
from benchmarks.neighbourhood import look_back, watched_by
from benchmarks.stock import PLAIN
from benchmarks.ward import Ward
from carenet.cases.models import Case
from carenet.cases.states import OPEN

MOST_PYTHON_MS, MOST_DATABASE_MS, MOST_STATEMENTS, MOST_REVIEW_MS = 20.0, 10.0, 12, 60.0
DAILY = {
    "referral inbox (API)": "/api/v1/referrals/?box=inbox",
    "one case (API)": "/api/v1/cases/{case}/",
    "handover pack (API)": "/api/v1/cases/{case}/handover/",
    "one person (API)": "/api/v1/residents/{person}/",
    "Today": "/desk/",
    "cases": "/desk/cases/",
    "referrals": "/desk/referrals/",
    "case": "/desk/cases/{case}/",
    "handover pack": "/desk/cases/{case}/pack/",
    "person": "/desk/people/{person}/",
}
REVIEW = (
    "/review/", "/review/signals/", "/review/watches/", "/review/load/", "/review/single-points/",
    "/review/referrals/", "/review/referrals/funnel/", "/review/coverage/", "/review/handovers/",
)  # fmt: skip


#: How many people the ward watches over, and since when they were looked in on every week.
WATCHES, WEEKS = 5_000, 8


def measure(ward: Ward, rounds: int) -> Iterator[Figure]:
    """Yield what each costs in milliseconds of processor time, beside Django's plain view."""
    watched_by(ward.leads[-1].agency).watch_over(min(WATCHES, ward.size // 2))
    look_back(WEEKS)
    calls = _calls(ward)
    plain = get(stock_client(user_of(ward.office)), PLAIN)
    found = in_turn({"plain": plain, **calls}, rounds)
    plain_ms = found.pop("plain").python
    for name, cost in found.items():
        base = f"{statements(calls[name])} statements, plain view {plain_ms:.1f} ms"
        yield from _review(name, cost, base) if name in REVIEW else _daily(name, cost, base)


def _daily(name: str, cost: Cost, base: str) -> Iterator[Figure]:
    yield Figure(f"{name}: Python ms", cost.python, MOST_PYTHON_MS, base=base)
    yield Figure(f"{name}: database ms", cost.database, MOST_DATABASE_MS, base=base)
    yield Figure(
        f"{name}: statements", float(base.split(maxsplit=1)[0]), MOST_STATEMENTS, base=base
    )


def _review(name: str, cost: Cost, base: str) -> Iterator[Figure]:
    told = f"Python {cost.python:.1f} ms, {base}"
    yield Figure(f"{name}: ms", cost.both, MOST_REVIEW_MS, base=told)


def _calls(ward: Ward) -> dict[str, Call]:
    core, office = signed_in(user_of(ward.core)), signed_in(user_of(ward.office))
    opened = Case.objects.filter(referrals__receiver=ward.core.agency_id, status__in=sorted(OPEN))
    case = opened.order_by("pk")[0]
    ids = {"case": case.pk, "person": case.resident_id}
    return {
        **{name: get(core, address.format(**ids)) for name, address in DAILY.items()},
        **{address: get(office, address) for address in REVIEW},
    }

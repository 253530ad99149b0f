"""The term ends: plans that watches go to those who come after, and what becomes of them."""

from __future__ import annotations

from datetime import date
from typing import Any

from carenet.agencies.actors import Actor
from carenet.watchover.actions import handover_execution, handover_plan
from carenet.watchover.models import WatchAssignment, WatchHandover
from carenet.watchover.selectors.handover import lines_of
from tests.watchover.watches import Neighbourhood, a_watch, at

PLANS, BRIEFING = "/api/v1/watch-handovers/", "/api/v1/watch-briefing/"
#: The last day of everybody's term here, and the one on which others begin.
LAST, FIRST = date(2026, 11, 30), date(2026, 12, 1)
MIDNIGHT = at(1, "00:00", month=12)


def by_law(who: Neighbourhood, **fields: Any) -> WatchAssignment:
    """One that rests on consent is of old: no consent was asked for when it began."""
    basis = fields.pop("sharing_basis", "WITHIN_PURPOSE")
    given: dict[str, Any] = {"sharing_basis": "WITHIN_PURPOSE", "term_until": LAST}
    watch = a_watch(who, **(given | fields))
    WatchAssignment.objects.filter(pk=watch.pk).update(sharing_basis=basis)
    return WatchAssignment.objects.get(pk=watch.pk)


def pair(outgoing: Actor, successor: Actor | None) -> dict[str, Any]:
    given: dict[str, Any] = {"outgoing": outgoing.user, "outgoing_agency": outgoing.agency}
    if successor:
        given |= {"successor": successor.user, "successor_agency": successor.agency}
    return given


def a_plan(who: Neighbourhood, successor: Actor | None, **fields: Any) -> WatchHandover:
    given: dict[str, Any] = {"effective_on": FIRST, "pairs": [pair(who.watcher, successor)]}
    return handover_plan.plan(actor=who.desk, **(given | fields))


def scheduled(who: Neighbourhood, successor: Actor | None, **fields: Any) -> WatchHandover:
    made = a_plan(who, successor, **fields)
    return handover_plan.schedule(actor=who.desk, handover_id=made.pk)


def carried_out(who: Neighbourhood, successor: Actor | None, **fields: Any) -> WatchHandover:
    made = a_plan(who, successor, **({"effective_on": None} | fields))
    return handover_execution.carry_out(actor=who.desk, handover_id=made.pk)


def obstacle(plan: WatchHandover) -> str:
    (line,) = lines_of(plan)
    return str(line.obstacle)


def remarks(plan: WatchHandover) -> list[str]:
    (line,) = lines_of(plan)
    return [str(each) for each in line.remarks]


def now(watch: WatchAssignment) -> WatchAssignment:
    return WatchAssignment.objects.get(pk=watch.pk)

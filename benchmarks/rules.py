"""(e) What it costs Python to ask whether somebody is seen: by the compiled rule, and anew."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from statistics import median
from time import process_time
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import QuerySet

from benchmarks.figures import Figure
from carenet.access.compiled_rules import CompiledRule
from carenet.accounts.actions.accounts import create_account
from carenet.agencies.actions import create_agency
from carenet.agencies.actors import Actor
from carenet.agencies.models import AgencyKind
from carenet.agencies.roles import Role
from carenet.cases.policy import SEEN as SEEN_CASES
from carenet.residents.policy.resident import SEEN as SEEN_RESIDENTS

MOST_RATIO = 0.5
NOBODY = UUID(int=0)


def measure(times: int) -> Iterator[Figure]:
    """Yield what one question by each rule costs Python, compiled / built anew, both ways in turn."""
    with transaction.atomic():
        actor = _somebody()
        found = {
            rule.model._meta.verbose_name_raw: _both_ways(rule, actor, times)
            for rule in (SEEN_CASES, SEEN_RESIDENTS)
        }
        transaction.set_rollback(True)
    for name, (compiled, anew) in found.items():
        base = f"{compiled:.2f} ms, anew {anew:.2f} ms"
        yield Figure(
            f"is this {name} seen: compiled / built anew", compiled / anew, MOST_RATIO, base=base
        )


def _somebody() -> Actor:
    agency = create_agency(actor=None, kind=AgencyKind.CARE_PLAZA, name="計測")
    user = create_account(username="rules", name="計測", password=uuid4().hex)
    return Actor(agency=agency, roles=frozenset({Role.STAFF}), user=user)


def _both_ways(rule: CompiledRule, actor: Actor, times: int) -> tuple[float, float]:
    """Return the medians of asking by the compiled rule and by the rule itself, in turn."""
    ways: list[tuple[Callable[[Actor], Any], list[float]]] = [(rule, []), (rule.rule, [])]
    for _ in range(times + 1):  # the first time compiles
        for condition, costs in ways:
            start = process_time()
            QuerySet(rule.model).filter(condition(actor), pk=NOBODY).exists()
            costs.append((process_time() - start) * 1000)
    compiled, anew = (median(costs[1:]) for _, costs in ways)
    return compiled, anew

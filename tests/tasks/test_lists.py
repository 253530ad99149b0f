"""Lists of tasks cost the same at 10 rows and at 200, and each is read along one index."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from carenet.agencies.actors import Actor
from carenet.cases.models import Case
from carenet.core import clock
from carenet.tasks.models import Task
from carenet.tasks.selectors import Wanted, Whose, query_of
from tests.factories import a_case, api
from tests.tasks.calls import TASKS, a_task

#: What a list is asked for by, and the index that carries it.
LISTS: dict[str, tuple[dict[str, Any], str]] = {
    "agency": ({"whose": Whose.AGENCY}, "task_of_agency"),
    # Where one person has everything, that of the agency will do.
    "mine": ({"whose": Whose.MINE}, "task_of_"),
    "given": ({"whose": Whose.GIVEN}, "task_given_by"),
    "case": ({"whose": None, "case": True}, "task_of_case"),
}


def fill(worker: Actor, case: Case, number: int) -> None:
    Task.objects.bulk_create(
        Task(
            case=case, what="電話", due_on=clock.today() + timedelta(days=each % 90),
            agency=worker.agency, person=worker.user, **worker.attribution,
        )
        for each in range(number)
    )  # fmt: skip


def test_ten_cost_as_many_statements_as_two_hundred(worker: Actor, case: Case) -> None:
    client = api(worker)

    def cost(number: int) -> int:
        fill(worker, case, number - Task.objects.count())
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(TASKS, {"limit": 200})
        assert len(answer.json()["results"]) == number
        return len(captured)

    assert cost(10) == cost(200)


def told(tasks: Iterable[Any]) -> list[tuple[Any, ...]]:
    return [(each.pk, each.source_seen) for each in tasks]


@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize("name", LISTS)
def test_what_is_put_together_once_finds_what_is_found_anew(
    worker: Actor, helper: Actor, shared: Case, name: str, *, backwards: bool
) -> None:
    fill(worker, shared, 8)
    restricted = a_case(worker, confidentiality="restricted")
    fill(worker, restricted, 4)
    a_task(worker, shared, agency=helper.agency)
    given = LISTS[name][0]
    some = Task.objects.filter(case=shared).order_by("due_on", "pk")[4]
    day, of_case = some.due_on, shared.pk
    for case, before, after in (
        (None, None, None), (of_case, day, None), (None, None, some), (of_case, day, some),
    ):  # fmt: skip
        wanted = Wanted(**(given | {"case": case, "due_before": before}))
        key = (after.due_on, after.pk) if after else None
        query, values = query_of(wanted, after=key, backwards=backwards)
        for actor in (worker, helper):
            anew = query.build(actor, **values)
            assert told(query(actor, **values)) == told(anew)


@pytest.mark.parametrize("name", LISTS)
def test_each_is_read_along_its_index(worker: Actor, case: Case, name: str) -> None:
    fill(worker, case, 200)
    given, index = LISTS[name]
    wanted = Wanted(**(given | ({"case": case.pk} if "case" in given else {})))
    found, values = query_of(wanted)
    asked = found.sql(worker, **values)
    assert asked
    with connection.cursor() as cursor:
        # There are few rows: what is asked here is whether the index gives the order at all.
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
        cursor.execute(f"EXPLAIN {asked[0]} LIMIT 10", asked[1])
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert index in plan
    assert "Sort" not in plan

"""Small requests about tasks, for tests."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from carenet.agencies.actors import Actor
from carenet.cases.models import Case
from carenet.core import clock
from carenet.tasks.actions import give
from carenet.tasks.models import Task
from tests.factories import api

TASKS = "/api/v1/tasks/"


def in_days(days: int) -> str:
    return f"{clock.today() + timedelta(days=days)}"


def a_task(actor: Actor, case: Case, days: int = 7, **fields: Any) -> Task:
    """Give a task on a case, to the actor's whole agency unless the fields say otherwise."""
    due_on = clock.today() + timedelta(days=days)
    words: dict[str, Any] = {"what": "電話", "due_on": due_on} | fields
    return give(actor=actor, on=("case", case.pk), **words)


def posted(actor: Actor, case: Case, **fields: Any) -> Any:
    body = {"case": str(case.pk), "what": "電話", "due_on": in_days(7)} | fields
    return api(actor).post(TASKS, body)


def told(actor: Actor, task: Task, verb: str, **body: Any) -> Any:
    """Take a verb on a task as it stands now."""
    task.refresh_from_db()
    return api(actor).post(
        f"{TASKS}{task.pk}/{verb}/", body, headers={"If-Match": f'"{task.version}"'}
    )


def listed(actor: Actor, **query: Any) -> list[str]:
    answer = api(actor).get(TASKS, query)
    assert answer.status_code == 200, answer.content
    return [row["id"] for row in answer.json()["results"]]

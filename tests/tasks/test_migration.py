"""What there is of next actions becomes tasks once, and nothing is written twice."""

from __future__ import annotations

from importlib import import_module

import pgtrigger
import pytest
from django.db import connection

from carenet.agencies.actors import Actor
from carenet.cases.models import Case
from carenet.core import clock
from carenet.reminders.models import Reminder
from carenet.tasks.models import Task
from tests.cases.paths import change
from tests.factories import a_case, api
from tests.tasks.calls import in_days

MIGRATION = import_module("carenet.cases.migrations.0017_tasks_of_next_actions")


def fill() -> None:
    with connection.schema_editor(atomic=False) as editor:
        MIGRATION.fill(None, editor)


@pytest.mark.django_db
def test_each_next_action_becomes_a_task_and_keeps_its_reminder(
    worker: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(MIGRATION, "AT_ONCE", 2)
    cases = [a_case(worker) for _ in range(5)]
    for days, case in enumerate(cases[:4], start=1):
        change(api(worker), case, next_action=f"電話 {days}", next_action_on=in_days(days))
    change(api(worker), cases[0], next_action="", next_action_on=None)
    before = list(Reminder.objects.order_by("pk").values())
    kept = Task.objects.get(case=cases[1], status="open")
    Task.objects.exclude(pk=kept.pk).delete()
    fill()
    fill()
    found = Task.objects.order_by("due_on")
    assert [(each.case, each.what) for each in found] == [
        (cases[days - 1], f"電話 {days}") for days in (2, 3, 4)
    ]
    assert found[0] == kept
    assert {(each.person, each.status, each.is_next_action) for each in found} == {
        (worker.user, "open", True)
    }
    assert list(Reminder.objects.order_by("pk").values()) == before


def test_an_ended_case_has_none(case: Case) -> None:
    with pgtrigger.ignore("cases.Case:task_follows_next_action"):
        Case.objects.filter(pk=case.pk).update(
            next_action="電話", next_action_on=clock.today(), status="closed",
            ended_at=clock.now(), end_reason="other",
        )  # fmt: skip
    fill()
    assert not Task.objects.exists()

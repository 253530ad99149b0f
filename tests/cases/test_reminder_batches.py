"""What falls due in many cases is read together, and seen by whom each case is seen by."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from carenet.agencies.actors import Actor
from carenet.agencies.selectors import Roster
from carenet.cases.actions.cases import edit, restrict
from carenet.cases.models import Case
from carenet.core import clock
from carenet.reminders.actions import due, fall_due_together
from carenet.reminders.models import Delivery, Reminder
from carenet.reminders.registry import kinds_asked_about
from carenet.reminders.selectors import systems_of
from tests.cases.paths import share
from tests.factories import a_case, a_member

NEXT_ACTION = "case.next_action"


def planned(worker: Actor) -> Reminder:
    case = a_case(worker)
    tomorrow = clock.today() + timedelta(days=1)
    edit(actor=worker, case_id=case.pk, next_action="電話", next_action_on=tomorrow)
    return Reminder.objects.get(kind=NEXT_ACTION, subject_id=case.pk)


def test_few_cost_as_many_statements_as_many(
    worker: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(due, "LONGEST_LOCK", 60)  # however slow it is here

    def cost(number: int) -> int:
        for _ in range(number):
            planned(worker)
        with CaptureQueriesContext(connection) as captured:
            fall_due_together(now=clock.now() + timedelta(days=20))
        return len(captured)

    assert cost(3) == cost(8)
    assert Delivery.objects.filter(recipient=worker.user, channel="inbox").count() == 11


def test_of_many_cases_each_is_seen_by_whom_it_is_seen_alone(worker: Actor, helper: Actor) -> None:
    open_one, shared, restricted = (planned(worker) for _ in range(3))
    share(worker, Case.objects.get(pk=shared.subject_id), helper.agency_id)
    restrict(actor=worker, case_id=restricted.subject_id)
    reminders = (open_one, shared, restricted)
    occurrences = [each.occurrence(0) for each in reminders]
    kind = kinds_asked_about([(NEXT_ACTION, each) for each in occurrences], Roster())[NEXT_ACTION]

    def seen(actor: Actor) -> list[bool]:
        return [kind.may_see(actor, each) for each in occurrences]

    assert seen(worker) == [True, True, True]
    assert seen(a_member(worker.agency)) == [True, True, False]
    assert seen(systems_of(worker.agency)) == [True, True, False]
    assert seen(helper) == [False, True, False]

"""The engine serves a subject that it does not know: what a room to come declares is enough."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection

from carenet.abuse.models import DeadlineRule
from carenet.agencies.actors import Actor
from carenet.agencies.models import AgencyKind
from carenet.agencies.roles import Role
from carenet.cases.models import Case
from carenet.core import clock
from carenet.core.errors import Conflict
from carenet.deadlines.actions import begin_rule, end_deadlines, set_deadlines
from carenet.deadlines.selectors import reminded, steps_in_force
from carenet.deadlines.states import DeadlineOver, steps_after
from carenet.reminders import registry
from carenet.reminders.models import Occurrence, Reminder
from tests.deadlines.applications import (
    APPLY,
    DECIDE,
    MEET,
    SCREEN,
    ApplicationDeadline,
    ApplicationDue,
    ApplicationRule,
)
from tests.factories import a_case, a_member, an_agency

# A Tuesday morning in Yokohama; the Thursday after it is a holiday.
TUESDAY = datetime(2026, 11, 17, 1, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _tables(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:  # noqa: ARG001
    """The tables of the room to come, until the test is rolled back."""
    # A temporary table cannot point at a lasting one.
    monkeypatch.setattr(connection.features, "supports_foreign_keys", False)
    monkeypatch.setitem(registry._kinds, ApplicationDue.name, ApplicationDue())
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL search_path TO pg_temp, public")
    with connection.schema_editor() as editor:
        editor.create_model(ApplicationRule)
        editor.create_model(ApplicationDeadline)
    with time_machine.travel(TUESDAY, tick=False):
        yield


@pytest.fixture
def worker() -> Actor:
    office = an_agency(AgencyKind.WARD_OFFICE, closed_weekdays=[5, 6])
    return a_member(office)


@pytest.fixture
def manager(worker: Actor) -> Actor:
    return a_member(worker.agency, Role.MANAGER)


@pytest.fixture
def application(worker: Actor) -> Case:
    return a_case(worker)


def set_rule(manager: Actor, **more: object) -> ApplicationRule:
    given = {"step": SCREEN, "working_days": 2, "basis": "law", "basis_text": "第3条"} | more
    return begin_rule(ApplicationRule, actor=manager, check=lambda _rule: None, **given)


def apply(application: Case) -> ApplicationDeadline:
    steps = steps_after(ApplicationRule.steps, APPLY)
    set_deadlines(ApplicationDeadline, application, steps, clock.now())
    return ApplicationDeadline.objects.get()


def occurrence(deadline: ApplicationDeadline, step: int = 0) -> Occurrence:
    case = deadline.case
    return Occurrence(deadline.pk, case.code, case.lead_agency, None, step)


def test_a_default_counts_working_days_of_the_office(application: Case) -> None:
    # Saturday, Sunday and Monday's holiday are left out.
    assert apply(application).due_at == TUESDAY + 8 * DAY


def test_a_municipality_sets_another(manager: Actor, application: Case) -> None:
    rule = set_rule(manager)
    deadline = apply(application)
    assert (deadline.rule, deadline.due_at) == (rule, TUESDAY + 2 * DAY)
    assert not DeadlineRule.objects.exists()


def test_a_step_without_rule_and_default_is_never_due(application: Case) -> None:
    set_deadlines(ApplicationDeadline, application, [DECIDE], clock.now())
    assert not ApplicationDeadline.objects.exists()


def test_a_step_counts_from_its_own_event() -> None:
    assert list(steps_after(ApplicationRule.steps, MEET)) == [DECIDE]


def test_a_step_has_one_rule_at_a_time(manager: Actor) -> None:
    set_rule(manager)
    with pytest.raises(Conflict):
        set_rule(manager, working_days=3)


def test_what_nobody_has_checked_says_so(manager: Actor) -> None:
    code = manager.agency.municipality_code
    screen, decide = steps_in_force(ApplicationRule, code, (), clock.now())
    assert screen["basis_text"] == "A manual（出典未確認）"
    assert (decide["basis"], decide["basis_text"]) == (None, "")


def test_a_deadline_is_over_with_its_step(application: Case) -> None:
    deadline = apply(application)
    assert list(reminded(ApplicationDeadline)) == [deadline]
    end_deadlines(ApplicationDeadline, application, DeadlineOver.MET, at=clock.now(), step=SCREEN)
    assert not ApplicationDue().still_applies(occurrence(deadline))
    assert Reminder.objects.get(subject_id=deadline.pk).settled_because == "met"


def test_the_reminder_comes_before_the_deadline(application: Case) -> None:
    deadline = apply(application)
    reminder = Reminder.objects.get(subject_id=deadline.pk)
    assert (reminder.kind, reminder.due_at) == ("application.deadline", deadline.due_at - DAY)


def test_the_managers_are_told_once_it_is_late(
    worker: Actor, manager: Actor, application: Case
) -> None:
    deadline = apply(application)
    before = list(ApplicationDue().recipients(occurrence(deadline)))
    assert [(each.user, each.always) for each in before] == [(worker.user, False)]
    with time_machine.travel(deadline.due_at, tick=False):
        late = list(ApplicationDue().recipients(occurrence(deadline)))
    assert [each.user for each in late] == [worker.user, manager.user]


def test_who_may_not_see_the_subject_does_not_see_its_deadline(application: Case) -> None:
    deadline = apply(application)
    stranger = a_member(an_agency())
    assert not ApplicationDue().may_see(stranger, occurrence(deadline))

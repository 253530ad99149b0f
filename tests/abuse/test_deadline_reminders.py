"""A step that is due is chased by the clock: the people at work on it, then those who decide."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection

from carenet.abuse.actions import report as steps
from carenet.abuse.models import AbuseReport
from carenet.agencies.actors import Actor
from carenet.reminders.actions import work_once
from carenet.reminders.models import Delivery, InboxEntry, Reminder
from tests.abuse.requests import a_report
from tests.factories import a_case

pytestmark = pytest.mark.django_db(transaction=True)

# A Saturday morning in Yokohama, on which no ward office is open; two days later is a holiday.
SATURDAY = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _saturday() -> Iterator[None]:
    with time_machine.travel(SATURDAY, tick=False):
        yield


@pytest.fixture
def report(worker: Actor, office: Actor, officer: Actor) -> AbuseReport:
    office.agency.closed_weekdays = [5, 6]
    office.agency.save()
    return a_report(worker, a_case(worker), members=[office.user, officer.user])


def sweep(hours: int) -> None:
    """Let a worker do all that is due so many hours after the report."""
    at = SATURDAY + hours * HOUR
    with time_machine.travel(at, tick=False):
        while work_once(now=at):
            pass
    connection.close()


def told(report: AbuseReport) -> list[object]:
    """Who has it in their inbox, in the order in which it arrived."""
    entries = InboxEntry.objects.filter(reminder__subject_code=report.code, user__isnull=False)
    return list(entries.order_by("arrived_at", "id").values_list("user", flat=True))


def test_nobody_is_chased_while_there_is_time(report: AbuseReport) -> None:
    sweep(23)
    assert told(report) == []


def test_the_people_at_work_are_told_before_the_date(
    worker: Actor, officer: Actor, report: AbuseReport
) -> None:
    sweep(24)
    assert set(told(report)) == {worker.user_id, officer.user_id}
    sweep(42)
    assert len(told(report)) == 4


def test_those_who_decide_are_told_once_it_is_late(
    worker: Actor, office: Actor, officer: Actor, report: AbuseReport
) -> None:
    sweep(24)
    sweep(42)
    assert office.user_id not in told(report)
    sweep(48)
    assert set(told(report)[4:]) == {worker.user_id, officer.user_id, office.user_id}


def test_and_again_until_somebody_acts(office: Actor, report: AbuseReport) -> None:
    for hours in (24, 42, 48, 54, 72, 96, 120):
        sweep(hours)
    assert told(report).count(office.user_id) == 5


def test_nothing_waits_for_the_office_to_open(report: AbuseReport) -> None:
    sweep(24)
    sent = Delivery.objects.filter(reminder__subject_code=report.code, recipient__isnull=False)
    assert sent.exists()
    assert {delivery.always for delivery in sent} == {True}
    assert {delivery.due_at for delivery in sent} == {SATURDAY + 24 * HOUR}


def test_the_step_ends_the_chase(worker: Actor, report: AbuseReport) -> None:
    step: dict[str, Any] = {"actor": worker, "report_id": report.pk, "happened_at": SATURDAY}
    steps.record_reception_meeting(**step, urgency="today", to_check=True, attendees=["区"])
    steps.check_facts(**step, method="visit", seen_in_person=True)
    sweep(120)
    assert told(report) == []
    assert Reminder.objects.get(subject_code=report.code).settled_because == "met"


def test_a_report_that_is_recorded_late_is_chased_at_once(
    worker: Actor, office: Actor, officer: Actor
) -> None:
    late = a_report(
        worker, a_case(worker), received_at=SATURDAY - 60 * HOUR, members=[officer.user]
    )
    sweep(0)
    assert set(told(late)) == {worker.user_id, officer.user_id, office.user_id}


def test_the_reminder_names_nobody(report: AbuseReport) -> None:
    sweep(24)
    reminder = Reminder.objects.get(subject_code=report.code)
    assert reminder.subject_kind == "abuse_deadline"
    assert reminder.subject_code == report.code

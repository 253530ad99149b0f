"""The database is gone, or hangs: everybody is told at once to try again, and nobody stays ill.

So is Prometheus, which asks the same service at a port of its own, in good times as in bad.
"""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from carenet.reminders.models import Reminder
from launch.processes import wait_for
from tests.outages.figures import figure, times_signed_in
from tests.outages.installation import PATIENCE, Installation, gone, hung
from tests.reminders.people import an_agency

PAGE = "/sign-in/"
API = "/api/v1/cases/"


@pytest.mark.parametrize("harm", [gone, hung])
def test_without_a_database_the_api_says_when_to_try_again(
    service: Installation, harm: Callable[[Installation], AbstractContextManager[None]]
) -> None:
    assert service.gets_well(PAGE, 200)

    with harm(service):
        answers = [service.ask(API) for _ in range(10)]

    assert {answer.status for answer in answers} == {503}
    assert all(int(answer.headers["Retry-After"]) > 0 for answer in answers)
    assert {json.loads(answer.text)["code"] for answer in answers} == {"unavailable"}
    assert service.gets_well(PAGE, 200)
    assert service.ask(API).status == 401


@pytest.mark.parametrize("harm", [gone, hung])
def test_without_a_database_a_page_keeps_what_was_typed(
    service: Installation, harm: Callable[[Installation], AbstractContextManager[None]]
) -> None:
    assert service.gets_well(PAGE, 200)

    with harm(service):
        shown = service.page("/consultations/new/", "what=fell+%3Cdown%3E&who=Hanako")
        signing_in = service.page(PAGE, "login=hanako&password=very-secret")

    assert shown.status == signing_in.status == 503
    assert 'action="/consultations/new/"' in shown.text
    assert 'value="fell &lt;down&gt;"' in shown.text
    assert shown.headers["Cache-Control"] == "private, no-store"
    assert "very-secret" not in signing_in.text
    assert service.gets_well(PAGE, 200)


def test_without_a_database_its_health_is_what_is_missing(service: Installation) -> None:
    assert service.gets_well(PAGE, 200)

    with service.stopped("PostgreSQL"):
        answer = service.ask("/healthz")

    assert answer.status == 503
    assert json.loads(answer.text)["part"] == "database"
    assert service.gets_well(PAGE, 200)


def test_a_cache_that_hangs_keeps_nobody_from_a_page(service: Installation) -> None:
    assert service.gets_well(PAGE, 200)

    with service.stopped("Valkey"):
        assert service.gets_well(PAGE, 200)


def test_without_a_database_a_scrape_succeeds_and_says_so(service: Installation) -> None:
    assert service.gets_well(PAGE, 200)
    assert figure(service, "database_up") == 1

    with service.stopped("PostgreSQL"):
        assert figure(service, "database_up") == 0
        assert figure(service, "redis_up") == 1
        assert figure(service, "overdue_seconds", kind="reminder") is None
        assert times_signed_in(service) > 0

    assert wait_for(lambda: figure(service, "database_up") == 1, PATIENCE)


def test_requests_are_counted_whichever_process_answers(service: Installation) -> None:
    assert service.gets_well(PAGE, 200)
    before = times_signed_in(service)
    for _ in range(20):
        service.page(PAGE)
    assert times_signed_in(service) - before == 20


def test_a_killed_web_process_takes_no_count_with_it(service: Installation) -> None:
    assert service.gets_well(PAGE, 200)
    before, there = times_signed_in(service), service.children_of(service.web)

    os.kill(there[0], signal.SIGKILL)

    assert wait_for(lambda: len({*service.children_of(service.web)} - {*there}) == 1, PATIENCE)
    assert service.gets_well(PAGE, 200)
    assert times_signed_in(service) >= before + 8


def test_an_overdue_reminder_is_told_by_its_age(
    service: Installation, django_db_blocker: DjangoDbBlocker
) -> None:
    day_ago = timezone.now() - timedelta(days=1)
    with service.rows(), django_db_blocker.unblock():
        agency = an_agency()
        Reminder.objects.create(
            kind="referral.unanswered",
            subject_kind="referral",
            subject_id=agency.pk,
            agency=agency,
            first_due_at=day_ago,
            due_at=day_ago,
        )

    assert 86_400 <= (figure(service, "overdue_seconds", kind="reminder") or 0.0) < 90_000


def test_the_port_of_the_web_tells_no_figures(service: Installation) -> None:
    assert service.gets_well(PAGE, 200)
    assert service.ask("/metrics").status == 404

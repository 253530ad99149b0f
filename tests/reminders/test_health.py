"""`GET /healthz` names the first part that does not work, and never breaks itself.

With real workers: see `test_crashes.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from carenet.reminders.actions import health, record_heartbeat
from carenet.reminders.api.health import _last
from carenet.reminders.models import Pulse
from tests.conftest import as_owner
from tests.reminders.conftest import Asked, later
from tests.reminders.people import a_member, an_agency

pytestmark = pytest.mark.django_db


@pytest.fixture
def worker_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the worker out, where only what comes after it is the question."""
    monkeypatch.setitem(health.PARTS, "worker", lambda: True)


def test_an_answer_is_given_again_for_a_moment(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    def worker() -> bool:
        asked.append(1)
        return True

    monkeypatch.setitem(health.PARTS, "worker", worker)
    asked_for_health()
    settings.HEALTHZ_KEPT_SECONDS = 3600.0
    first = asked_for_health()
    settings.HEALTHZ_KEPT_SECONDS = 0.0
    try:
        assert asked_for_health() == first
        assert len(asked) == 2
    finally:
        _last.until = 0.0


def asked_for_health(client: Client | None = None) -> tuple[int, dict[str, Any]]:
    answer = (client or Client()).get("/healthz")
    return answer.status_code, answer.json()


@pytest.mark.usefixtures("worker_answers")
def test_all_parts_at_work_are_healthy() -> None:
    record_heartbeat(name="sweep", at=timezone.now())
    record_heartbeat(name="watchover", at=timezone.now())
    assert asked_for_health() == (
        200,
        {
            "status": "ok",
            "oldest_overdue_seconds": 0.0,
            "silent": 0,
            "stalled_closures": 0,
            "silent_watches": 0,
            "clocks_off_seconds": {},
            "parts": dict.fromkeys([*health.PARTS, "watchover", "clocks"], "ok"),
        },
    )


def test_without_a_worker_it_says_so() -> None:
    record_heartbeat(name="sweep", at=timezone.now())
    status, body = asked_for_health()
    assert (status, body["status"], body["part"]) == (503, "unavailable", "worker")


def test_without_redis_it_says_so(settings: Settings, tmp_path: Path) -> None:
    settings.REDIS_URL = f"unix://{tmp_path}/nobody.sock"
    status, body = asked_for_health()
    assert (status, body["part"]) == (503, "redis")
    assert "worker" not in body["parts"], "what comes after it is not judged"


def test_a_migration_that_is_missing_is_named() -> None:
    MigrationRecorder(connection).migration_qs.filter(app="audit").delete()
    status, body = asked_for_health()
    assert (status, body["part"]) == (503, "migrations")


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("worker_answers")
@pytest.mark.django_db(transaction=True)
def test_a_service_that_could_change_the_trail_is_not_healthy() -> None:
    with as_owner():
        status, body = asked_for_health()
    assert (status, body["part"]) == (503, "audit")


def test_without_the_database_it_answers_all_the_same(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    client = Client()
    client.force_login(a_member(an_agency()))
    options = {**connection.settings_dict["OPTIONS"], "host": str(tmp_path)}
    connection.close()
    with monkeypatch.context() as patched:
        patched.setitem(connection.settings_dict, "OPTIONS", options)
        status, body = asked_for_health(client)
    assert (status, body["part"], body["oldest_overdue_seconds"]) == (503, "database", None)


@pytest.mark.usefixtures("worker_answers")
@pytest.mark.parametrize(
    "pulse",
    [lambda: None, lambda: Pulse.objects.create(name="sweep", at=later(days=-365))],
    ids=["never", "long ago"],
)
def test_without_a_recent_sweep_beat_is_named(pulse: Callable[[], object]) -> None:
    pulse()
    status, body = asked_for_health()
    assert (status, body["part"]) == (503, "beat")


@pytest.mark.usefixtures("worker_answers")
def test_work_that_is_long_overdue_is_named_with_its_age(asked: Asked) -> None:
    record_heartbeat(name="sweep", at=timezone.now())
    asked(due_at=timezone.now() - timedelta(days=1))
    status, body = asked_for_health()
    assert (status, body["part"]) == (503, "reminders")
    assert body["oldest_overdue_seconds"] >= 86_400


def test_whatever_goes_wrong_in_a_part_is_its_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> bool:
        raise ZeroDivisionError

    monkeypatch.setitem(health.PARTS, "redis", broken)
    status, body = asked_for_health()
    assert (status, body["part"]) == (503, "redis")


def test_it_only_answers_questions() -> None:
    assert Client().post("/healthz").status_code == 405

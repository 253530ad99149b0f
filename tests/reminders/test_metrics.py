"""What Prometheus is told of rows and queues. With a real server: `tests/outages/test_database.py`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from math import inf
from pathlib import Path
from typing import Any

import pytest
import redis
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from kombu import Queue
from pytest_django import DjangoAssertNumQueries, Settings

from carenet.reminders.actions import record_heartbeat
from carenet.reminders.api.metrics import Figures
from carenet.reminders.models import Delivery
from carenet.reminders.registry import waiting_rows
from carenet.reminders.selectors import oldest_waiting, outcomes_since
from carenet.reminders.states import DeliveryState
from tests.docs.pages import names_in, table
from tests.reminders.conftest import Asked, sweep_at

pytestmark = pytest.mark.django_db


def told(name: str, figures: Figures | None = None) -> dict[str, float]:
    """Return the values of one figure by those of its labels; empty where it is left out."""
    return {
        "/".join(sample.labels.values()): sample.value
        for metric in (figures or Figures()).collect()
        if metric.name == f"carenet_{name}"
        for sample in metric.samples
    }


def test_the_oldest_overdue_row_is_told_by_its_age(asked: Asked) -> None:
    asked(due_at=timezone.now() - timedelta(days=1))
    asked(due_at=timezone.now() - timedelta(hours=1))
    ages = told("overdue_seconds")
    assert 86_400 <= ages.pop("reminder") < 86_500
    assert set(ages.values()) == {0.0}


def test_a_message_that_waits_is_told_under_its_channel(asked: Asked) -> None:
    asked(due_at=timezone.now())
    sweep_at(timezone.now())
    Delivery.objects.update(
        state=DeliveryState.PENDING, finished_at=None, due_at=timezone.now() - timedelta(hours=1)
    )
    ages = told("overdue_seconds")
    assert 3600 <= ages["inbox_message"] < 3700
    assert ages["email_message"] == 0.0


def test_messages_are_counted_by_what_became_of_them_lately(asked: Asked) -> None:
    asked(due_at=timezone.now())
    sweep_at(timezone.now())
    sent = Delivery.objects.filter(state=DeliveryState.SENT).count()
    counted = told("deliveries_last_hour")
    assert (counted["inbox/sent"], counted["email/failed"]) == (sent, 0)
    assert not outcomes_since(timezone.now() + timedelta(seconds=1))


def test_a_sweep_that_has_never_run_is_endlessly_late() -> None:
    record_heartbeat(name="sweep", at=timezone.now() - timedelta(seconds=30))
    ages = told("sweep_age_seconds")
    assert 30 <= ages["sweep"] < 90
    assert ages["watchover"] == inf


def test_wake_ups_that_wait_are_counted(settings: Settings) -> None:
    settings.CELERY_TASK_QUEUES = [Queue("tests-of-metrics"), Queue("empty")]
    with redis.from_url(settings.REDIS_URL) as client:
        client.rpush("tests-of-metrics", "1", "2")
        try:
            assert told("queue_length") == {"tests-of-metrics": 2, "empty": 0}
        finally:
            client.delete("tests-of-metrics")


def test_the_connections_of_the_database_are_counted() -> None:
    assert told("database_connections")["active"] >= 1
    assert told("database_connections_max")[""] > 1


def test_without_redis_the_rest_is_told(settings: Settings, tmp_path: Path) -> None:
    settings.REDIS_URL = f"unix://{tmp_path}/nobody.sock"
    figures = Figures()
    assert (told("redis_up", figures), told("queue_length", figures)) == ({"": 0}, {})
    assert told("database_up", figures) == {"": 1}


@pytest.mark.django_db(transaction=True)
def test_without_the_database_the_rest_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    options = {**connection.settings_dict["OPTIONS"], "host": str(tmp_path)}
    connection.close()
    with monkeypatch.context() as patched:
        patched.setitem(connection.settings_dict, "OPTIONS", options)
        figures = Figures()
        assert (told("database_up", figures), told("overdue_seconds", figures)) == ({"": 0}, {})
        assert told("redis_up", figures) == {"": 1}


def test_what_was_found_is_told_again_for_a_moment(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    figures = Figures()
    assert told("database_up", figures) == {"": 1}
    with django_assert_num_queries(0):
        assert told("database_up", figures) == {"": 1}


def test_a_look_at_the_rows_takes_a_few_statements() -> None:
    figures = Figures()
    figures._health_until = inf
    with CaptureQueriesContext(connection) as sent:
        told("database_up", figures)
    assert len([each for each in sent if "SAVEPOINT" not in each["sql"]]) <= 6


@pytest.mark.parametrize(
    "look",
    [oldest_waiting, lambda now: outcomes_since(now - timedelta(hours=1))],
    ids=["what waits", "what has ended"],
)
def test_each_look_goes_by_an_index(look: Callable[[Any], object]) -> None:
    with CaptureQueriesContext(connection) as sent:
        look(timezone.now())
    [statement] = [each["sql"] for each in sent]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {statement}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "Seq Scan" not in plan, plan


def test_every_figure_stands_in_the_docs() -> None:
    rows = table("operations.md", "figure", "labels", "")
    on_the_page = {
        name: set(names_in(row["labels"])) for row in rows for name in names_in(row["figure"])
    }
    found = {metric.name: set(metric.samples[0].labels) for metric in Figures().collect()}
    found["carenet_request_seconds"] = {"route", "method", "status"}
    assert found == on_the_page


def test_every_kind_that_waits_stands_in_the_docs() -> None:
    rows = table("operations.md", "figure", "labels", "")
    [row] = [each for each in rows if "carenet_overdue_seconds" in each["figure"]]
    kinds = {each.name for each in waiting_rows if not each.name.endswith("_message")}
    assert kinds <= set(names_in(row[""]))

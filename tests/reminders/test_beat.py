"""Beat wakes the workers: wake-ups do not pile up while nobody takes them, and none expires."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import redis
from celery import Celery
from celery.schedules import schedule
from django.conf import settings

from config.beat import OneWaits

KIND = "sweep-reminders"


@pytest.fixture
def queue() -> Iterator[str]:
    """A queue that nobody takes from, in the Redis of the suite."""
    prefix = f"waking-{uuid4().hex}:"
    yield prefix
    with redis.from_url(settings.REDIS_URL) as client:
        for key in client.scan_iter(f"{prefix}*"):
            client.delete(key)


@pytest.fixture
def wake(queue: str, tmp_path: Path) -> Any:
    app = Celery("waking", broker=settings.CELERY_BROKER_URL, set_as_current=False)
    app.conf.broker_transport_options = {"global_keyprefix": queue}
    beat = OneWaits(app=app, schedule_filename=str(tmp_path / "schedule"))
    due = beat.Entry(
        name=KIND, task="nobody.knows", schedule=schedule(1.0), options={"queue": KIND}, app=app
    )
    return lambda: beat.apply_entry(due, producer=beat.producer)


def waiting(queue: str) -> int:
    with redis.from_url(settings.REDIS_URL) as client:
        return int(client.llen(f"{queue}{KIND}"))


def test_however_often_beat_wakes_one_wake_up_waits(queue: str, wake: Any) -> None:
    for _ in range(3):
        wake()
    assert waiting(queue) == 1


def test_once_it_was_taken_the_next_one_is_sent(queue: str, wake: Any) -> None:
    wake()
    with redis.from_url(settings.REDIS_URL) as client:
        client.rpop(f"{queue}{KIND}")
    wake()
    assert waiting(queue) == 1


def test_none_expires_and_each_kind_has_a_queue_that_workers_know() -> None:
    known = {each.name for each in settings.CELERY_TASK_QUEUES}
    for each in settings.CELERY_BEAT_SCHEDULE.values():
        assert "expires" not in each["options"]
        assert each["options"]["queue"] in known

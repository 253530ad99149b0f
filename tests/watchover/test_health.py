"""`/healthz` names the watch-over when nobody sweeps, or what is due is not flipped."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from carenet.reminders.actions import record_heartbeat
from carenet.reminders.models import Pulse
from carenet.reminders.registry import health_parts
from carenet.watchover.models import Expectation, WatchAssignment


def works() -> Any:
    return health_parts["watchover"]()


def test_a_sweep_that_has_run_lately_is_healthy(watch: WatchAssignment) -> None:  # noqa: ARG001
    Expectation.objects.update(state="void", settled_at=timezone.now())
    record_heartbeat(name="watchover", at=timezone.now())
    assert works()


@pytest.mark.django_db
def test_no_sweep_is_not() -> None:
    assert not works()
    Pulse.objects.create(name="watchover", at=timezone.now() - timedelta(minutes=5))
    assert not works()


def test_what_is_long_overdue_is_not(watch: WatchAssignment) -> None:
    record_heartbeat(name="watchover", at=timezone.now())
    first = watch.expectations.order_by("window_start")[0]
    hour_ago = timezone.now() - timedelta(hours=1)
    watch.expectations.filter(pk=first.pk).update(
        window_start=hour_ago, due_at=hour_ago, grace_until=hour_ago
    )
    assert not works()

"""Real workers whose own clocks are late and early find every miss, and no outage that never was."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from django.test import Client

from benchmarks.neighbourhood import a_neighbourhood
from carenet.core import clock
from carenet.reminders.actions import health
from carenet.reminders.models import Pulse
from carenet.watchover.models import Expectation, Outage
from tests.reminders.celery_processes import Crew

pytestmark = pytest.mark.django_db(transaction=True)
MISSES = 60
LATE, EARLY = -300.0, 240.0


@pytest.fixture
def crew(tmp_path: Path) -> Iterator[Crew]:
    crew = Crew(tmp_path, {"REMINDER_CONSOLE": "", "CLOCK_COMPARE_SECONDS": "1"})
    yield crew
    crew.disband()


def test_a_late_and_an_early_worker_find_all_misses_and_no_outage(
    crew: Crew, monkeypatch: pytest.MonkeyPatch
) -> None:
    who = a_neighbourhood()
    who.watch_over(MISSES)
    crew.worker(early=LATE)
    crew.worker(early=EARLY)
    crew.beat(early=EARLY)
    crew.until(lambda: "seconds late" in crew.log())
    crew.until(lambda: "seconds early" in crew.log())
    crew.until(Pulse.objects.filter(pk="watchover").exists)
    due = clock.now()
    who.fall_due([due] * MISSES)

    crew.until(lambda: Expectation.objects.filter(state="missed").count() == MISSES)
    for _ in range(4):  # both have swept again
        crew.until(Pulse.objects.filter(pk="watchover", at__gt=begun()).exists)
    assert not Outage.objects.exists()
    settled = Expectation.objects.filter(state="missed").values_list("settled_at", flat=True)
    assert all(due <= at <= clock.now() for at in settled if at)

    monkeypatch.setitem(health.PARTS, "worker", lambda: True)
    answer = Client().get("/healthz")
    assert (answer.status_code, answer.json()["part"]) == (503, "clocks")
    off = answer.json()["clocks_off_seconds"]
    assert off["watchover"] == pytest.approx(LATE, abs=20), "the worst of the workers"
    assert off["beat"] == pytest.approx(EARLY, abs=20)


def begun() -> datetime:
    return Pulse.objects.values_list("at", flat=True).get(pk="watchover")

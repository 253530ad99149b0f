"""A sweeper that is killed in the middle of a sweep leaves every miss to the next one."""

from __future__ import annotations

import os
from collections import Counter
from uuid import UUID

import pytest
from django.utils import timezone

from benchmarks.neighbourhood import a_neighbourhood
from benchmarks.worker_processes import Crew, wait_for
from carenet.audit.models import AuditEntry
from carenet.reminders.models import Reminder
from carenet.watchover.actions.missed_visits import mark_missed
from carenet.watchover.models import Alert, Expectation, WatchEvent
from tests.reminders.celery_processes import suites_database
from tests.reminders.locks import nobody_writes_to, somebody_waits_to_write_to

pytestmark = pytest.mark.django_db(transaction=True)
MISSES = 5


def test_killed_in_mid_flip_it_has_flipped_nothing_and_the_next_flips_each_once() -> None:
    who = a_neighbourhood()
    who.watch_over(MISSES)
    ours = who.fall_due([timezone.now()] * MISSES)
    misses = Expectation.objects.filter(assignment__in=ours)
    with nobody_writes_to(WatchEvent):
        kill_in_mid_flip()
        assert set(misses.values_list("state", flat=True)) == {"expected"}
    wait_for(lambda: not mark_missed(now=timezone.now()) and all_flipped(ours))

    entries = AuditEntry.objects.filter(
        action="watch.miss", object_ids__overlap=list(misses.values_list("pk", flat=True))
    )
    told = Counter(pk for entry in entries for pk in entry.object_ids)
    assert sorted(told.values()) == [1] * MISSES
    alerts = Alert.objects.filter(assignment__in=ours).values("pk")
    assert Reminder.objects.filter(subject_id__in=alerts).count() == MISSES


def kill_in_mid_flip() -> None:
    crew = Crew({**os.environ, "DATABASE_URL": suites_database(), "REMINDER_CONSOLE": ""})
    crew.start()
    sweeper = crew.processes[0]
    try:
        wait_for(lambda: somebody_waits_to_write_to(WatchEvent))
    finally:
        sweeper.kill()
        sweeper.wait()


def all_flipped(ours: set[UUID]) -> bool:
    return Expectation.objects.filter(assignment__in=ours, state="missed").count() == MISSES

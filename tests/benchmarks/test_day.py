"""A day over HTTP is measured; how long anything takes here does not matter."""

from __future__ import annotations

import os

import pytest

from benchmarks import day
from benchmarks.database import address
from benchmarks.day import Length
from benchmarks.ward import a_ward, fill
from carenet.cases.models import Consultation, ProgressNote
from tests.reminders.celery_processes import suites_database

pytestmark = pytest.mark.django_db(transaction=True)
ENVIRONMENT = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings.test"}
BRIEF = Length(people=14, turns=1, seconds=2, step_seconds=1, think=0.5, highest=10)


def test_a_day_is_measured_in_a_ward_where_people_read_and_write() -> None:
    ward = a_ward()
    fill(ward, 120)
    before = Consultation.objects.count() + ProgressNote.objects.count()
    found = {each.name: each for each in day.measure(ward, BRIEF, ENVIRONMENT)}
    assert {
        "a mixed day: p95 ms",
        "a mixed day: web processor ms a request",
        "requests a second that are held",
        "the others' p95 beside one caller / without",
        "web process: MB at its end",
    } <= set(found)
    assert Consultation.objects.count() + ProgressNote.objects.count() > before


def test_the_server_is_led_to_the_database_of_this_process() -> None:
    assert address() == suites_database()

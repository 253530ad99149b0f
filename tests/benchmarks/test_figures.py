"""The measurements run, and measure what they say; how fast it is here does not matter."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from pytest_django import Settings

from benchmarks import alerts, pages, reminders, rules, sweep
from benchmarks.cost import BACKEND
from benchmarks.figures import Figure
from launch import bench
from launch.output import LaunchError
from tests.factories import a_member, a_user, an_agency
from tests.reminders.celery_processes import suites_database

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def environment(settings: Settings) -> dict[str, str]:
    """Lead the workers to the database of this process of the suite."""
    settings.REMINDER_CONSOLE = ""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        "DATABASE_URL": suites_database(),
        "REMINDER_CONSOLE": "",
        "REMINDER_LEASE_SECONDS": "3",
    }


def named(figures: Iterator[Figure]) -> dict[str, float]:
    return {each.name: each.value for each in figures}


def test_a_sweep_among_few_is_measured_against_one_among_many() -> None:
    [found] = sweep.measure(due=3, residents=30)
    assert "3 due" in found.base
    assert "among 3,000" in found.base


def test_a_compiled_rule_is_measured_against_the_rule_itself() -> None:
    found = named(rules.measure(times=2))
    assert {each.split()[2] for each in found} == {"case", "resident"}


def test_workers_that_are_killed_lose_and_double_nothing(environment: dict[str, str]) -> None:
    assert set(named(alerts.kills(20, 2, environment)).values()) == {0}


def test_reminders_are_measured_against_tasks(
    environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reminders, "ROUNDS", 1)
    found = named(reminders.measure(8, environment))
    assert len(found) == 3
    assert min(found.values()) > 0


def test_alerts_are_counted_from_the_flip_to_the_inbox(environment: dict[str, str]) -> None:
    found = named(alerts.throughput(20, environment))
    assert found["alerts to inboxes a second"] > 0


def test_a_wait_begins_at_the_end_of_the_grace(environment: dict[str, str]) -> None:
    first, _second = alerts.latency(40, share=0.1, within=1, environment=environment)
    assert first.base.startswith("4 of 40 missed")
    assert first.value >= 0


def test_a_page_costs_time_and_queries_and_weighs_more_than_its_style() -> None:
    client = Client()
    a_member(an_agency(), user=(user := a_user()))
    client.force_login(user, backend=BACKEND)
    found = pages.cost(client, pages.BARE, times=2)
    style = Path(str(finders.find("staff/staff.css"))).stat().st_size
    assert found.milliseconds > 0
    assert found.queries > 0
    assert found.weight > style


def test_a_page_that_is_not_there_is_not_measured() -> None:
    with pytest.raises(RuntimeError, match="404"):
        pages.cost(Client(), "/nowhere/", times=2)


def test_an_option_that_nobody_knows_is_refused() -> None:
    with pytest.raises(LaunchError):
        bench._options(["SPEED=1"])

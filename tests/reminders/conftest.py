from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from pytest_django import Settings

from carenet.agencies.models import Agency, User
from carenet.reminders import registry
from carenet.reminders.actions import schedule_reminder, take_over, work_once
from carenet.reminders.channels import CHANNELS
from carenet.reminders.models import Reminder
from carenet.reminders.registry import Recipient
from tests.reminders.fake_channel import Bell
from tests.reminders.fake_kinds import Errand
from tests.reminders.people import a_member, an_agency

# A Wednesday morning in Yokohama.
NOW = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)


class Asked(Protocol):
    def __call__(self, *, due_at: datetime = ..., subject_id: UUID | None = None) -> Reminder: ...


@pytest.fixture(autouse=True)
def console(settings: Settings, tmp_path: Path) -> Path:
    """Off, unless a test asks for it by writing its path into the settings."""
    settings.REMINDER_CONSOLE = ""
    return tmp_path / "console"


@pytest.fixture
def console_on(settings: Settings, console: Path) -> Path:
    settings.REMINDER_CONSOLE = str(console)
    return console


@pytest.fixture
def agency(db: None) -> Agency:  # noqa: ARG001
    return an_agency()


@pytest.fixture
def person(agency: Agency) -> User:
    return a_member(agency)


@pytest.fixture
def errand(monkeypatch: pytest.MonkeyPatch, agency: Agency, person: User) -> Errand:
    """A kind of reminder that tells one person, then, a day later, nobody else."""
    kind = Errand(told={0: [Recipient(person, agency)], 1: [Recipient(person, agency)]})
    monkeypatch.setitem(registry._kinds, kind.name, kind)
    return kind


@pytest.fixture
def asked(errand: Errand, agency: Agency) -> Asked:
    def ask(*, due_at: datetime = NOW, subject_id: UUID | None = None) -> Reminder:
        with transaction.atomic():
            return schedule_reminder(
                kind=errand.name,
                subject_id=subject_id or uuid4(),
                subject_code="E-26-000001",
                agency=agency,
                due_at=due_at,
            )

    return ask


def sweep_at(now: datetime) -> None:
    """Do what one wake-up does, at a moment of the test's choosing."""
    take_over(now=now)
    while work_once(now=now):
        pass


def later(**span: float) -> datetime:
    return NOW + timedelta(**span)


@pytest.fixture
def bell(monkeypatch: pytest.MonkeyPatch) -> Bell:
    """A second channel beside the inbox."""
    channel = Bell()
    monkeypatch.setitem(CHANNELS, channel.name, channel)
    return channel

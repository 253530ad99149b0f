"""The wake-up: it does what is due, and leaves the rest to the next one when its time is used up."""

from __future__ import annotations

import pytest
from django.utils import timezone
from pytest_django import Settings

from carenet.agencies.models import User
from carenet.reminders.actions import due
from carenet.reminders.models import InboxEntry, Pulse
from carenet.reminders.tasks import sweep
from tests.reminders.conftest import Asked

pytestmark = pytest.mark.django_db


def test_a_wake_up_does_what_is_due(asked: Asked, person: User) -> None:
    for _ in range(3):
        asked(due_at=timezone.now())
    sweep()
    assert InboxEntry.objects.filter(user=person).count() == 3


def test_a_wake_up_leaves_a_sign_of_life() -> None:
    before = timezone.now()
    sweep()
    assert Pulse.objects.get(name="sweep").at >= before


def test_what_exceeds_its_time_is_left_to_the_next(
    asked: Asked, person: User, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.REMINDER_SWEEP_SECONDS = 0
    monkeypatch.setattr(due, "AT_ONCE", 2)
    for _ in range(3):
        asked(due_at=timezone.now())
    sweep()
    assert InboxEntry.objects.filter(user=person).count() == 2

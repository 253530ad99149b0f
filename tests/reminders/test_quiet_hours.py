"""An agency's quiet hours hold back what rings, never the inbox, nor what cannot wait."""

from __future__ import annotations

from datetime import datetime, time

import pytest

from carenet.agencies.models import Agency, User
from carenet.core.clock import ZONE
from carenet.reminders.actions import fall_due
from carenet.reminders.actions.delivery_times import allowed_from
from carenet.reminders.models import Delivery, InboxEntry
from carenet.reminders.registry import Recipient
from carenet.reminders.selectors import oldest_overdue
from carenet.reminders.states import DeliveryState, EngineReason
from tests.reminders.conftest import Asked, sweep_at
from tests.reminders.fake_channel import Bell
from tests.reminders.fake_kinds import Errand
from tests.reminders.people import an_agency

pytestmark = pytest.mark.django_db


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of November 2026 in Tokyo; the 25th is a Wednesday."""
    return datetime(2026, 11, day, hour, minute, tzinfo=ZONE)


def quiet(agency: Agency, begin: time, end: time) -> Agency:
    agency.quiet_from, agency.quiet_until = begin, end
    agency.save()
    return agency


@pytest.mark.parametrize(
    ("begin", "end", "moment", "rings"),
    [
        (time(20), time(7), at(25, 21), at(26, 7)),
        (time(20), time(7), at(25, 3), at(25, 7)),
        (time(20), time(7), at(25, 7), at(25, 7)),
        (time(20), time(7), at(25, 19, 59), at(25, 19, 59)),
        (time(12), time(13), at(25, 12), at(25, 13)),
        (time(12), time(13), at(25, 11), at(25, 11)),
        (time(20), time(7), at(27, 21), at(30, 9)),
        (time(20), time(10), at(28, 12), at(30, 10)),
    ],
)
def test_it_rings_at_their_end(begin: time, end: time, moment: datetime, rings: datetime) -> None:
    agency = quiet(an_agency(closed_weekdays=[5, 6]), begin, end)
    assert allowed_from(Bell(), agency, moment, always=False) == rings


def test_who_is_never_open_and_awake_is_told_at_once() -> None:
    agency = quiet(an_agency(closed_weekdays=[1, 2, 3, 4, 5, 6]), time(8), time(7))
    assert allowed_from(Bell(), agency, at(25, 9), always=False) == at(25, 9)


def test_the_inbox_and_what_cannot_wait_know_no_quiet_hours(
    asked: Asked, agency: Agency, person: User, bell: Bell, errand: Errand
) -> None:
    quiet(agency, time(20), time(7))
    errand.told[0] = [Recipient(person, agency, always=True)]
    asked(due_at=at(25, 22))
    sweep_at(at(25, 22))
    assert InboxEntry.objects.filter(user=person).exists()
    assert len(bell.rang) == 1


def test_what_should_have_rung_before_them_waits_and_is_not_late(
    asked: Asked, agency: Agency, bell: Bell
) -> None:
    asked(due_at=at(25, 19))
    fall_due(now=at(25, 19))
    quiet(agency, time(20), time(7))
    sweep_at(at(25, 22))
    held = Delivery.objects.get(channel="bell")
    assert (held.state, held.reason) == (DeliveryState.PENDING, EngineReason.HELD_BACK)
    assert (held.next_try_at, held.attempts) == (at(26, 7), 0)
    assert oldest_overdue(at(25, 23)) == 0
    sweep_at(at(26, 7))
    assert len(bell.rang) == 1

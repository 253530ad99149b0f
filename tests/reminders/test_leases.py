"""Whoever claims a message has it for a while; the dead are found out, the slow do no harm."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from carenet.agencies.models import User
from carenet.reminders.actions import cancel_reminder, deliver_next, fall_due, take_over
from carenet.reminders.actions.leases import DeliveryOutcome, claim, conclude
from carenet.reminders.channels import CHANNELS
from carenet.reminders.models import Delivery, InboxEntry
from carenet.reminders.selectors import oldest_overdue
from carenet.reminders.states import DeliveryState, EngineReason
from tests.reminders.conftest import NOW, Asked, later, sweep_at
from tests.reminders.fake_channel import Bell
from tests.reminders.fake_kinds import Errand

pytestmark = pytest.mark.django_db


@pytest.fixture
def claimed(asked: Asked, bell: Bell) -> Delivery:
    """A message on the bell whose sender has just claimed it, and is never heard of again."""
    asked()
    fall_due(now=NOW)
    Delivery.objects.filter(channel="inbox").delete()
    found = claim(now=NOW)
    assert found
    assert found.channel == bell.name
    return found


def test_a_claimed_message_is_nobody_elses(claimed: Delivery) -> None:
    assert claim(now=NOW) is None
    assert claimed.state == DeliveryState.ATTEMPTING


def test_a_living_lease_is_respected(claimed: Delivery) -> None:
    take_over(now=later(seconds=1))
    claimed.refresh_from_db()
    assert claimed.state == DeliveryState.ATTEMPTING


def test_with_a_key_it_is_tried_again(claimed: Delivery, bell: Bell) -> None:
    bell.keyed = True
    sweep_at(later(minutes=1))
    claimed.refresh_from_db()
    assert (claimed.state, claimed.attempts) == (DeliveryState.SENT, 2)
    assert bell.rang == [claimed.dedupe_key]


def test_without_a_key_it_is_unknown_and_never_sent_again(claimed: Delivery, bell: Bell) -> None:
    sweep_at(later(minutes=1))
    claimed.refresh_from_db()
    assert (claimed.state, claimed.reason) == (DeliveryState.UNKNOWN, EngineReason.LEASE_EXPIRED)
    assert bell.rang == []


def test_what_was_settled_while_it_was_being_sent_is_not_tried_again(
    claimed: Delivery, bell: Bell, errand: Errand
) -> None:
    bell.keyed = True
    cancel_reminder(kind=errand.name, subject_id=claimed.reminder.subject_id, because="accepted")
    sweep_at(later(minutes=1))
    claimed.refresh_from_db()
    assert (claimed.state, claimed.reason) == (DeliveryState.CANCELLED, EngineReason.SETTLED)
    assert bell.rang == []


def test_what_is_unknown_goes_to_the_inbox(claimed: Delivery, person: User) -> None:
    take_over(now=later(minutes=1))
    second = Delivery.objects.get(channel="inbox", step=claimed.step)
    deliver_next(now=second.due_at)
    assert InboxEntry.objects.filter(user=person, reminder=claimed.reminder).count() == 1


def test_a_channel_of_the_past_counts_as_one_without_keys(
    claimed: Delivery, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(CHANNELS, claimed.channel)
    take_over(now=later(minutes=1))
    claimed.refresh_from_db()
    assert claimed.state == DeliveryState.UNKNOWN


def test_a_sender_that_dies_each_time_ends_in_a_visible_failure(
    claimed: Delivery, bell: Bell
) -> None:
    bell.keyed, bell.gives_up_after = True, 1
    take_over(now=later(minutes=1))
    claimed.refresh_from_db()
    assert claimed.state == DeliveryState.FAILED


def test_the_outcome_of_a_sender_that_was_too_slow_does_not_count(claimed: Delivery) -> None:
    take_over(now=later(minutes=1))
    conclude(claimed, DeliveryOutcome(DeliveryState.SENT), now=NOW)
    claimed.refresh_from_db()
    assert claimed.state == DeliveryState.UNKNOWN


def test_the_slow_sender_cannot_speak_for_its_successor(claimed: Delivery, bell: Bell) -> None:
    bell.keyed = True
    take_over(now=later(minutes=1))
    successor = claim(now=later(minutes=1))
    assert successor
    conclude(claimed, DeliveryOutcome(DeliveryState.FAILED, "slow"), now=NOW)
    claimed.refresh_from_db()
    assert (claimed.state, claimed.token) == (DeliveryState.ATTEMPTING, successor.token)


def test_what_a_slow_sender_still_puts_into_the_inbox_arrives_once(asked: Asked) -> None:
    asked()
    fall_due(now=NOW)
    slow = claim(now=NOW)
    assert slow
    sweep_at(later(minutes=1))
    CHANNELS[slow.channel].send(slow)
    assert InboxEntry.objects.filter(dedupe_key=slow.dedupe_key).count() == 1


def test_the_age_of_the_oldest_overdue_row_tells_how_late_the_engine_is(asked: Asked) -> None:
    assert oldest_overdue(NOW) == 0
    asked(due_at=later(seconds=-30))
    assert oldest_overdue(NOW) == 30
    fall_due(now=NOW)
    assert oldest_overdue(later(seconds=7)) == 7, "now its message is overdue"
    sweep_at(later(seconds=8))
    assert oldest_overdue(later(seconds=9)) == 0


@pytest.mark.parametrize(
    ("changes", "guard"),
    [
        ({"state": "attempting"}, "delivery_leased_while_attempted"),
        ({"state": "sent", "lease_until": None}, "delivery_finished_when_final"),
        ({"state": "lost", "lease_until": None}, "delivery_state_known"),
    ],
)
def test_the_database_refuses_what_the_states_do_not_know(
    asked: Asked, changes: dict[str, object], guard: str
) -> None:
    asked()
    fall_due(now=NOW)
    with pytest.raises(IntegrityError, match=guard), transaction.atomic():
        Delivery.objects.update(**changes)

"""A message is claimed, checked again, sent outside any transaction, and its outcome written down."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.utils import timezone
from pytest_django import Settings

from carenet.agencies.models import Membership, User
from carenet.reminders.actions import cancel_reminder, deliver_next, fall_due
from carenet.reminders.channels import CHANNELS, Refused, Unreachable
from carenet.reminders.models import Delivery, InboxEntry
from carenet.reminders.states import DeliveryState, EngineReason
from tests.reminders.blocked_console import a_full_pipe
from tests.reminders.conftest import NOW, Asked, later, sweep_at
from tests.reminders.fake_channel import Bell
from tests.reminders.fake_kinds import Errand
from tests.reminders.locks import held_elsewhere

pytestmark = pytest.mark.django_db


def rung() -> Delivery:
    return Delivery.objects.get(channel="bell")


def deliver_all() -> None:
    while deliver_next(now=NOW):
        pass


def test_it_arrives_in_the_inbox(asked: Asked, person: User) -> None:
    reminder = asked()
    sweep_at(NOW)
    entry = InboxEntry.objects.get(user=person)
    assert entry.reminder == reminder
    assert entry.delivery.state == DeliveryState.SENT


def test_what_was_settled_meanwhile_is_not_sent(asked: Asked, errand: Errand) -> None:
    reminder = asked()
    fall_due(now=NOW)
    cancel_reminder(kind=errand.name, subject_id=reminder.subject_id, because="accepted")
    deliver_all()
    assert not InboxEntry.objects.exists()


def test_what_no_longer_holds_is_not_sent_and_settles_it(asked: Asked, errand: Errand) -> None:
    reminder = asked()
    fall_due(now=NOW)
    errand.holds = False
    deliver_all()
    reminder.refresh_from_db()
    assert reminder.settled_because == EngineReason.NO_LONGER_HOLDS
    assert not Delivery.objects.exclude(state=DeliveryState.CANCELLED).exists()


def test_a_recipient_who_left_meanwhile_gets_nothing(asked: Asked, person: User) -> None:
    asked()
    fall_due(now=NOW)
    Membership.objects.filter(user=person).update(until=timezone.now())
    deliver_all()
    assert Delivery.objects.get(recipient=person).reason == EngineReason.MEMBERSHIP_ENDED
    assert not InboxEntry.objects.filter(user=person).exists()


def test_a_recipient_who_may_no_longer_see_the_subject_gets_nothing(
    asked: Asked, errand: Errand, person: User
) -> None:
    asked()
    fall_due(now=NOW)
    errand.out_of_sight_of = {person.pk}
    deliver_all()
    assert Delivery.objects.get(recipient=person).reason == EngineReason.OUT_OF_SIGHT


def test_a_channel_that_was_switched_off_sends_nothing(asked: Asked, bell: Bell) -> None:
    asked()
    fall_due(now=NOW)
    bell.on = False
    deliver_all()
    assert (rung().state, rung().reason) == (DeliveryState.CANCELLED, EngineReason.CHANNEL_OFF)


def test_a_kind_that_fails_now_is_asked_again_later(asked: Asked, errand: Errand) -> None:
    asked()
    fall_due(now=NOW)
    errand.broken = True
    deliver_all()
    errand.broken = False
    sweep_at(later(minutes=1))
    assert not Delivery.objects.exclude(state=DeliveryState.SENT).exists()


def test_what_is_unreachable_is_tried_later(asked: Asked, bell: Bell) -> None:
    asked()
    bell.error = Unreachable("busy")
    sweep_at(NOW)
    assert (rung().state, rung().reason) == (DeliveryState.PENDING, "busy")
    bell.error = None
    sweep_at(later(seconds=1))
    assert rung().state == DeliveryState.PENDING, "the pause has not passed"
    sweep_at(later(minutes=1))
    assert rung().state == DeliveryState.SENT


def test_every_try_carries_the_same_key(asked: Asked, bell: Bell) -> None:
    bell.keyed, bell.error = True, ConnectionError()
    keys = set()
    bell.meanwhile = lambda: keys.add(rung().dedupe_key)
    asked()
    sweep_at(NOW)
    sweep_at(later(minutes=1))
    assert rung().attempts == 2
    assert len(keys) == 1


def test_what_is_refused_fails_at_once(asked: Asked, bell: Bell) -> None:
    bell.error = Refused("no_such_address")
    asked()
    sweep_at(NOW)
    assert (rung().state, rung().reason) == (DeliveryState.FAILED, "no_such_address")


def test_trying_ends_in_a_visible_failure(asked: Asked, bell: Bell) -> None:
    bell.error = Unreachable("busy")
    asked()
    for minutes in range(0, 60, 15):
        sweep_at(later(minutes=minutes))
    assert (rung().state, rung().attempts) == (DeliveryState.FAILED, 3)


def test_what_broke_off_in_mid_call_is_unknown_and_not_sent_again(asked: Asked, bell: Bell) -> None:
    bell.error = ConnectionResetError()
    asked()
    sweep_at(NOW)
    bell.error = None
    sweep_at(later(days=2))
    assert rung_at_first().state == DeliveryState.UNKNOWN
    assert rung_at_first().dedupe_key not in bell.rang


def test_a_channel_with_keys_is_tried_again_after_it_broke_off(asked: Asked, bell: Bell) -> None:
    bell.keyed, bell.error = True, ConnectionResetError()
    asked()
    sweep_at(NOW)
    bell.error = None
    sweep_at(later(minutes=1))
    assert rung().state == DeliveryState.SENT


def test_what_is_unknown_reaches_the_inbox_though_none_was_written(
    asked: Asked, bell: Bell, person: User
) -> None:
    bell.error = ConnectionResetError()
    asked()
    fall_due(now=NOW)
    # As of an occurrence that went out on this channel alone.
    Delivery.objects.filter(channel="inbox").delete()
    deliver_all()
    deliver_next(now=timezone.now())
    assert InboxEntry.objects.filter(user=person).count() == 1


@pytest.mark.django_db(transaction=True)
def test_it_is_sent_outside_any_transaction(asked: Asked, bell: Bell) -> None:
    inside: list[bool] = []
    bell.meanwhile = lambda: inside.append(connection.in_atomic_block)
    asked()
    sweep_at(NOW)
    assert inside == [False]


@pytest.mark.django_db(transaction=True)
def test_within_a_transaction_it_refuses_to_send(asked: Asked, bell: Bell) -> None:
    asked()
    fall_due(now=NOW)
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        deliver_next(now=NOW)
    assert bell.rang == []


@pytest.mark.django_db(transaction=True)
def test_a_sender_passes_over_what_another_one_is_claiming(asked: Asked) -> None:
    asked()
    fall_due(now=NOW)
    first, second = Delivery.objects.order_by("id")
    with held_elsewhere(first):
        deliver_all()
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == (DeliveryState.PENDING, DeliveryState.SENT)


@pytest.mark.parametrize("name", list(CHANNELS))
def test_a_send_ends_before_its_lease_does(name: str, settings: Settings) -> None:
    assert CHANNELS[name].timeout < settings.REMINDER_LEASE_SECONDS


def test_the_console_tells_ids_and_codes_only(asked: Asked, person: User, console_on: Path) -> None:
    asked()
    sweep_at(NOW)
    told = json.loads(console_on.read_text())
    assert told["subject"] == "E-26-000001"
    assert told["user"] == str(person.pk)
    assert person.name not in console_on.read_text()


def test_the_console_may_be_the_standard_output(
    asked: Asked, settings: Settings, capfd: pytest.CaptureFixture[str]
) -> None:
    settings.REMINDER_CONSOLE = "-"
    asked()
    sweep_at(NOW)
    assert '"subject": "E-26-000001"' in capfd.readouterr().out


def test_a_console_that_is_full_does_not_hold_the_sender(
    asked: Asked, console_on: Path, settings: Settings
) -> None:
    settings.REMINDER_LEASE_SECONDS = 0.3
    asked()
    fall_due(now=NOW)
    with a_full_pipe(console_on):
        deliver_all()
    message = Delivery.objects.get(channel="console")
    assert (message.state, message.reason) == (DeliveryState.PENDING, "nobody_reads")


def test_a_console_without_a_reader_is_tried_later(asked: Asked, console_on: Path) -> None:
    os.mkfifo(console_on)
    asked()
    sweep_at(NOW)
    message = Delivery.objects.get(channel="console")
    assert (message.state, message.reason) == (DeliveryState.PENDING, "cannot_open")


def rung_at_first() -> Delivery:
    bells = Delivery.objects.exclude(reminder__kind="reminder.undelivered")
    return bells.get(channel="bell", step=0)

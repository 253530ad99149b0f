"""Many at once come to the same as one by one, and one that fails holds up nobody."""

from __future__ import annotations

import os
import select
from collections import Counter
from collections.abc import Sequence
from itertools import count
from pathlib import Path

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from carenet.agencies.models import Agency, User
from carenet.agencies.selectors import Roster
from carenet.reminders import registry
from carenet.reminders.actions import (
    acknowledge,
    cancel_reminder,
    deliver_together,
    due,
    fall_due,
    fall_due_together,
    schedule_reminders,
    take_over,
    work_once,
    worker,
)
from carenet.reminders.actions.leases import DeliveryOutcome, claim_together, conclude_together
from carenet.reminders.channels import INBOX
from carenet.reminders.channels.console import Console
from carenet.reminders.channels.inbox import Inbox
from carenet.reminders.models import Delivery, InboxEntry, Occurrence, Reminder
from carenet.reminders.registry import ReminderKind, ReminderRequest
from carenet.reminders.states import DeliveryState
from tests.reminders.blocked_console import a_full_pipe, drain
from tests.reminders.conftest import NOW, Asked, later, sweep_at
from tests.reminders.fake_channel import Bell
from tests.reminders.fake_kinds import Errand
from tests.reminders.locks import held_elsewhere
from tests.reminders.people import acting

pytestmark = pytest.mark.django_db


def arrived() -> set[object]:
    return set(InboxEntry.objects.filter(user__isnull=False).values_list("reminder", flat=True))


def failing_for(errand: Errand, bad: Reminder) -> object:
    told = errand.told[0]

    def recipients(occurrence: Occurrence) -> object:
        if occurrence.subject_id == bad.subject_id:
            raise RuntimeError
        return told

    return recipients


def test_few_cost_as_many_statements_as_many(asked: Asked) -> None:
    def cost(number: int) -> int:
        for _ in range(number):
            asked()
        with CaptureQueriesContext(connection) as captured:
            fall_due_together(now=NOW)
            deliver_together(now=NOW)
        return len(captured)

    assert cost(3) == cost(8)
    assert InboxEntry.objects.filter(user__isnull=False).count() == 11


def test_one_that_fails_is_put_off_and_the_others_are_told(
    asked: Asked, errand: Errand, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, *good = [asked() for _ in range(4)]
    monkeypatch.setattr(errand, "recipients", failing_for(errand, bad))
    while work_once(now=NOW):
        pass
    bad.refresh_from_db()
    assert arrived() == {each.pk for each in good}
    assert (bad.step, bad.errors, bad.last_error) == (0, 1, "RuntimeError")


def test_one_whose_kind_is_gone_holds_up_nobody(asked: Asked) -> None:
    stray, good = asked(), asked()
    Reminder.objects.filter(pk=stray.pk).update(kind="test.gone")
    while work_once(now=NOW):
        pass
    stray.refresh_from_db()
    assert (arrived(), stray.last_error) == ({good.pk}, "KeyError")


def test_one_whose_reason_is_gone_is_settled(asked: Asked, errand: Errand) -> None:
    over = asked()
    errand.holds = False
    fall_due_together(now=NOW)
    over.refresh_from_db()
    assert over.settled_because == "no_longer_holds"


def test_whoever_took_one_on_is_asked_alone_though_others_fall_due_with_it(
    asked: Asked, person: User, agency: Agency
) -> None:
    taken = asked()
    sweep_at(NOW)
    entry = InboxEntry.objects.get(user=person)
    acknowledge(actor=acting(person, agency), entry=entry)
    taken.refresh_from_db()
    assert taken.due_at is not None
    other = asked(due_at=taken.due_at)
    fall_due_together(now=taken.due_at)
    taken.refresh_from_db()
    assert not taken.asks_holder
    assert Delivery.objects.filter(reminder=taken, turn=1).exists()
    assert Delivery.objects.filter(reminder=other).exists()


def test_what_a_batch_has_no_time_for_is_the_next_ones(
    asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting = asked()
    monkeypatch.setattr(due, "LONGEST_LOCK", -1)
    fall_due_together(now=NOW)
    waiting.refresh_from_db()
    assert (waiting.step, waiting.errors, waiting.due_at) == (0, 0, NOW)


@pytest.mark.django_db(transaction=True)
def test_what_another_sweep_is_busy_with_is_passed_over(asked: Asked) -> None:
    busy, free = asked(), asked()
    with held_elsewhere(busy):
        assert fall_due_together(now=NOW)
    assert set(Delivery.objects.values_list("reminder", flat=True)) == {free.pk}


def test_an_inbox_that_refuses_all_takes_each(
    asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    several = {asked().pk for _ in range(3)}
    fall_due_together(now=NOW)
    take = Inbox.send_together

    def only_one(inbox: Inbox, deliveries: Sequence[Delivery]) -> None:
        if len(deliveries) > 1:
            raise IntegrityError
        take(inbox, deliveries)

    monkeypatch.setattr(Inbox, "send_together", only_one)
    deliver_together(now=NOW)
    assert arrived() == several


def test_what_is_settled_meanwhile_does_not_arrive_with_the_others(
    asked: Asked, errand: Errand
) -> None:
    over, open_one = asked(), asked()
    fall_due_together(now=NOW)
    cancel_reminder(kind=errand.name, subject_id=over.subject_id, because="accepted")
    deliver_together(now=NOW)
    assert arrived() == {open_one.pk}


def test_killed_with_many_in_hand_each_arrives_once(asked: Asked) -> None:
    several = {asked().pk for _ in range(3)}
    fall_due_together(now=NOW)
    claimed = claim_together(INBOX, now=NOW)
    Inbox().send_together(claimed[:1])
    take_over(now=later(hours=1))
    deliver_together(now=later(hours=1))
    assert arrived() == several
    assert InboxEntry.objects.count() == Delivery.objects.count()


def test_who_was_slower_than_the_lease_says_nothing_any_more(asked: Asked) -> None:
    asked()
    fall_due(now=NOW)
    slow = claim_together(INBOX, now=NOW)
    take_over(now=later(hours=1))
    assert claim_together(INBOX, now=later(hours=1))
    sent = DeliveryOutcome(DeliveryState.SENT)
    conclude_together([(each, sent) for each in slow], now=later(hours=1))
    assert not Delivery.objects.filter(state=DeliveryState.SENT).exists()


def test_a_kind_that_looks_at_many_is_asked_to_once(
    asked: Asked, errand: Errand, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[int] = []

    def looking_at(occurrences: Sequence[Occurrence], _roster: Roster) -> ReminderKind:
        looks.append(len(occurrences))
        return errand

    monkeypatch.setattr(errand, "for_batch", looking_at, raising=False)
    assert isinstance(errand, registry.BatchKind)
    for _ in range(3):
        asked()
    fall_due_together(now=NOW)
    assert looks == [3]


def test_few_lines_cost_as_many_statements_as_many(asked: Asked, console_on: Path) -> None:
    def cost(number: int) -> int:
        for _ in range(number):
            asked()
        fall_due_together(now=NOW)
        with CaptureQueriesContext(connection) as captured:
            deliver_together(now=NOW)
        return len(captured)

    assert cost(3) == cost(8)
    assert len(console_on.read_text().splitlines()) == 11


def test_killed_with_many_lines_in_hand_each_is_unknown_and_none_goes_out_again(
    asked: Asked, console_on: Path
) -> None:
    for _ in range(3):
        asked()
    fall_due_together(now=NOW)
    claimed = claim_together("console", now=NOW)
    Console().send_together(claimed[:1])
    take_over(now=later(hours=1))
    deliver_together(now=later(hours=1))
    lines = Delivery.objects.filter(channel="console")
    assert {each.state for each in lines} == {DeliveryState.UNKNOWN}
    assert len(console_on.read_text().splitlines()) == 1
    assert len(arrived()) == 3


def test_lines_for_which_there_is_no_room_are_tried_again(
    asked: Asked, console_on: Path, settings: Settings
) -> None:
    settings.REMINDER_LEASE_SECONDS = 0.6
    for _ in range(60):
        asked()
    fall_due_together(now=NOW)
    with a_full_pipe(console_on) as pipe:
        os.read(pipe, 2 * select.PIPE_BUF)
        deliver_together(now=NOW)
        told = drain(pipe).splitlines()
    lines = Counter(Delivery.objects.filter(channel="console").values_list("state", "reason"))
    assert lines == {("sent", ""): len(told), ("pending", "nobody_reads"): 60 - len(told)}
    assert 0 < len(told) < 60


def test_lines_of_which_nobody_knows_are_unknown_and_no_others(
    asked: Asked, console_on: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(60):
        asked()
    fall_due_together(now=NOW)
    write, failed = os.write, list[bytes]()

    def at_first_not(handle: int, content: bytes) -> int:
        if not failed:
            failed.append(content)
            raise InterruptedError
        return write(handle, content)

    monkeypatch.setattr(os, "write", at_first_not)
    deliver_together(now=NOW)
    lines = Counter(Delivery.objects.filter(channel="console").values_list("state", flat=True))
    number = len(failed[0].splitlines())
    assert lines == {DeliveryState.UNKNOWN: number, DeliveryState.SENT: 60 - number}
    assert len(console_on.read_text().splitlines()) == 60 - number


def test_what_goes_out_one_by_one_does_not_wait_for_the_next_round(
    asked: Asked, bell: Bell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "ONE_BY_ONE_SECONDS", 60)  # however slow it is here
    for _ in range(3):
        asked()
    work_once(now=NOW)
    assert len(bell.rang) == 3


def test_a_lease_begins_when_it_is_taken(
    asked: Asked, bell: Bell, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    seconds = count()
    monkeypatch.setattr(worker, "monotonic", lambda: next(seconds))
    leases = []
    bell.meanwhile = lambda: leases.append(Delivery.objects.get(channel="bell").lease_until)
    asked()
    work_once(now=NOW)
    assert leases[0]
    assert leases[0] > later(seconds=settings.REMINDER_LEASE_SECONDS)


def test_nothing_can_be_written_as_new_about_what_is_open(
    asked: Asked, errand: Errand, agency: Agency
) -> None:
    known = asked()
    with pytest.raises(IntegrityError):
        schedule_reminders(
            errand.name, [ReminderRequest(known.subject_id, "E-26-000001", agency, NOW)]
        )

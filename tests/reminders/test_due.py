"""A step that falls due becomes messages to those who hold the role at that moment."""

from __future__ import annotations

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from carenet.agencies.models import Agency, CalendarException, Membership, User
from carenet.audit.models import AuditEntry
from carenet.reminders import registry
from carenet.reminders.actions import fall_due, work_once
from carenet.reminders.models import Delivery, InboxEntry, Reminder
from carenet.reminders.registry import Recipient
from carenet.reminders.selectors import oldest_overdue
from carenet.reminders.states import EngineReason
from tests.reminders.conftest import NOW, Asked, later, sweep_at
from tests.reminders.fake_kinds import Errand
from tests.reminders.locks import held_elsewhere
from tests.reminders.people import a_member, an_agency, be_away

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(errand: Errand, agency: Agency) -> User:
    """Whom the last step reaches."""
    user = a_member(agency)
    errand.told[1] = [Recipient(user, agency)]
    return user


def test_nothing_is_said_before_the_time(asked: Asked) -> None:
    asked(due_at=later(seconds=1))
    assert not fall_due(now=NOW)


@pytest.mark.usefixtures("console_on")
def test_each_recipient_gets_one_message_per_channel(
    asked: Asked, errand: Errand, agency: Agency
) -> None:
    errand.told[0] = [Recipient(a_member(agency), agency), Recipient(a_member(agency), agency)]
    asked()
    fall_due(now=NOW)
    messages = Delivery.objects.filter(recipient__isnull=False)
    assert sorted(messages.values_list("channel", flat=True)) == [
        "console", "console", "inbox", "inbox",
    ]  # fmt: skip


def test_a_person_named_twice_is_told_once(
    asked: Asked, errand: Errand, agency: Agency, person: User
) -> None:
    errand.told[0] = [Recipient(person, agency)] * 2
    asked()
    fall_due(now=NOW)
    assert Delivery.objects.filter(recipient=person).count() == 1


def test_those_are_told_who_hold_the_role_now(
    asked: Asked, errand: Errand, agency: Agency, person: User
) -> None:
    successor = a_member(agency)
    asked()
    errand.told[0] = [Recipient(successor, agency)]
    sweep_at(NOW)
    assert InboxEntry.objects.filter(user=successor).exists()
    assert not InboxEntry.objects.filter(user=person).exists()


def test_a_member_who_has_left_is_not_told(
    asked: Asked, errand: Errand, agency: Agency, person: User
) -> None:
    stays = a_member(agency)
    errand.told[0].append(Recipient(stays, agency))
    Membership.objects.filter(user=person).update(until=timezone.now())
    asked()
    fall_due(now=NOW)
    assert set(Delivery.objects.values_list("recipient", flat=True)) == {stays.pk, None}


def test_for_a_member_who_is_away_the_deputy_is_told(
    asked: Asked, agency: Agency, person: User
) -> None:
    deputy = a_member(agency)
    be_away(person, deputy)
    asked()
    fall_due(now=NOW)
    assert set(Delivery.objects.values_list("recipient", flat=True)) == {deputy.pk, None}


def test_where_all_are_away_the_next_step_follows_at_once(
    asked: Asked, errand: Errand, agency: Agency, person: User
) -> None:
    manager = a_member(agency)
    errand.told[1] = [Recipient(manager, agency)]
    be_away(person)
    asked()
    sweep_at(NOW)
    assert [entry.user for entry in InboxEntry.objects.filter(user__isnull=False)] == [manager]


def test_the_last_step_comes_again_until_the_reason_ends(
    asked: Asked, errand: Errand, manager: User
) -> None:
    asked()
    for days, told in ((0, 0), (1, 1), (5, 1), (6, 2), (11, 3)):
        sweep_at(later(days=days))
        assert InboxEntry.objects.filter(user=manager).count() == told
    errand.holds = False
    sweep_at(later(days=30))
    assert InboxEntry.objects.filter(user=manager).count() == 3


def test_what_another_kind_chases_is_told_once(
    asked: Asked, errand: Errand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, "_once", {errand.name})
    reminder = asked()
    for days in (0, 1, 30):
        sweep_at(later(days=days))
    reminder.refresh_from_db()
    assert (reminder.step, reminder.due_at) == (2, None)


def test_at_the_last_step_rather_somebody_who_is_away_than_nobody(
    asked: Asked, errand: Errand, person: User
) -> None:
    errand.last_step = 0
    be_away(person)
    asked()
    fall_due(now=NOW)
    assert Delivery.objects.filter(recipient=person).exists()


def test_whoever_may_not_see_the_subject_is_not_told(
    asked: Asked, errand: Errand, agency: Agency, person: User
) -> None:
    errand.told[0].append(Recipient(a_member(agency), agency))
    errand.out_of_sight_of = {person.pk}
    asked()
    fall_due(now=NOW)
    assert not Delivery.objects.filter(recipient=person).exists()


def test_a_reason_that_is_gone_settles_it(asked: Asked, errand: Errand) -> None:
    reminder = asked()
    errand.holds = False
    fall_due(now=NOW)
    reminder.refresh_from_db()
    assert reminder.settled_because == EngineReason.NO_LONGER_HOLDS
    assert not Delivery.objects.exists()


def test_the_next_step_falls_due_when_the_kind_says(asked: Asked) -> None:
    reminder = asked()
    fall_due(now=NOW)
    reminder.refresh_from_db()
    assert (reminder.step, reminder.due_at) == (1, later(days=1))


def test_with_nobody_to_tell_the_next_step_falls_due_at_once(asked: Asked, errand: Errand) -> None:
    errand.told[0] = []
    asked()
    sweep_at(NOW)
    assert InboxEntry.objects.filter(user__isnull=False).get().delivery.step == 1


def test_nobody_to_tell_is_in_the_trail(asked: Asked, errand: Errand) -> None:
    errand.told[0] = []
    reminder = asked()
    sweep_at(NOW)
    entry = nobody_to_tell(reminder).get()
    assert entry.object_ids == [reminder.subject_id]
    assert entry.detail["step"] == 0


def test_the_last_step_waits_for_somebody_to_come(
    asked: Asked, errand: Errand, agency: Agency
) -> None:
    told, errand.told = errand.told, {}
    reminder = asked()
    sweep_at(NOW)
    sweep_at(later(days=1))
    errand.told = told
    sweep_at(later(days=2))
    assert InboxEntry.objects.filter(agency=agency, user__isnull=False).count() == 1
    assert nobody_to_tell(reminder).count() == 2


def nobody_to_tell(reminder: Reminder) -> QuerySet[AuditEntry]:
    """The trail keeps what other tests have committed."""
    return AuditEntry.objects.filter(
        action="reminder.nobody_to_tell", detail__reminder=str(reminder.pk)
    )


def test_an_error_of_a_kind_does_not_hold_up_the_others(
    asked: Asked, errand: Errand, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = asked(due_at=later(hours=-1))
    good = asked()
    monkeypatch.setattr(
        errand, "recipients", _failing_for(bad.subject_id, errand.told[0]), raising=True
    )
    sweep_at(NOW)
    assert InboxEntry.objects.filter(reminder=good).exists()
    assert not InboxEntry.objects.filter(reminder=bad).exists()


def test_an_error_of_a_kind_is_kept_and_shows_as_delay(asked: Asked, errand: Errand) -> None:
    errand.broken = True
    reminder = asked(due_at=later(hours=-1))
    sweep_at(NOW)
    reminder.refresh_from_db()
    assert (reminder.errors, reminder.last_error) == (1, "RuntimeError")
    assert oldest_overdue(NOW) == 3600


def test_after_an_error_it_is_tried_again(asked: Asked, errand: Errand) -> None:
    errand.broken = True
    reminder = asked()
    sweep_at(NOW)
    errand.broken = False
    assert not fall_due(now=NOW), "not at once"
    sweep_at(later(minutes=1))
    reminder.refresh_from_db()
    assert (reminder.step, reminder.errors, reminder.last_error) == (1, 0, "")


def test_an_agencys_own_entry_is_written_once_however_many_are_told(
    asked: Asked, errand: Errand, agency: Agency
) -> None:
    errand.told[0] = [Recipient(a_member(agency), agency) for _ in range(3)]
    asked()
    sweep_at(NOW)
    assert InboxEntry.objects.filter(agency=agency, user=None).count() == 1


def test_an_agencys_systems_are_not_told_what_only_people_may_see(
    asked: Asked, errand: Errand
) -> None:
    errand.out_of_sight_of = {None}
    asked()
    sweep_at(NOW)
    assert not Delivery.objects.filter(recipient=None).exists()


@pytest.mark.usefixtures("console_on")
def test_what_rings_waits_for_an_open_day_and_the_inbox_does_not(
    asked: Asked, errand: Errand
) -> None:
    closed_today = an_agency(closed_weekdays=(NOW.weekday(),))
    errand.told[0] = [Recipient(a_member(closed_today), closed_today)]
    asked()
    fall_due(now=NOW)
    messages = Delivery.objects.filter(recipient__isnull=False)
    when = dict(messages.values_list("channel", "due_at"))
    assert when["inbox"] == NOW
    assert NOW < when["console"] <= later(days=1)


@pytest.mark.usefixtures("console_on")
def test_an_agency_that_never_opens_is_told_all_the_same(asked: Asked, errand: Errand) -> None:
    today = NOW.weekday()
    never_open = an_agency(closed_weekdays=[day for day in range(7) if day != today])
    CalendarException.objects.bulk_create(
        CalendarException(agency=never_open, on=later(weeks=week).date()) for week in range(60)
    )
    errand.told[0] = [Recipient(a_member(never_open), never_open)]
    asked()
    fall_due(now=NOW)
    assert Delivery.objects.get(channel="console").due_at == NOW


@pytest.mark.usefixtures("console_on")
def test_a_step_marked_always_rings_on_a_closed_day(asked: Asked, errand: Errand) -> None:
    closed_today = an_agency(closed_weekdays=(NOW.weekday(),))
    errand.told[0] = [Recipient(a_member(closed_today), closed_today, always=True)]
    asked()
    fall_due(now=NOW)
    assert Delivery.objects.get(channel="console").due_at == NOW


@pytest.mark.django_db(transaction=True)
def test_sweeps_at_the_same_time_tell_everybody_once(asked: Asked, person: User) -> None:
    for number in range(20):
        asked(due_at=NOW - timedelta(seconds=number))
    barrier = Barrier(4)

    def sweep() -> None:
        barrier.wait()
        while work_once(now=NOW):
            pass
        connection.close()

    threads = [Thread(target=sweep) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert InboxEntry.objects.filter(user=person).count() == 20
    assert not Delivery.objects.exclude(attempts=1).exists()


@pytest.mark.django_db(transaction=True)
def test_a_sweep_passes_over_what_another_one_is_busy_with(asked: Asked) -> None:
    busy, free = asked(due_at=later(hours=-1)), asked()
    with held_elsewhere(busy):
        assert fall_due(now=NOW)
        assert not fall_due(now=NOW)
    assert set(Delivery.objects.values_list("reminder", flat=True)) == {free.pk}


def _failing_for(subject_id: object, told: list[Recipient]) -> object:
    def recipients(occurrence: object) -> list[Recipient]:
        if getattr(occurrence, "subject_id", None) == subject_id:
            raise RuntimeError
        return told

    return recipients

"""Whoever had taken a reminder on leaves: it does not stay with them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from carenet.accounts.actions.accounts import disable_account
from carenet.agencies.actions import end_membership
from carenet.agencies.models import Agency, Membership, User
from carenet.agencies.roles import Role
from carenet.audit.models import AuditEntry
from carenet.reminders.actions import acknowledge, cancel_reminder, delegate
from carenet.reminders.models import InboxEntry, Reminder
from carenet.reminders.registry import Recipient
from tests.reminders.conftest import NOW, Asked, later, sweep_at
from tests.reminders.fake_kinds import Errand
from tests.reminders.people import a_member, acting

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def colleague(agency: Agency, person: User, errand: Errand) -> User:
    """Somebody else at the desk, who is told as well."""
    colleague = a_member(agency)
    errand.told[0] = [Recipient(person, agency), Recipient(colleague, agency)]
    return colleague


@pytest.fixture
def entry(asked: Asked, person: User, colleague: User) -> InboxEntry:  # noqa: ARG001 - both are told
    asked()
    sweep_at(NOW)
    return InboxEntry.objects.get(user=person)


def told(user: User) -> int:
    return InboxEntry.objects.filter(user=user).count()


def test_the_desk_hears_at_once_what_a_disabled_colleague_had_taken_on(
    entry: InboxEntry, person: User, colleague: User, clock: time_machine.Traveller
) -> None:
    acknowledge(actor=acting(person, entry.agency), entry=entry)
    clock.move_to(later(hours=1))
    disable_account(user=person)
    sweep_at(later(hours=1))
    assert told(colleague) == 2
    assert Reminder.objects.get().holder is None


def test_what_was_handed_to_somebody_who_leaves_comes_back_to_the_desk(
    entry: InboxEntry, person: User, colleague: User
) -> None:
    delegate(actor=acting(person, entry.agency), entry=entry, person=colleague)
    sweep_at(NOW)
    end_membership(actor=None, membership=Membership.objects.get(user=colleague))
    sweep_at(later(minutes=1))
    assert (told(person), told(colleague)) == (2, 2)


def test_the_chase_goes_on_after_that_as_ever(
    entry: InboxEntry, person: User, agency: Agency, errand: Errand
) -> None:
    manager = a_member(agency, Role.MANAGER)
    errand.told[1] = [Recipient(manager, agency)]
    acknowledge(actor=acting(person, agency), entry=entry)
    disable_account(user=person)
    sweep_at(later(minutes=1))
    assert told(manager) == 0
    sweep_at(later(days=1, minutes=1))
    assert told(manager) == 1


def test_what_is_over_stays_over(entry: InboxEntry, person: User) -> None:
    acknowledge(actor=acting(person, entry.agency), entry=entry)
    cancel_reminder(kind=entry.reminder.kind, subject_id=entry.reminder.subject_id, because="done")
    disable_account(user=person)
    assert Reminder.objects.get().holder == person


def test_it_is_written_to_the_trail(entry: InboxEntry, person: User) -> None:
    acknowledge(actor=acting(person, entry.agency), entry=entry)
    disable_account(user=person)
    row = AuditEntry.objects.get(action="reminder.lose_holder")
    assert (row.object_ids, row.detail["person"]) == ([entry.reminder_id], str(person.pk))

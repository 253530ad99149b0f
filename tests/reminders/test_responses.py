"""Taken on, put off, handed on: the chase waits, and nobody's word ends it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from carenet.agencies.models import Agency, Membership, User
from carenet.agencies.roles import Role, Scope
from carenet.audit.models import AuditEntry
from carenet.reminders.actions import acknowledge, cancel_reminder
from carenet.reminders.models import Delivery, InboxEntry, Reminder, ReminderEvent
from carenet.reminders.registry import Recipient
from carenet.reminders.states import DeliveryState, EngineReason
from tests.factories import a_system, api
from tests.reminders.conftest import NOW, Asked, later, sweep_at
from tests.reminders.fake_channel import Bell
from tests.reminders.fake_kinds import Errand
from tests.reminders.people import a_member, acting, an_agency

pytestmark = pytest.mark.django_db
URL = "/api/v1/reminders/"


@pytest.fixture(autouse=True)
def _standing_clock() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def manager(agency: Agency, errand: Errand) -> User:
    """Whom the second step tells."""
    manager = a_member(agency, Role.MANAGER)
    errand.told[1] = [Recipient(manager, agency)]
    return manager


@pytest.fixture
def entry(asked: Asked, person: User) -> InboxEntry:
    asked()
    sweep_at(NOW)
    return InboxEntry.objects.get(user=person)


def respond(entry: InboxEntry, verb: str, **body: Any) -> Any:
    assert entry.user
    return api(acting(entry.user, entry.agency)).post(f"{URL}{entry.pk}/{verb}/", body)


def told(user: User) -> int:
    return InboxEntry.objects.filter(user=user).count()


def test_what_is_taken_on_chases_nobody_else_meanwhile(entry: InboxEntry, manager: User) -> None:
    answer = respond(entry, "acknowledge")
    assert answer.json()["holder"]["id"] == str(entry.user_id)
    assert answer.json()["held_until"] == "2026-11-28T10:00:00+09:00"
    sweep_at(later(days=2))
    assert told(manager) == 0


def test_whoever_took_it_on_is_asked_first_then_the_chase_goes_on(
    entry: InboxEntry, person: User, manager: User
) -> None:
    respond(entry, "acknowledge")
    sweep_at(later(days=3))
    assert (told(person), told(manager)) == (2, 0)
    sweep_at(later(days=4))
    assert (told(person), told(manager)) == (3, 1)


def test_after_the_last_step_it_is_chased_again(
    entry: InboxEntry, person: User, manager: User
) -> None:
    sweep_at(later(days=1))
    assert Reminder.objects.get().repeats
    respond(entry, "acknowledge")
    for days in (3, 4, 5):
        sweep_at(later(days=days))
    assert (told(person), told(manager)) == (3, 2)


def test_what_was_about_to_ring_does_not(entry: InboxEntry, bell: Bell, manager: User) -> None:
    bell.on = False
    sweep_at(later(days=1))
    bell.on = True
    message = Delivery.objects.get(recipient=manager)
    message.pk, message.channel, message.dedupe_key = None, "bell", "ringing"
    message.state, message.finished_at = DeliveryState.PENDING, None
    message.save(force_insert=True)
    respond(entry, "acknowledge")
    message.refresh_from_db()
    assert (message.state, message.reason) == (DeliveryState.CANCELLED, EngineReason.HELD)


def test_it_is_held_back_only_so_often_in_a_row(entry: InboxEntry, settings: Settings) -> None:
    settings.REMINDER_HOLDS = 1
    assert respond(entry, "acknowledge").status_code == 200
    assert respond(entry, "acknowledge").json()["code"] == "held_too_often"


def test_put_off_it_comes_again_on_that_morning(entry: InboxEntry, person: User) -> None:
    answer = respond(entry, "snooze", until="2026-11-30", reason="入院中")
    assert answer.json()["held_until"] == "2026-11-30T09:00:00+09:00"
    sweep_at(later(days=4))
    assert told(person) == 1
    sweep_at(later(days=5))
    assert told(person) == 2


@pytest.mark.parametrize("until", ["2026-11-25", "2026-12-01", "2026-11-01"])
def test_it_is_put_off_to_a_near_day_ahead(entry: InboxEntry, until: str) -> None:
    answer = respond(entry, "snooze", until=until, reason="入院中")
    assert answer.status_code == 400
    assert "2026-11-30" in answer.json()["errors"][0]["detail"]


def test_putting_off_needs_a_reason(entry: InboxEntry) -> None:
    answer = respond(entry, "snooze", until="2026-11-27")
    assert answer.json()["errors"][0]["pointer"] == "/reason"


def test_what_cannot_wait_is_not_put_off(entry: InboxEntry) -> None:
    Delivery.objects.filter(pk=entry.delivery_id).update(always=True)
    answer = respond(entry, "snooze", until="2026-11-27", reason="入院中")
    assert (answer.status_code, answer.json()["code"]) == (409, "cannot_wait")


def test_handed_on_it_is_with_the_colleague_at_once(
    entry: InboxEntry, agency: Agency, manager: User
) -> None:
    colleague = a_member(agency)
    answer = respond(entry, "delegate", person=str(colleague.pk), reason="担当")
    assert answer.json()["holder"] == {"id": str(colleague.pk), "name": colleague.name}
    sweep_at(NOW)
    assert (told(colleague), told(manager)) == (1, 0)
    sweep_at(later(days=1))
    assert (told(colleague), told(manager)) == (2, 1), "the chase goes on, the holder hears of it"


def test_a_holder_who_has_left_holds_nothing(
    entry: InboxEntry, agency: Agency, manager: User
) -> None:
    colleague = a_member(agency)
    respond(entry, "delegate", person=str(colleague.pk))
    Membership.objects.filter(user=colleague).update(until=NOW)
    sweep_at(NOW)
    assert told(manager) == 1


def test_it_is_handed_on_within_the_agency_to_who_may_see_it(
    entry: InboxEntry, errand: Errand, agency: Agency, person: User
) -> None:
    stranger, blind = a_member(an_agency()), a_member(agency)
    errand.out_of_sight_of = {blind.pk}
    for somebody in (stranger, blind, person):
        answer = respond(entry, "delegate", person=str(somebody.pk))
        assert answer.json()["errors"][0]["pointer"] == "/person"
    assert not ReminderEvent.objects.exists()


def test_who_may_no_longer_see_the_subject_only_marks_it_read(
    entry: InboxEntry, errand: Errand, person: User
) -> None:
    errand.out_of_sight_of = {person.pk}
    assert respond(entry, "acknowledge").json()["code"] == "subject_out_of_sight"
    assert respond(entry, "read").json()["read_at"]


def test_reading_it_over_the_api_is_not_having_read_it(entry: InboxEntry, person: User) -> None:
    client = api(acting(person, entry.agency))
    assert client.get(f"{URL}{entry.pk}/").json()["read_at"] is None
    first = respond(entry, "read").json()["read_at"]
    assert respond(entry, "read").json()["read_at"] == first == "2026-11-25T10:00:00+09:00"


def test_what_is_settled_takes_no_response(entry: InboxEntry, errand: Errand) -> None:
    respond(entry, "acknowledge")
    cancel_reminder(kind=errand.name, subject_id=entry.reminder.subject_id, because="accepted")
    assert respond(entry, "acknowledge").json()["code"] == "reminder_settled"
    sweep_at(later(days=9))
    assert InboxEntry.objects.filter(user=entry.user).count() == 1


def test_its_history_says_who_when_what_until_and_why(entry: InboxEntry, person: User) -> None:
    respond(entry, "snooze", until="2026-11-30", reason="入院中")
    shown = api(acting(person, entry.agency)).get(f"{URL}{entry.pk}/").json()
    assert shown["responses"] == [
        {
            "verb": "snooze",
            "at": "2026-11-25T10:00:00+09:00",
            "agency": str(entry.agency_id),
            "by": {"id": str(person.pk), "name": person.name},
            "person": None,
            "until": "2026-11-30T09:00:00+09:00",
            "reason": "入院中",
        }
    ]


def test_another_agency_learns_what_was_done_but_not_by_whom_or_why(
    entry: InboxEntry, errand: Errand
) -> None:
    other = an_agency()
    reader = a_member(other)
    errand.told[1] = [Recipient(reader, other)]
    respond(entry, "acknowledge", reason="入院中")
    for days in (3, 4):
        sweep_at(later(days=days))
    (shown,) = api(acting(reader, other)).get(URL).json()["results"]
    assert shown["responses"][0]["verb"] == "acknowledge"
    assert (shown["responses"][0]["by"], shown["responses"][0]["reason"]) == (None, "")
    assert shown["holder"] is None


def test_the_history_only_grows(entry: InboxEntry) -> None:
    respond(entry, "acknowledge")
    for change in (
        lambda: ReminderEvent.objects.update(reason="anders"),
        lambda: ReminderEvent.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError, match="responses_are_append_only"), transaction.atomic():
            change()


def test_the_trail_names_the_deed_and_not_the_words(entry: InboxEntry) -> None:
    respond(entry, "snooze", until="2026-11-30", reason="入院中")
    written = AuditEntry.objects.get(action="reminder.snooze")
    assert written.object_ids == [entry.reminder_id]
    assert "入院中" not in str(written.detail)


def test_a_system_takes_it_on_for_its_agency(entry: InboxEntry, manager: User) -> None:
    system = a_system(entry.agency, Scope.REMINDERS_READ, Scope.REMINDERS_WRITE)
    (own,) = system.get(URL).json()["results"]
    answer = system.post(f"{URL}{own['id']}/acknowledge/", {})
    assert (answer.status_code, answer.json()["holder"]) == (200, None)
    sweep_at(later(days=3))
    assert told(manager) == 1, "nobody in person is asked first"


def test_a_list_with_much_history_costs_no_more_queries(
    asked: Asked, person: User, agency: Agency
) -> None:
    counts, client = [], api(acting(person, agency))
    for more in (2, 5):
        for _ in range(more):
            asked()
        sweep_at(NOW)
        for entry in InboxEntry.objects.filter(user=person, read_at=None):
            acknowledge(actor=acting(person, agency), entry=entry)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(URL).json()["results"][0]["responses"]
        counts.append(len(queries))
    assert counts[0] == counts[1]

"""What was taken on or put off is taken back within minutes: the chase stands as before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from carenet.agencies.actions import end_membership
from carenet.agencies.models import Membership, User
from carenet.agencies.roles import Role
from carenet.audit.models import AuditEntry
from carenet.reminders.actions import cancel_reminder
from carenet.reminders.models import Delivery, InboxEntry, Reminder, ReminderEvent
from carenet.reminders.registry import Recipient
from carenet.reminders.states import DeliveryState, EngineReason
from tests.factories import api
from tests.reminders.conftest import NOW, Asked, later, sweep_at
from tests.reminders.fake_channel import Bell
from tests.reminders.fake_kinds import Errand
from tests.reminders.people import a_member, acting

pytestmark = pytest.mark.django_db
URL = "/api/v1/reminders/"
HELD = (
    "step", "due_at", "repeats", "holder_id", "holder_agency_id", "asks_holder", "resumes_at",
    "holds",
)  # fmt: skip


@pytest.fixture(autouse=True)
def _standing_clock() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def entry(asked: Asked, person: User) -> InboxEntry:
    asked()
    sweep_at(NOW)
    return InboxEntry.objects.get(user=person)


def respond(entry: InboxEntry, verb: str, *, after: timedelta = timedelta(), **body: Any) -> Any:
    assert entry.user
    with time_machine.travel(NOW + after, tick=False):
        return api(acting(entry.user, entry.agency)).post(f"{URL}{entry.pk}/{verb}/", body)


def standing() -> dict[str, Any]:
    reminder = Reminder.objects.get()
    return {name: getattr(reminder, name) for name in HELD}


@pytest.mark.parametrize(
    ("verb", "body"), [("acknowledge", {}), ("snooze", {"until": "later", "reason": "入院中"})]
)
def test_it_stands_as_before(entry: InboxEntry, verb: str, body: dict[str, Any]) -> None:
    before = standing()
    if body:
        body = body | {"until": (NOW + timedelta(days=1)).date().isoformat()}
    assert respond(entry, verb, **body).status_code == 200
    assert standing() != before
    answer = respond(entry, "take-back")
    assert answer.status_code == 200
    assert standing() == before
    assert answer.json()["holder"] is None
    verbs = list(ReminderEvent.objects.order_by("id").values_list("verb", flat=True))
    assert verbs == [verb, "take_back"]
    assert AuditEntry.objects.filter(action="reminder.take_back").count() == 1


def test_the_next_step_falls_due_as_it_would_have(
    entry: InboxEntry, errand: Errand, agency: Any
) -> None:
    manager = a_member(agency, Role.MANAGER)
    errand.told[1] = [Recipient(manager, agency)]
    respond(entry, "acknowledge")
    respond(entry, "take-back")
    sweep_at(later(days=1))
    assert InboxEntry.objects.filter(user=manager).count() == 1


def test_what_was_about_to_ring_rings_after_all(asked: Asked, person: User, bell: Bell) -> None:
    asked()
    sweep_at(NOW)
    entry = InboxEntry.objects.get(user=person)
    waits = Delivery.objects.filter(channel=bell.name)
    waits.update(state=DeliveryState.PENDING, finished_at=None, lease_until=None)
    respond(entry, "acknowledge")
    assert waits.get().reason == EngineReason.HELD
    respond(entry, "take-back")
    assert waits.get().state == DeliveryState.PENDING


def test_not_when_the_minutes_are_over(entry: InboxEntry) -> None:
    respond(entry, "acknowledge")
    answer = respond(entry, "take-back", after=timedelta(minutes=11))
    assert (answer.status_code, answer.json()["code"]) == (409, "too_late_to_take_back")


def test_not_twice(entry: InboxEntry) -> None:
    respond(entry, "acknowledge")
    respond(entry, "take-back")
    assert respond(entry, "take-back").json()["code"] == "nothing_to_take_back"


def test_not_what_somebody_else_has_done(
    asked: Asked, person: User, errand: Errand, agency: Any
) -> None:
    colleague = a_member(agency)
    errand.told[0] = [Recipient(person, agency), Recipient(colleague, agency)]
    asked()
    sweep_at(NOW)
    own = InboxEntry.objects.get(user=person)
    respond(InboxEntry.objects.get(user=colleague), "acknowledge")
    assert respond(own, "take-back").json()["code"] == "nothing_to_take_back"


def test_it_goes_back_to_nobody_who_has_left(
    asked: Asked, person: User, errand: Errand, agency: Any
) -> None:
    colleague = a_member(agency)
    errand.told[0] = [Recipient(person, agency), Recipient(colleague, agency)]
    asked()
    sweep_at(NOW)
    respond(InboxEntry.objects.get(user=colleague), "acknowledge")
    own = InboxEntry.objects.get(user=person)
    assert respond(own, "acknowledge").status_code == 200
    end_membership(actor=None, membership=Membership.objects.get(user=colleague))
    assert respond(own, "take-back").status_code == 200
    reminder = Reminder.objects.get()
    assert (reminder.holder, reminder.due_at) == (None, NOW)


def test_not_what_was_handed_on(entry: InboxEntry, agency: Any) -> None:
    colleague = a_member(agency)
    assert respond(entry, "delegate", person=str(colleague.pk)).status_code == 200
    assert respond(entry, "take-back").json()["code"] == "nothing_to_take_back"


def test_not_when_its_reason_is_gone(entry: InboxEntry) -> None:
    respond(entry, "acknowledge")
    reminder = Reminder.objects.get()
    cancel_reminder(kind=reminder.kind, subject_id=reminder.subject_id, because="done")
    assert respond(entry, "take-back").json()["code"] == "reminder_settled"

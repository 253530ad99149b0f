"""A notice asks for nothing but to be known: for its reader it is over once it was read."""

from __future__ import annotations

from typing import Any

import pytest

from carenet.agencies.models import Agency, Membership, User
from carenet.agencies.roles import Scope
from carenet.reminders import registry
from carenet.reminders.models import InboxEntry, Reminder
from carenet.reminders.registry import Recipient
from carenet.reminders.selectors import codes_waiting_for
from tests.factories import a_system, api
from tests.reminders.conftest import NOW, Asked, sweep_at
from tests.reminders.fake_kinds import Errand
from tests.reminders.people import a_member, acting

pytestmark = pytest.mark.django_db
URL = "/api/v1/reminders/"


@pytest.fixture(autouse=True)
def notice(errand: Errand, monkeypatch: pytest.MonkeyPatch) -> Errand:
    """The errand of these tests, of one step, is a notice."""
    monkeypatch.setattr(registry, "_notices", {errand.name})
    errand.last_step = 0
    return errand


@pytest.fixture
def colleague(agency: Agency, person: User, errand: Errand) -> User:
    colleague = a_member(agency)
    errand.told[0] = [Recipient(person, agency), Recipient(colleague, agency)]
    return colleague


def tell(asked: Asked) -> None:
    asked()
    sweep_at(NOW)


def box(user: User, state: str) -> int:
    agency = Membership.objects.get(user=user).agency
    return len(api(acting(user, agency)).get(f"{URL}?state={state}").json()["results"])


def respond(user: User, verb: str) -> Any:
    entry = InboxEntry.objects.get(user=user)
    return api(acting(user, entry.agency)).post(f"{URL}{entry.pk}/{verb}/", {})


def test_read_it_leaves_the_open_ones_of_its_reader_alone(
    asked: Asked, person: User, colleague: User
) -> None:
    tell(asked)
    assert respond(person, "read").status_code == 200
    assert (box(person, "open"), box(person, "settled")) == (0, 1)
    assert (box(colleague, "open"), box(colleague, "settled")) == (1, 0)


def test_once_all_have_read_it_its_reason_is_that(
    asked: Asked, person: User, colleague: User
) -> None:
    tell(asked)
    respond(person, "read")
    assert Reminder.objects.get().settled_at is None
    respond(colleague, "read")
    assert Reminder.objects.get().settled_because == "read"


def test_a_system_that_has_not_read_it_does_not_keep_it_open(asked: Asked, person: User) -> None:
    tell(asked)
    respond(person, "read")
    assert Reminder.objects.get().settled_because == "read"


def test_the_day_on_which_it_would_end_by_itself_is_not_waited_for(
    asked: Asked, person: User, errand: Errand
) -> None:
    errand.last_step = 1
    tell(asked)
    assert Reminder.objects.get().due_at is not None
    respond(person, "read")
    assert Reminder.objects.get().settled_because == "read"


def test_what_is_no_notice_stays_open_when_it_was_read(
    asked: Asked, person: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, "_notices", set())
    tell(asked)
    respond(person, "read")
    assert box(person, "open") == 1


def test_a_digest_does_not_list_what_was_read(asked: Asked, person: User, agency: Agency) -> None:
    tell(asked)
    assert codes_waiting_for(person, agency) == ["E-26-000001"]
    respond(person, "read")
    assert codes_waiting_for(person, agency) == []


def test_there_is_nothing_to_take_on(asked: Asked, person: User) -> None:
    tell(asked)
    assert respond(person, "acknowledge").json()["code"] == "notice_only"


def test_a_system_reads_its_own_entry(asked: Asked, person: User, agency: Agency) -> None:  # noqa: ARG001
    tell(asked)
    system = a_system(agency, Scope.REMINDERS_READ, Scope.REMINDERS_WRITE)
    (entry,) = system.get(f"{URL}?state=open").json()["results"]
    system.post(f"{URL}{entry['id']}/read/", {})
    assert system.get(f"{URL}?state=open").json()["results"] == []

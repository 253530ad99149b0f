"""`/api/v1/reminders/`: what waits for me."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from carenet.agencies.models import Agency, User
from carenet.agencies.roles import Scope
from carenet.reminders import registry
from carenet.reminders.actions import cancel_reminder
from carenet.reminders.channels import Refused
from carenet.reminders.models import InboxEntry
from tests.factories import a_system
from tests.reminders.conftest import NOW, Asked, later, sweep_at
from tests.reminders.fake_channel import Bell
from tests.reminders.fake_kinds import Errand
from tests.reminders.people import a_member

pytestmark = pytest.mark.django_db
URL = "/api/v1/reminders/"


@pytest.fixture
def client(person: User) -> Client:
    found = Client()
    found.force_login(person)
    return found


def test_an_entry_says_what_waits_and_since_when(
    client: Client, asked: Asked, person: User, agency: Agency
) -> None:
    reminder = asked()
    sweep_at(NOW)
    (entry,) = client.get(URL).json()["results"]
    assert entry == {
        "id": str(InboxEntry.objects.get(user=person).pk),
        "kind": "test.errand",
        "text": "E-26-000001 is waiting",
        "subject": {"kind": "errand", "id": str(reminder.subject_id), "code": "E-26-000001"},
        "agency": str(agency.pk),
        "step": 0,
        "arrived_at": entry["arrived_at"],
        "read_at": None,
        "settled_at": None,
        "settled_because": "",
        "deliveries": [{"channel": "inbox", "state": "sent"}],
        "holder": None,
        "held_until": None,
        "responses": [],
    }


def test_one_entry_can_be_read_alone(client: Client, asked: Asked) -> None:
    asked()
    sweep_at(NOW)
    (entry,) = client.get(URL).json()["results"]
    assert client.get(f"{URL}{entry['id']}/").json() == entry


def test_what_failed_on_another_channel_shows(client: Client, asked: Asked, bell: Bell) -> None:
    bell.error = Refused("no_such_address")
    asked()
    sweep_at(NOW)
    (entry,) = client.get(URL).json()["results"]
    assert {"channel": "bell", "state": "failed"} in entry["deliveries"]


def test_each_step_shows_its_own_messages_only(client: Client, asked: Asked, bell: Bell) -> None:
    bell.error = Refused("no_such_address")
    asked()
    sweep_at(NOW)
    bell.error = None
    sweep_at(later(days=1))
    shown = client.get(URL).json()["results"]
    second, first = (entry for entry in shown if entry["kind"] != "reminder.undelivered")
    assert (first["step"], second["step"]) == (0, 1)
    assert {"channel": "bell", "state": "failed"} in first["deliveries"]
    assert {"channel": "bell", "state": "sent"} in second["deliveries"]


def test_open_and_settled_ones_can_be_told_apart(
    client: Client, asked: Asked, errand: Errand
) -> None:
    done, waiting = asked(), asked()
    sweep_at(NOW)
    cancel_reminder(kind=errand.name, subject_id=done.subject_id, because="accepted")
    found = {
        state: [
            entry["subject"]["id"] for entry in client.get(URL, {"state": state}).json()["results"]
        ]
        for state in ("open", "settled")
    }
    assert found == {"open": [str(waiting.subject_id)], "settled": [str(done.subject_id)]}


def test_an_unknown_state_is_an_error(client: Client) -> None:
    assert client.get(URL, {"state": "lost"}).status_code == 400


def test_somebody_elses_entry_is_not_there(asked: Asked, agency: Agency, person: User) -> None:
    asked()
    sweep_at(NOW)
    entry = InboxEntry.objects.get(user=person)
    colleague = Client()
    colleague.force_login(a_member(agency))
    absent = colleague.get(f"{URL}{uuid4()}/")
    unreachable = colleague.get(f"{URL}{entry.pk}/")
    assert (unreachable.status_code, unreachable.content) == (404, absent.content)


def test_a_partners_system_reads_its_agencys_own_entry(asked: Asked, agency: Agency) -> None:
    asked()
    sweep_at(NOW)
    system = a_system(agency, Scope.REMINDERS_READ)
    (entry,) = system.get(URL).json()["results"]
    assert InboxEntry.objects.get(pk=entry["id"]).user is None


def test_an_entry_of_a_kind_that_is_gone_still_shows(
    client: Client, asked: Asked, errand: Errand, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked()
    sweep_at(NOW)
    monkeypatch.delitem(registry._kinds, errand.name)
    (entry,) = client.get(URL).json()["results"]
    assert entry["text"] == "E-26-000001"


def test_a_long_list_costs_no_more_queries_than_a_short_one(client: Client, asked: Asked) -> None:
    counts = []
    client.get(URL)  # the session notes for which agency it acts
    for more in (2, 5):
        for _ in range(more):
            asked()
        sweep_at(NOW)
        with CaptureQueriesContext(connection) as queries:
            client.get(URL)
        counts.append(len(queries))
    assert counts[0] == counts[1]

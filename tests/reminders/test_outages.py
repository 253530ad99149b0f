"""Workers, the database and the broker go down in the middle of sending: none lost, none doubled."""

from __future__ import annotations

import importlib.util
import json
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytest_django import DjangoDbBlocker

from carenet.reminders import registry
from carenet.reminders.models import Delivery, InboxEntry
from carenet.reminders.states import DeliveryState
from launch.pg_cluster import PACKAGE
from tests.reminders.celery_processes import Crew
from tests.reminders.disposable_servers import Storm, a_storm
from tests.reminders.people import a_member, an_agency
from tests.reminders.sample_app.hooks import Chore
from tests.reminders.test_crashes import a_chore, all_chores, everything_is_finished, lines

State = DeliveryState
pytestmark = pytest.mark.skipif(
    importlib.util.find_spec(PACKAGE) is None, reason="no server is installed that it may kill"
)


@pytest.fixture
def storm(
    django_db_setup: None,  # noqa: ARG001 - its tables are copied
    django_db_blocker: DjangoDbBlocker,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Storm]:
    monkeypatch.setitem(registry._kinds, Chore.name, Chore())
    with django_db_blocker.unblock(), a_storm() as storm:
        yield storm


@pytest.fixture
def crew(storm: Storm, tmp_path: Path, console: Path) -> Iterator[Crew]:
    given = {**storm.environment, "REMINDER_CONSOLE": str(console)}
    crew = Crew(tmp_path, given, restarts=True)
    yield crew
    crew.disband()


def test_no_reminder_is_lost_and_none_doubled_where_a_key_is_taken(
    storm: Storm, crew: Crew, console: Path
) -> None:
    agency = an_agency()
    people = {a_member(agency).pk, a_member(agency).pk}
    first = crew.worker()
    crew.worker()
    crew.beat()
    crew.beat()

    harms: list[Callable[[], None]] = [
        lambda: crew.kill(first),
        storm.break_the_database,
        storm.take_the_broker_away,
        storm.break_the_database,
    ]
    for harm in harms:
        chores = [a_chore(agency) for _ in range(12)]
        crew.until(Delivery.objects.filter(reminder__in=chores, finished_at__isnull=False).exists)
        harm()
        if harm == storm.take_the_broker_away:
            a_chore(agency)
            storm.bring_the_broker_back()
    crew.until(everything_is_finished)

    expected = {(pk, user) for pk in all_chores().values_list("pk", flat=True) for user in people}
    arrived = Counter(InboxEntry.objects.filter(user__in=people).values_list("reminder", "user"))
    assert arrived == Counter(expected), "each once in the inbox, the unknown ones, too"
    rang = Counter((line["reminder"], line["user"]) for line in map(json.loads, lines(console)))
    assert max(rang.values()) == 1, "nothing rang twice"
    sent = Delivery.objects.filter(channel="console", state=State.SENT)
    unknown = Delivery.objects.filter(channel="console", state=State.UNKNOWN)
    assert sent.count() + unknown.count() == len(expected)
    assert {(str(each.reminder_id), str(each.recipient_id)) for each in sent} <= set(rang)

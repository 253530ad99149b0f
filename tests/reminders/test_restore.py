"""The drill: what went out after the dump does not go out again from the restored database."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import StringIO
from pathlib import Path

import psycopg
import pytest
import redis
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from pytest_django import Settings

from carenet.agencies.models import User
from carenet.core import clock
from carenet.reminders.actions import (
    health,
    may_send,
    pause,
    record_heartbeat,
    release,
    settle_sent,
)
from carenet.reminders.actions.restore import SLACK
from carenet.reminders.models import Delivery, InboxEntry, Sending
from carenet.reminders.states import DeliveryState, EngineReason
from carenet.reminders.tasks import sweep
from launch import backup
from launch.output import LaunchError
from tests.reminders.conftest import Asked
from tests.reminders.fake_channel import Bell

pytestmark = pytest.mark.django_db(transaction=True)
NUMBER = 44


@pytest.fixture
def superuser() -> str:
    """The address of the suite's database for the superuser of an embedded server."""
    url = os.environ["DATABASE_URL"]
    try:
        found = backup.superuser_url(url, connection.settings_dict["NAME"])
        psycopg.connect(found).close()
    except (KeyError, LaunchError, psycopg.Error):
        pytest.skip("Dumping takes the superuser of an embedded PostgreSQL.")
    return found


@contextmanager
def restored(superuser: str, dump: Path) -> Iterator[None]:
    """Bring a dump back into a database of its own, and work on that meanwhile."""
    suite = connection.settings_dict["NAME"]
    name = f"{suite}_restored"
    with psycopg.connect(superuser, autocommit=True) as server:
        server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        server.execute(f'CREATE DATABASE "{name}"')
        try:
            backup.restore(superuser.replace(f"/{suite}?", f"/{name}?"), dump)
            connection.close()
            connection.settings_dict["NAME"] = name
            yield
        finally:
            connection.close()
            connection.settings_dict["NAME"] = suite
            server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def test_the_drill(
    superuser: str,
    asked: Asked,
    person: User,
    bell: Bell,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sweep()
    for _ in range(NUMBER):
        asked(due_at=clock.now())
    backup.dump(superuser, tmp_path / "dump")
    while len(bell.rang) < NUMBER:
        sweep()
    stopped = clock.now()
    with restored(superuser, tmp_path / "dump"):
        sweep()
        assert len(bell.rang) == NUMBER, "nothing goes out again"
        assert health_names(monkeypatch) == "sending"
        assert f"reminders due: {NUMBER}" in said()

        told = said("settle", "--until", stopped.isoformat())
        assert f"settled as sent: {NUMBER}" in told
        sweep()
        assert not InboxEntry.objects.exists(), "still paused"

        said("release")
        asked(due_at=clock.now())
        while len(bell.rang) == NUMBER:
            sweep()
        assert InboxEntry.objects.filter(user=person).count() == NUMBER + 1
        assert len(bell.rang) == NUMBER + 1, "only what is new rings"
        settled = Delivery.objects.filter(reason=EngineReason.SENT_BEFORE_RESTORE)
        assert set(settled.values_list("state", flat=True)) == {DeliveryState.CANCELLED}


def test_a_copy_of_the_disk_is_known_by_how_far_the_sweeps_had_come() -> None:
    for _ in range(SLACK + 2):
        assert may_send(now=clock.now())
    Sending.objects.update(sweeps=1)
    assert not may_send(now=clock.now())
    release()
    assert may_send(now=clock.now())


def test_without_what_redis_knew_it_goes_on(settings: Settings) -> None:
    assert may_send(now=clock.now())
    with redis.from_url(settings.REDIS_URL) as client:
        client.delete(f"carenet:sweeps:{Sending.objects.get().mark}")
    assert may_send(now=clock.now())


def test_a_person_pauses_and_lets_go() -> None:
    pause(now=clock.now())
    assert not may_send(now=clock.now())
    assert "paused since" in said()
    assert said("release").endswith("sending\n")
    assert may_send(now=clock.now())


def test_what_is_not_paused_cannot_be_settled() -> None:
    with pytest.raises(ValueError, match="not paused"):
        settle_sent(until=clock.now())
    with pytest.raises(CommandError, match="not paused"):
        said("settle", "--until", clock.now().isoformat())


@pytest.mark.parametrize("until", ["", "soon", "2026-02-30T10:00"])
def test_settling_needs_a_moment(until: str) -> None:
    pause(now=clock.now())
    with pytest.raises(CommandError, match="needs a time"):
        said("settle", "--until", until)


def test_what_lies_ahead_was_not_sent() -> None:
    pause(now=clock.now())
    with pytest.raises(CommandError, match="future"):
        said("settle", "--until", (clock.now() + timedelta(days=1)).isoformat())


def said(*arguments: str) -> str:
    out = StringIO()
    call_command("sending", *arguments, stdout=out)
    return out.getvalue()


def health_names(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setitem(health.PARTS, "worker", lambda: True)
    record_heartbeat(name="sweep", at=clock.now())
    return str(Client().get("/healthz").json()["part"])

"""Commands of Django's on the demo that is running."""

from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from launch import manage
from launch.output import LaunchError
from launch.paths import DEMO_LOCK, locked

URLS = {
    "DATABASE_URL": "postgresql://app:word@/carenet?host=/folder",
    "DATABASE_OWNER_URL": "postgresql://owner:word@/carenet?host=/folder",
    "REDIS_URL": "redis+socket:///folder/valkey.sock",
}


@pytest.fixture(autouse=True)
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    place = tmp_path / "demo-servers.json"
    monkeypatch.setattr(manage, "SERVERS", place)
    monkeypatch.setattr(manage, "state_folder", lambda: tmp_path)
    for name in URLS:
        monkeypatch.delenv(name, raising=False)
    return place


def running(told: Path) -> AbstractContextManager[bool]:
    """What a demo holds for as long as it lives."""
    return locked(told.parent / DEMO_LOCK)


def test_without_a_demo_it_says_how_to_start_one() -> None:
    with pytest.raises(LaunchError) as caught:
        manage.main()
    assert "python3 run.py demo" in caught.value.english


def test_the_demos_servers_are_told_while_it_runs(told: Path) -> None:
    with running(told), manage.servers_told(URLS):
        assert manage.servers_of_the_demo()["REDIS_URL"] == URLS["REDIS_URL"]
    assert not told.exists()


def test_nobody_else_may_read_where_they_are(told: Path) -> None:
    with manage.servers_told(URLS):
        assert told.stat().st_mode & 0o777 == 0o600


def test_the_owners_rights_are_not_handed_on(told: Path) -> None:
    with manage.servers_told(URLS):
        assert "owner" not in told.read_text()


def test_what_a_killed_demo_left_behind_does_not_count(told: Path) -> None:
    told.write_text("{}")
    with pytest.raises(LaunchError):
        manage.servers_of_the_demo()


def test_what_a_killed_demo_left_behind_is_replaced(told: Path) -> None:
    told.write_text("{}")
    with running(told), manage.servers_told(URLS):
        assert manage.servers_of_the_demo()["DATABASE_URL"] == URLS["DATABASE_URL"]

"""What the pages tell a newcomer to paste does what they say, against a live server and worker."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from pytest_django.live_server_helper import LiveServer

from carenet.demo import loader, watchover
from tests.reminders.celery_processes import Crew, suites_database
from tests.system.pasted_commands import paste

ROOT = Path(settings.BASE_DIR)

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed"),
]


@pytest.fixture
def folder(live_server: LiveServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a newcomer stands: the demo is running, and its accounts are told."""
    monkeypatch.setattr(loader, "CONSULTATIONS_A_PLAZA", 1)
    few = {"LISTED": 42, "VISITED": 28, "WATCHED": 14, "COMMISSIONERS": 13}
    for name, number in few.items():
        monkeypatch.setattr(watchover, name, number)
    told = tmp_path / ".carenet" / "demo.json"
    call_command("load_demo", base_url=live_server.url, write=told, stdout=StringIO())
    return tmp_path


@pytest.fixture
def crew(tmp_path: Path) -> Iterator[Crew]:
    hands = Crew(tmp_path)
    yield hands
    hands.disband()


def test_a_referral_goes_there_and_back(folder: Path, crew: Crew) -> None:
    crew.worker()
    crew.beat()
    (folder / "docs").symlink_to(ROOT / "docs")
    paste(ROOT / "docs" / "tutorial.md", folder=folder)


def test_a_hard_week_ends_with_empty_inboxes(folder: Path, crew: Crew) -> None:
    crew.worker()
    crew.beat()
    (folder / "run.py").symlink_to(ROOT / "run.py")
    paste(
        ROOT / "docs" / "tutorial-week.md",
        folder=folder,
        environment={"DATABASE_URL": suites_database()},
    )


def test_a_partners_system_takes_note_of_a_referral(folder: Path) -> None:
    paste(ROOT / "docs" / "api.md", folder=folder)

"""What the page about the watch-over tells a newcomer to paste, while time passes quickly."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from threading import Event, Thread

import pytest
import time_machine
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from carenet.demo import loader, watchover
from carenet.reminders.actions import work_once as send_once
from carenet.watchover.actions.worker import run_once
from tests.system.pasted_commands import paste

PAGE = Path(settings.BASE_DIR) / "docs" / "tutorial-watchover.md"
#: A reader waits minutes for what the test waits seconds: so much passes between two sweeps.
STEP = timedelta(seconds=5)
PAUSE_SECONDS = 0.25
#: As few as the demo can be made of.
FEW = {"LISTED": 42, "VISITED": 28, "WATCHED": 14, "COMMISSIONERS": 26}


@contextmanager
def time_passing() -> Iterator[None]:
    """Let the clock of this process, server and sweeps alike, run ahead until the block ends."""
    over, failures = Event(), list[Exception]()
    with time_machine.travel(datetime.now(tz=timezone.get_current_timezone()), tick=True) as clock:

        def sweep() -> None:
            try:
                while not over.wait(PAUSE_SECONDS):
                    clock.shift(STEP)
                    now = timezone.now()
                    while run_once(now=now) | send_once(now=now):
                        pass
            except Exception as failure:  # noqa: BLE001 - told to the test below
                failures.append(failure)
            finally:
                connection.close()

        hand = Thread(target=sweep)
        hand.start()
        try:
            yield
        finally:
            over.set()
            hand.join()
    assert not failures, failures


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_nobody_comes_and_one_after_the_other_is_told(
    live_server: LiveServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    settings.REMINDER_CONSOLE = ""
    monkeypatch.setattr(loader, "CONSULTATIONS_A_PLAZA", 0)
    for name, number in FEW.items():
        monkeypatch.setattr(watchover, name, number)
    told = tmp_path / ".carenet" / "demo.json"
    call_command("load_demo", base_url=live_server.url, write=told, stdout=StringIO())
    with time_passing():
        paste(PAGE, folder=tmp_path)

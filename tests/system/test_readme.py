"""What the README tells a newcomer to paste does what it says, against a live server and worker."""

from __future__ import annotations

import re
import shutil
import subprocess
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.core.management import call_command

from carenet.demo import loading
from tests.reminders.crew import Crew

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_django.live_server_helper import LiveServer

README = Path(settings.BASE_DIR) / "README.md"
BLOCK = re.compile(r"```bash\n(.*?)```", re.DOTALL)
EXPECTED = [
    "True", "True", "True", "sent",
    "404", "(the reminder)",
    "received", "accepted", "髙橋 一郎", "in_progress", "completed",
    "wrong_side", "closed", "close",
]  # fmt: skip


@pytest.fixture
def crew(tmp_path: Path) -> Iterator[Crew]:
    hands = Crew(tmp_path)
    yield hands
    hands.disband()


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_the_curl_lines_take_a_referral_there_and_back(
    live_server: LiveServer, tmp_path: Path, crew: Crew, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "CONSULTATIONS_A_PLAZA", 1)
    told = tmp_path / ".carenet" / "demo.json"
    call_command("load_demo", base_url=live_server.url, write=told, stdout=StringIO())
    crew.worker()
    crew.beat()

    script = "set -u\n" + "".join(BLOCK.findall(README.read_text("utf-8")))
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    lines = ["(the reminder)" if "unanswered" in line else line for line in done.stdout.split("\n")]
    assert [line for line in lines if line] == EXPECTED, done.stderr

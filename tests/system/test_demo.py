"""The demo: loaded once, by the same actions that everybody uses, with something due now."""

from __future__ import annotations

import json
from datetime import timedelta
from io import StringIO
from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from carenet.agencies.models import Agency, AgencyKind, User
from carenet.cases.models import Consultation
from carenet.demo import loading
from carenet.reminders.models import Reminder
from tests.world import api

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(loading, "CONSULTATIONS_A_PLAZA", 2)
    path = tmp_path / ".carenet" / "demo.json"
    load(path)
    return path


def load(path: Path) -> None:
    call_command("load_demo", base_url="http://127.0.0.1:8000", write=path, stdout=StringIO())


def told(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return content


def test_all_nine_plazas_and_their_partners_are_there(demo: Path) -> None:
    del demo
    assert Agency.objects.filter(kind=AgencyKind.CARE_PLAZA).count() == 9
    assert Agency.objects.filter(kind=AgencyKind.CARE_SERVICE_OFFICE).exists()
    for kind in ("CORE_CONSULTATION_CENTER", "LIFE_SUPPORT_CENTER", "WARD_OFFICE"):
        assert Agency.objects.filter(kind=kind).count() == 1


def test_the_accounts_that_are_told_sign_in(demo: Path) -> None:
    for account in told(demo)["accounts"][::4]:  # all of them would meet the sign-in limit
        answer = api().post(
            "/auth/browser/v1/auth/login",
            {"username": account["username"], "password": account["password"]},
        )
        assert answer.status_code == 200, account


def test_the_file_is_readable_for_its_owner_alone(demo: Path) -> None:
    assert demo.stat().st_mode & 0o777 == 0o600


def test_something_is_due_within_the_first_minute(demo: Path) -> None:
    del demo
    soon = timezone.now() + timedelta(minutes=1)
    kinds = Reminder.objects.filter(due_at__lt=soon).values_list("kind", flat=True)
    assert set(kinds) == {"referral.unanswered", "case.next_action"}


def test_loading_again_changes_nothing_but_the_address(demo: Path) -> None:
    before = (User.objects.count(), Consultation.objects.count(), told(demo))
    load(demo)
    assert (User.objects.count(), Consultation.objects.count(), told(demo)) == before


def test_a_lost_file_is_said_and_nothing_is_loaded_twice(demo: Path) -> None:
    demo.unlink()
    with pytest.raises(CommandError, match="clean"):
        load(demo)

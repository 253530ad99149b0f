"""The demo: loaded once, by the same actions that everybody uses, with something due now."""

from __future__ import annotations

import json
from datetime import date, timedelta
from io import StringIO
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils import timezone

from carenet.agencies.models import Agency, AgencyKind, User
from carenet.cases.models import Consultation
from carenet.demo import commissioners, loading, starting, watching
from carenet.reminders.models import Reminder
from carenet.watchover.actions.sweeping import work_once
from carenet.watchover.models import Alert, Expectation, WatchAssignment
from tests.world import api

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(loading, "CONSULTATIONS_A_PLAZA", 2)
    monkeypatch.setattr(watching, "WATCHED", 27)
    monkeypatch.setattr(commissioners, "COMMISSIONERS", 18)
    monkeypatch.setattr(starting, "LATE", 1)
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


def test_people_are_watched_over_with_backups_for_most(demo: Path) -> None:
    del demo
    watches = WatchAssignment.objects
    assert watches.count() == 27
    assert watches.filter(backup=None).count() == 3
    assert watches.exclude(status="active").count() == 1
    assert watches.filter(status="active", check_ins=None).count() == 0


def test_commissioners_of_every_plazas_district_are_told_and_look_in(demo: Path) -> None:
    told_of = {each["username"] for each in told(demo)["accounts"] if each["role"] == "watcher"}
    assert told_of == {f"minsei-{number:02}" for number in range(1, 10)}
    assert WatchAssignment.objects.filter(watcher__username__in=told_of).exists()


def test_each_start_shows_one_missed_and_some_late(demo: Path) -> None:
    del demo
    for days in (0, 1):
        with time_machine.travel(timezone.now() + timedelta(days=days), tick=False) as clock:
            shown = starting.begin()
            clock.shift(timedelta(seconds=62))
            now = timezone.now()
            while work_once(now=now):
                pass
            opened = Alert.objects.filter(resolved_at=None, opened_at__gte=now)
            assert opened.filter(assignment=shown[0]).count() == 1
            assert Expectation.objects.late(now).filter(assignment=shown[1]).exists()


def test_starting_without_the_demos_data_does_nothing() -> None:
    assert starting.begin() == []


@pytest.mark.parametrize(
    ("day", "last"),
    [("2026-11-25", "2028-11-30"), ("2028-11-30", "2028-11-30"), ("2028-12-01", "2031-11-30")],
)
def test_terms_of_commissioners_end_on_the_same_day(day: str, last: str) -> None:
    assert watching.term_end(date.fromisoformat(day)) == date.fromisoformat(last)

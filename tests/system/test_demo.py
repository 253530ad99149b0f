"""The demo: loaded once, by the same actions that everybody uses, with something due now."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from carenet.abuse.models import AbuseReport
from carenet.abuse.states import AbuseStatus
from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency, AgencyClosure, AgencyKind, Membership, User
from carenet.agencies.roles import Role
from carenet.agencies.selectors import Roster
from carenet.agencies.selectors.closures import what_hangs_on
from carenet.areas.address_table import AddressTable
from carenet.cases.models import Consultation
from carenet.demo import loader, watchover
from carenet.demo.management.commands import load_demo
from carenet.reminders.models import Occurrence, Reminder
from carenet.reminders.registry import ReminderKind, kinds, kinds_asked_about
from carenet.reminders.selectors import systems_of
from carenet.watchlists.models import ListEntry
from carenet.watchover.actions.worker import run_once
from carenet.watchover.models import Alert, Expectation, WatchAssignment
from tests.factories import api

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def loaded(for_one_file: None, tmp_path_factory: pytest.TempPathFactory) -> str:  # noqa: ARG001
    """Load the demo once for all tests of this file; what each changes is undone behind it."""
    path = tmp_path_factory.mktemp("demo") / ".carenet" / "demo.json"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loader, "CONSULTATIONS_A_PLAZA", 2)
        few = {"LISTED": 42, "VISITED": 28, "WATCHED": 14, "COMMISSIONERS": 13}
        for name, number in few.items():
            patch.setattr(watchover, name, number)
        load(path)
    return path.read_text("utf-8")


@pytest.fixture
def demo(loaded: str, tmp_path: Path) -> Path:
    path = tmp_path / "demo.json"
    path.write_text(loaded, "utf-8")
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


def test_a_kind_answers_about_many_as_about_each(demo: Path) -> None:
    del demo
    now, seen = timezone.now(), set()
    for kind in kinds():
        reminders = Reminder.objects.filter(kind=kind.name).select_related("agency", "person")
        occurrences = [each.occurrence(step) for each in reminders[:6] for step in (0, 1)]
        together = kinds_asked_about(((kind.name, each) for each in occurrences), Roster())
        for each in occurrences:
            theirs = replies(kind, each, now)
            assert replies(together[kind.name], each, now) == theirs, (kind.name, each)
            seen.add(kind.name)
    assert {"case.next_action", "referral.unanswered"} <= seen


def replies(kind: ReminderKind, occurrence: Occurrence, now: datetime) -> list[object]:
    staff = Membership.objects.current().filter(agency=occurrence.agency).select_related("user")
    actors = [Actor(each.agency, each.role_set, user=each.user) for each in staff[:3]]
    actors.append(Actor(Agency.objects.order_by("pk")[0], frozenset({Role.STAFF})))
    actors.append(systems_of(occurrence.agency))
    return [
        kind.still_applies(occurrence),
        list(kind.recipients(occurrence)),
        kind.next_due(occurrence, now),
        [kind.may_see(each, occurrence) for each in actors],
    ]


def test_the_accounts_that_are_told_sign_in(demo: Path) -> None:
    for account in told(demo)["accounts"][::4]:  # all of them would meet the sign-in limit
        answer = api().post(
            "/auth/browser/v1/auth/login",
            {"username": account["username"], "password": account["password"]},
        )
        assert answer.status_code == 200, account


def test_the_pages_that_are_told_open_for_their_accounts(demo: Path) -> None:
    for page in told(demo)["pages"]:
        client = Client()
        account = {"login": page["username"], "password": page["password"]}
        address = urlsplit(page["address"]).path
        answer = client.post(f"/sign-in/?next={address}", account)
        assert answer.headers["Location"] == address
        assert client.get(address).status_code == 200


def test_the_file_is_readable_for_its_owner_alone(demo: Path) -> None:
    demo.unlink()
    load_demo.Command()._write(demo, {})
    assert demo.stat().st_mode & 0o777 == 0o600


def test_something_is_due_within_the_first_minute(demo: Path) -> None:
    del demo
    soon = timezone.now() + timedelta(minutes=1)
    kinds = Reminder.objects.filter(due_at__lt=soon).values_list("kind", flat=True)
    assert set(kinds) == {
        "referral.unanswered", "case.next_action", "agency.closure_waits", "abuse.deadline",
        "abuse.decision",
    }  # fmt: skip


def test_there_is_an_abuse_report_at_each_step(demo: Path) -> None:
    del demo
    assert set(AbuseReport.objects.values_list("status", flat=True)) == set(AbuseStatus.values)


def test_a_closure_waits_for_the_manager_of_the_agency(demo: Path) -> None:
    del demo
    closure = AgencyClosure.objects.select_related("agency").get()
    hanging = {each.kind.name for each in what_hangs_on(closure.agency) if each.count}
    assert {"residents", "cases", "referrals_sent"} <= hanging
    client = Client()
    client.force_login(User.objects.get(username="mihon-manager"))
    page = client.get(reverse("staff-closure", args=[closure.pk])).content.decode()
    assert reverse("staff-closure-confirm", args=[closure.pk]) in page


def test_loading_again_changes_nothing_but_the_address(demo: Path) -> None:
    before = (User.objects.count(), Consultation.objects.count(), told(demo))
    load(demo)
    assert (User.objects.count(), Consultation.objects.count(), told(demo)) == before


def test_a_lost_file_is_said_and_nothing_is_loaded_twice(demo: Path) -> None:
    demo.unlink()
    with pytest.raises(CommandError, match="clean"):
        load(demo)


def test_the_funnel_has_the_ratios_of_the_field(demo: Path) -> None:
    del demo
    entries = ListEntry.objects.all()
    assert entries.count() == 42
    assert entries.filter(visited_at__isnull=False).count() == 28
    assert entries.filter(state="wants", assignment__isnull=False).count() == 14


def test_everybody_watched_lives_in_an_area_of_the_plaza_that_answers(demo: Path) -> None:
    del demo
    table = AddressTable.on(timezone.localdate(), "141097")
    for watch in WatchAssignment.objects.select_related("resident", "responsible_agency"):
        areas = {area.name for area in table.areas_of(watch.resident.address)}
        assert watch.responsible_agency.name in areas


def test_nobody_is_missed_before_the_demo_starts(demo: Path) -> None:
    del demo
    assert not Alert.objects.filter(resolved_at=None).exists()
    assert not Expectation.objects.late(timezone.now() + timedelta(minutes=1)).exists()


def test_a_minute_after_the_start_one_is_missed_and_others_are_late(demo: Path) -> None:
    del demo
    _starts_with_one_missed_and_some_late()


def test_the_same_again_after_a_month_of_rest(demo: Path) -> None:
    del demo
    call_command("start_demo", stdout=StringIO())
    with time_machine.travel(timezone.now() + timedelta(days=30), tick=False):
        _starts_with_one_missed_and_some_late()


def test_what_a_newcomer_has_begun_is_left_alone(demo: Path) -> None:
    del demo
    watch = WatchAssignment.objects.filter(status="active").order_by("number").last()
    assert watch is not None
    ListEntry.objects.filter(assignment=watch).update(assignment=None)
    with time_machine.travel(timezone.now() + timedelta(days=40), tick=False):
        call_command("start_demo", stdout=StringIO())
    assert watch.expectations.filter(state="met").count() == 0


def _starts_with_one_missed_and_some_late() -> None:
    call_command("start_demo", stdout=StringIO())
    moment = timezone.now() + timedelta(seconds=65)
    assert Expectation.objects.late(moment).count() >= 2
    with time_machine.travel(moment, tick=False):
        while run_once(now=moment):
            pass
    [alert] = Alert.objects.filter(resolved_at=None)
    assert alert.assignment.watcher is not None
    assert alert.assignment.watcher.username == watchover.NAMED[0]
    assert alert.assignment.backup is not None

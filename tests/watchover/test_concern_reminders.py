"""A concern chases its desk, then managers, then the ward office, until triage."""

from __future__ import annotations

import pytest
import time_machine
from pytest_django import Settings

from carenet.agencies.actors import Actor
from carenet.agencies.roles import Role
from carenet.reminders.models import Reminder
from carenet.watchover.actions.concerns import report, triage
from tests.factories import a_member, api
from tests.watchover.concerns import CONCERNS, SEEN, a_concern
from tests.watchover.watches import Neighbourhood, at, notified, sweep

pytestmark = pytest.mark.django_db


def test_the_desk_then_managers_then_the_ward_until_it_is_triaged(
    who: Neighbourhood, plaza: Actor
) -> None:
    with time_machine.travel(at(1), tick=False):
        manager = a_member(who.desk.agency, Role.MANAGER)
    concern = a_concern(danger_to_life=True)
    sweep(at(24, "10:00"))
    assert set(notified(concern)) == {who.desk.user_id, plaza.user_id}
    sweep(at(24, "10:30"))
    assert manager.user_id in notified(concern)
    assert who.ward.user_id not in notified(concern)
    sweep(at(24, "11:00"))
    assert who.ward.user_id in notified(concern)
    before = len(notified(concern))
    sweep(at(24, "11:30"))
    assert len(notified(concern)) > before
    with time_machine.travel(at(24, "11:40"), tick=False):
        triage(actor=who.desk, concern_id=concern.pk, outcome="nothing", reason="本人は旅行中")
    before = len(notified(concern))
    sweep(at(25, "12:00"))
    assert len(notified(concern)) == before


@pytest.mark.usefixtures("plaza")
def test_only_danger_comes_while_the_desk_is_closed(who: Neighbourhood) -> None:
    with time_machine.travel(at(31, month=12), tick=False):
        calm, _ = report(actor=None, **SEEN)
        danger, _ = report(actor=None, **SEEN | {"danger_to_life": True})
    sweep(at(31, "09:01", month=12))
    assert who.desk.user_id in notified(danger)
    assert not notified(calm)
    sweep(at(4, "09:01", month=1, year=2027))
    assert who.desk.user_id in notified(calm)


@pytest.mark.usefixtures("plaza")
def test_its_reminder_is_answered_by_triage_alone(who: Neighbourhood) -> None:
    a_concern(danger_to_life=True)
    sweep(at(24, "10:00"))
    with time_machine.travel(at(24, "10:01"), tick=False):
        (entry,) = api(who.desk).get("/api/v1/reminders/").json()["results"]
        assert "新聞" not in str(entry)
        taken = api(who.desk).post(f"/api/v1/reminders/{entry['id']}/acknowledge/", {})
    assert taken.status_code == 409


@pytest.mark.usefixtures("plaza")
def test_many_dangers_without_a_name_ring_no_more_than_so_often(
    who: Neighbourhood, settings: Settings
) -> None:
    settings.CONCERN_DANGERS_AN_HOUR = 2
    came = [a_concern(f"10:0{minute}", danger_to_life=True) for minute in range(5)]
    sweep(at(24, "10:05"))
    assert [who.desk.user_id in notified(each) for each in came] == [True, True, True, False, False]
    assert Reminder.objects.filter(kind="concern.gathered").count() == 1
    later = a_concern("11:10", danger_to_life=True)
    sweep(at(24, "11:10"))
    assert who.desk.user_id in notified(later), "an hour later they are told one by one again"
    with time_machine.travel(at(24, "10:30"), tick=False):
        shown = api(who.desk).get(CONCERNS).json()["results"]
    assert {each["id"] for each in shown} == {str(each.pk) for each in [*came, later]}


@pytest.mark.usefixtures("plaza")
def test_one_reminder_chases_all_that_were_gathered_until_the_last_is_triaged(
    who: Neighbourhood, settings: Settings
) -> None:
    settings.CONCERN_DANGERS_AN_HOUR = 0
    first, second = (a_concern(when, danger_to_life=True) for when in ("10:00", "10:01"))
    for each, left in ((first, 1), (second, 0)):
        with time_machine.travel(at(24, "10:30"), tick=False):
            triage(actor=who.desk, concern_id=each.pk, outcome="nothing", reason="旅行中")
        assert Reminder.objects.filter(kind="concern.gathered", settled_at=None).count() == left


@pytest.mark.usefixtures("plaza")
def test_whoever_has_an_account_is_never_gathered(who: Neighbourhood, settings: Settings) -> None:
    settings.CONCERN_DANGERS_AN_HOUR = 0
    with time_machine.travel(at(24, "10:00"), tick=False):
        concern, _receipt = report(actor=who.desk, **SEEN | {"danger_to_life": True})
    sweep(at(24, "10:00"))
    assert who.desk.user_id in notified(concern)
    assert concern.gathered_under is None

"""A concern at the desk: told from the pocket, read from Today, decided where it was read."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from carenet.agencies.actors import Actor
from carenet.agencies.models import AgencyKind
from carenet.agencies.roles import Role
from carenet.areas.models import AddressArea, AgencyArea, Area, AreaKind, AreaPart
from carenet.core import clock
from carenet.reminders.actions import work_once
from carenet.watchover.actions.concerns import triage
from carenet.watchover.models import Concern
from tests.factories import a_member, a_resident, an_agency
from tests.staff.browser import a_page, session_of
from tests.watchover.watches import Neighbourhood, a_neighbourhood, a_watch

pytestmark = pytest.mark.django_db


@pytest.fixture
def who() -> Neighbourhood:
    there = a_neighbourhood()
    area = Area.objects.create(kind=AreaKind.PLAZA_AREA, name="高田", municipality_code="141097")
    AddressArea.objects.create(area=area, town="高田西", chome=2)
    AgencyArea.objects.create(agency=there.desk.agency, area=area, part=AreaPart.SERVES)
    return there


def browsing(actor: Actor) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.cookies["sessionid"] = session_of(actor)
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def concern(who: Neighbourhood) -> Concern:
    """A commissioner is worried, and has said so on the telephone; the desk has been told."""
    said = {"what": "新聞が三日たまっている", "where": "高田西2丁目1-1", "whom": "佐藤さん"}
    answer = browsing(who.watcher).post("/pocket/concern/?danger=yes", said)
    assert answer.status_code == 303
    while work_once(now=clock.now()):
        pass
    return Concern.objects.get()


def decided(actor: Actor, concern: Concern, status: int = 303, **said: Any) -> str:
    body = {"version": concern.version, "outcome": "nothing"} | said
    answer = browsing(actor).post(f"/desk/concerns/{concern.pk}/", body)
    assert answer.status_code == status, answer.content.decode()
    concern.refresh_from_db()
    return answer.content.decode()


def test_today_leads_to_the_concern_and_its_words(who: Neighbourhood, concern: Concern) -> None:
    page = f"/desk/concerns/{concern.pk}/"
    assert f'href="{page}"' in browsing(who.desk).get("/desk/").content.decode()
    shown = browsing(who.desk).get(page).content.decode()
    assert "新聞が三日たまっている" in shown
    assert "119" in shown


@pytest.mark.django_db(transaction=True)
def test_what_was_told_at_the_door_is_read_and_decided_at_the_plaza_in_a_real_browser(
    who: Neighbourhood, live_server: LiveServer, browser: Browser
) -> None:
    with a_page(browser, live_server.url, who.watcher, screen="phone", language="en") as phone:
        phone.goto("/pocket/")
        phone.click("#main >> text=Tell a concern")
        phone.click("text=No, but I am worried")
        phone.fill("[name=what]", "隣の方が、雨戸が開かないと言う")
        phone.fill("[name=where]", "高田西2丁目1-1")
        phone.click("text=Tell the desk")
        phone.wait_for_selector("text=The desk will look at it")
    concern = Concern.objects.get()
    with a_page(browser, live_server.url, who.desk, language="en") as desk:
        desk.goto("/desk/concerns/")
        desk.click(f"text={concern.code}")
        assert "雨戸が開かない" in desk.locator(".words").first.inner_text()
        desk.check("[name=outcome][value=consultation]")
        desk.click("button:text('Decide')")
        desk.wait_for_url("**/desk/consultations/*/")
        assert "雨戸が開かない" in desk.content()
    concern.refresh_from_db()
    assert (concern.agency, concern.triaged_by) == (who.desk.agency, who.desk.user)


def test_somebody_at_the_desk_is_led_to_where_a_concern_is_told(who: Neighbourhood) -> None:
    shown = browsing(who.desk).get("/desk/concerns/").content.decode()
    assert 'href="/pocket/concern/"' in shown
    assert browsing(who.desk).get("/pocket/concern/").status_code == 200


def test_it_is_out_of_reach_for_another_agency(concern: Concern) -> None:
    stranger = browsing(a_member(an_agency()))
    assert stranger.get(f"/desk/concerns/{concern.pk}/").status_code == 404
    assert concern.code not in stranger.get("/desk/concerns/").content.decode()


def test_the_list_names_what_waits_and_nobody(who: Neighbourhood, concern: Concern) -> None:
    shown = browsing(who.ward).get("/desk/concerns/").content.decode()
    assert concern.code in shown
    assert "佐藤" not in shown
    decided(who.desk, concern, reason="本人は旅行中")
    assert concern.code not in browsing(who.ward).get("/desk/concerns/").content.decode()


def test_it_becomes_a_consultation_about_somebody_who_was_found(
    who: Neighbourhood, concern: Concern
) -> None:
    person = a_resident(who.desk, family_name="佐藤")
    found = browsing(who.desk).post(
        f"/desk/concerns/{concern.pk}/", {"find": "1", "q": "佐藤", "reason": "ここまで打った"}
    )
    assert (found.status_code, str(person.pk) in found.content.decode()) == (200, True)
    assert "ここまで打った" in found.content.decode()
    decided(who.desk, concern, outcome="consultation", subject=str(person.pk), main_topic="health")
    assert concern.consultation
    made = concern.consultation
    assert (made.subject, made.main_topic, made.urgency) == (person, "health", "today")


@pytest.mark.operation("concerns_triage_create")
def test_it_is_joined_to_a_watch_by_its_code(who: Neighbourhood, concern: Concern) -> None:
    watch = a_watch(who)
    refused = decided(who.desk, concern, 400, outcome="joined", watch="W-26-999999")
    assert "W-26-999999" in refused
    decided(who.desk, concern, outcome="joined", watch=watch.code)
    assert watch.alerts.get().kind == "concern"


def test_nothing_to_do_needs_a_reason_and_keeps_what_was_chosen(
    who: Neighbourhood, concern: Concern
) -> None:
    shown = decided(who.desk, concern, 400)
    assert 'value="nothing" required' in shown
    assert "checked" in shown
    assert concern.triaged_at is None


def test_a_manager_is_offered_no_consultation(who: Neighbourhood, concern: Concern) -> None:
    manager = a_member(who.desk.agency, Role.MANAGER)
    shown = browsing(manager).get(f"/desk/concerns/{concern.pk}/").content.decode()
    assert 'value="consultation"' not in shown
    assert 'value="joined"' in shown


def test_what_a_colleague_decided_meanwhile_is_shown_with_what_was_typed(
    who: Neighbourhood, concern: Concern
) -> None:
    seen = concern.version
    triage(actor=who.desk, concern_id=concern.pk, outcome="nothing", reason="旅行中でした")
    shown = decided(
        a_member(who.desk.agency), concern, 412, version=seen, reason="訪問して確かめた"
    )
    assert "訪問して確かめた" in shown
    assert "旅行中でした" in shown


@pytest.mark.parametrize("version", ["", "x", "9" * 40])
def test_without_the_version_that_was_seen_nothing_is_decided(
    who: Neighbourhood, concern: Concern, version: str
) -> None:
    decided(who.desk, concern, 428, version=version, reason="旅行")
    assert concern.triaged_at is None


def test_the_ward_office_itself_serves_what_no_plaza_does(who: Neighbourhood) -> None:
    assert who.ward.agency.kind == AgencyKind.WARD_OFFICE
    said = {"what": "夜も明かりがつかない", "where": "どこか"}
    assert browsing(who.watcher).post("/pocket/concern/?danger=no", said).status_code == 303
    assert Concern.objects.get().agency == who.ward.agency

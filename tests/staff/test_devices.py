"""A lost telephone is shut out from the desk, and what it then sees."""

from __future__ import annotations

import pytest
from django.test import Client

from carenet.accounts.models.session import device_of
from carenet.agencies.actors import Actor
from carenet.agencies.models import Membership
from carenet.agencies.roles import Role
from tests.factories import a_member, an_agency
from tests.staff.browser import session_of

PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Version/18.1 Mobile Safari/604.1"


def browser_of(actor: Actor, agent: str = PHONE) -> Client:
    client = Client(headers={"User-Agent": agent, "Accept-Language": "en"})
    client.cookies["sessionid"] = session_of(actor)
    return client


def place(actor: Actor) -> str:
    return str(Membership.objects.get(user=actor.user, agency=actor.agency).pk)


@pytest.mark.django_db
def test_a_manager_finds_the_phone_by_what_it_calls_itself_and_shuts_it_out() -> None:
    agency = an_agency()
    manager, watcher = a_member(agency, Role.MANAGER), a_member(agency, Role.WATCHER)
    phone, desk = browser_of(watcher), browser_of(manager, "")
    phone.get("/pocket/")
    address = f"/desk/devices/{place(watcher)}/"
    assert "iPhone · Safari" in desk.get(address).content.decode()
    assert desk.post(f"{address}end/").status_code == 303
    assert "iPhone" not in desk.get(address).content.decode()


@pytest.mark.django_db
def test_the_phone_is_then_asked_to_sign_in_and_sends_nothing() -> None:
    agency = an_agency()
    manager, watcher = a_member(agency, Role.MANAGER), a_member(agency, Role.WATCHER)
    phone = browser_of(watcher)
    browser_of(manager).post(f"/desk/devices/{place(watcher)}/end/")
    for address in ("/pocket/", "/pocket/state/"):
        answer = phone.get(address)
        assert (answer.status_code, answer["Location"].split("?")[0]) == (303, "/sign-in/")
    assert phone.post("/api/v1/check-ins/", {}, content_type="application/json").status_code == 401


@pytest.mark.django_db
def test_one_signs_oneself_out_everywhere_but_here() -> None:
    watcher = a_member(an_agency(), Role.WATCHER)
    here, there = browser_of(watcher), browser_of(watcher)
    here.post("/desk/devices/end/")
    assert here.get("/pocket/").status_code == 200
    assert there.get("/pocket/").status_code == 303


@pytest.mark.django_db
def test_the_members_are_for_managers() -> None:
    agency = an_agency()
    manager, staff = a_member(agency, Role.MANAGER), a_member(agency)
    assert place(staff) in browser_of(manager).get("/desk/devices/").content.decode()
    assert place(manager) not in browser_of(staff).get("/desk/devices/").content.decode()


@pytest.mark.parametrize(
    ("agent", "told"),
    [
        (PHONE, "iPhone · Safari"),
        (
            "Mozilla/5.0 (Linux; Android 15; Pixel 9) Chrome/131.0 Mobile Safari/537.36",
            "Android · Chrome",
        ),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/131.0 Safari/537.36 Edg/131.0", "Windows · Edge"),
        ("curl/8.5", ""),
    ],
)
def test_a_browser_is_named_in_two_words(agent: str, told: str) -> None:
    assert device_of(agent) == told

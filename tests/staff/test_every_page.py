"""Every page has a declared outcome for every role, is accessible, fits its screen, is kept nowhere."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from django.test import Client

from tests.access.addresses import pages
from tests.staff.browser import SCREENS, a_page, overflows, session_of, violations
from tests.staff.looks import LOOKS, Look, Scene, a_scene, open_look
from tests.staff.table import OBJECTS, PERSONAS, SENT_ON, THEIR_AGENCY, Line, lines
from tests.world import a_member, an_agency

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page
    from pytest_django.live_server_helper import LiveServer

REDIRECTS = {301, 302, 303}
SHELL = {"/pocket/offline/", "/pocket/worker.js"}


def test_every_page_is_declared_and_nothing_else() -> None:
    assert {line.route for line in lines()} == set(pages())


@pytest.mark.django_db
@pytest.mark.parametrize("line", lines(), ids=str)
def test_the_outcome_is_as_declared(line: Line) -> None:
    agency = an_agency(THEIR_AGENCY)
    people = {role: a_member(agency, role) for role in PERSONAS if role}
    path = re.sub(r"<\w+:\w+>", str(OBJECTS[line.target](people)), line.route)
    for column, role in enumerate(PERSONAS):
        client = Client()
        if role is not None:
            client.cookies["sessionid"] = session_of(people[role])
        answer = client.generic(line.method, path)
        expected = line.expected(column)
        declared = REDIRECTS if expected == SENT_ON else {expected}
        assert answer.status_code in declared, role
        # What only sends one on has nothing in it to keep; the shell of the pocket is nobody's.
        nothing_personal = answer.status_code in {*REDIRECTS, 405} or line.route in SHELL
        assert nothing_personal or "no-store" in answer.get("Cache-Control", "")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("screen", SCREENS)
def test_every_page_is_accessible_and_fits(
    live_server: LiveServer, browser: Browser, screen: str
) -> None:
    scene = a_scene()
    found = {}
    for who in dict.fromkeys(look.who for look in LOOKS):
        key = scene.sessions.get(who, "")
        with a_page(browser, live_server.url, screen=screen, session=key) as page:
            for look in LOOKS:
                if look.who == who:
                    found[str(look)] = _what_is_wrong(page, look, scene)
    assert found == {str(look): [] for look in LOOKS}


def _what_is_wrong(page: Page, look: Look, scene: Scene) -> list[str]:
    answer, address = open_look(page, look, scene), look.path.format(**scene.ids)
    wrong = violations(page)
    if not answer or answer.status != look.status:
        wrong.append(f"answered {answer and answer.status}")
    if urlsplit(page.url).path != urlsplit(address).path:
        wrong.append(f"led to {page.url}")
    if page.locator("html").get_attribute("lang") != "ja":
        wrong.append("is not in Japanese")
    if overflows(page):
        wrong.append("is wider than the screen")
    return wrong

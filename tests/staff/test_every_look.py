"""Every page is accessible (WCAG 2.2 AA), fits its screen and answers as it says, in real Chromium."""

from __future__ import annotations

import os
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from tests.staff.browser import SCREENS, a_page, overflows, violations
from tests.staff.scene import Scene, a_scene
from tests.staff.screenshot_catalog import LOOKS, Look, open_look

#: axe looks at the telephone's page, and at the desk's where that shows more.
#: `EVERY_SCREEN=1 python3 run.py test tests/staff/test_every_look.py` has it look at both.
EVERY_SCREEN = os.environ.get("EVERY_SCREEN") == "1"
VISIBLE = "[...document.body.querySelectorAll('*')].map(each => each.checkVisibility())"


@pytest.mark.django_db(transaction=True)
def test_every_page_is_accessible_and_fits(live_server: LiveServer, browser: Browser) -> None:
    scene = a_scene()
    found = {}
    for who in dict.fromkeys(look.who for look in LOOKS):
        key = scene.sessions.get(who, "")
        with a_page(browser, live_server.url, screen="phone", session=key) as page:
            for look in LOOKS:
                if look.who == who:
                    found[str(look)] = _what_is_wrong(page, look, scene)
    assert found == {str(look): [] for look in LOOKS}


def _what_is_wrong(page: Page, look: Look, scene: Scene) -> list[str]:
    page.set_viewport_size(SCREENS["phone"])
    answer, address = open_look(page, look, scene), look.path.format(**scene.ids)
    wrong = []
    if not answer or answer.status != look.status:
        wrong.append(f"answered {answer and answer.status}")
    if urlsplit(page.url).path != urlsplit(address).path:
        wrong.append(f"led to {page.url}")
    if page.locator("html").get_attribute("lang") != "ja":
        wrong.append("is not in Japanese")
    return wrong + _what_is_wrong_on_its_screens(page)


def _what_is_wrong_on_its_screens(page: Page) -> list[str]:
    wrong, phone = violations(page), page.evaluate(VISIBLE)
    if overflows(page):
        wrong.append("is wider than a telephone")
    page.set_viewport_size(SCREENS["desk"])
    if overflows(page):
        wrong.append("is wider than the screen of a desk")
    if EVERY_SCREEN or _shows_more(page.evaluate(VISIBLE), phone):
        wrong += violations(page)
    return wrong


def _shows_more(now: list[bool], before: list[bool]) -> bool:
    return len(now) != len(before) or any(
        shown and not was for shown, was in zip(now, before, strict=True)
    )

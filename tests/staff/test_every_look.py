"""Every page is accessible (WCAG 2.2 AA), fits its screen and answers as it says, in real Chromium."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from tests.staff.browser import SCREENS, a_page, overflows, violations
from tests.staff.looks import LOOKS, Look, open_look
from tests.staff.scene import Scene, a_scene

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page
    from pytest_django.live_server_helper import LiveServer


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

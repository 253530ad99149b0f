"""Every page is accessible (WCAG 2.2 AA), fits its screen and answers as it says, in real Chromium."""

from __future__ import annotations

import os
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, ViewportSize
from pytest_django.live_server_helper import LiveServer

from tests.staff.browser import SCREENS, WCAG, a_page, overflows, violations
from tests.staff.scene import Scene, a_scene
from tests.staff.screenshot_catalog import LOOKS, Look, open_look

#: axe looks at the telephone's page, and at the desk's where that shows more, both in Japanese.
#: `EVERY_SCREEN=1 python3 run.py test tests/staff/test_every_look.py` has it look at both, in English, too, and by
#: its good practice besides; magnified twice, and with less motion.
EVERY_SCREEN = os.environ.get("EVERY_SCREEN") == "1"
LANGUAGES = ("ja", "en") if EVERY_SCREEN else ("ja",)
RECENT = frozenset({"with authenticator", "newcomer"})
RULES = [*WCAG, "best-practice"] if EVERY_SCREEN else WCAG
#: What the screen of a desk shows at 200 %.
MAGNIFIED: ViewportSize = {"width": 640, "height": 400}
VISIBLE = "[...document.body.querySelectorAll('*')].map(each => each.checkVisibility())"
#: The page of the patterns shows every button there is; at a door each visit has its own.
WITH_SEVERAL = ("/desk/patterns/", "/pocket/")
FILLED = """[...document.querySelectorAll('main button, main .button')].filter(each =>
    each.checkVisibility() && getComputedStyle(each).color == 'rgb(255, 255, 255)'
).map(each => each.innerText.trim())"""
MOVING = """[...document.querySelectorAll('*')].filter(each => {
    const look = getComputedStyle(each);
    return look.animationName != 'none' || look.scrollBehavior == 'smooth'
        || look.transitionDuration.split(', ').some(time => parseFloat(time));
}).map(each => each.tagName + '.' + each.className)"""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_accessible_and_fits(
    live_server: LiveServer, browser: Browser, language: str
) -> None:
    scene = a_scene()
    found = {}
    # Some pages ask for a sign-in of the last minutes: those come first.
    for who in sorted({look.who for look in LOOKS}, key=lambda who: (who not in RECENT, who)):
        key = scene.sessions.get(who, "")
        with a_page(
            browser, live_server.url, screen="phone", language=language, session=key
        ) as page:
            for look in LOOKS:
                if look.who == who:
                    found[str(look)] = _what_is_wrong(page, look, scene, language)
    assert len(found) == len(LOOKS)
    assert [f"{name}: {each}" for name, wrong in found.items() for each in wrong] == []


def _what_is_wrong(page: Page, look: Look, scene: Scene, language: str) -> list[str]:
    page.set_viewport_size(SCREENS["phone"])
    answer, address = open_look(page, look, scene, language), look.path.format(**scene.ids)
    wrong = []
    if not answer or answer.status != look.status:
        wrong.append(f"answered {answer and answer.status}")
    if urlsplit(page.url).path != urlsplit(address).path:
        wrong.append(f"led to {page.url}")
    if page.locator("html").get_attribute("lang") != language:
        wrong.append("is not in its language")
    return wrong + _what_is_wrong_on_its_screens(page, look)


def _what_is_wrong_on_its_screens(page: Page, look: Look) -> list[str]:
    wrong, phone = violations(page, RULES), page.evaluate(VISIBLE)
    if overflows(page):
        wrong.append("is wider than a telephone")
    page.set_viewport_size(SCREENS["desk"])
    if overflows(page):
        wrong.append("is wider than the screen of a desk")
    if EVERY_SCREEN or _shows_more(page.evaluate(VISIBLE), phone):
        wrong += violations(page, RULES)
    return wrong + (_what_is_wrong_for_some(page, look) if EVERY_SCREEN else [])


def _what_is_wrong_for_some(page: Page, look: Look) -> list[str]:
    """Tell what those meet who look for the next step, magnify the page twice, or want no motion."""
    wrong = []
    filled = page.evaluate(FILLED)
    if len(filled) > 1 and not look.path.startswith(WITH_SEVERAL):
        wrong.append(f"has more than one filled button: {filled}")
    page.set_viewport_size(MAGNIFIED)
    if overflows(page):
        wrong.append("is scrolled sideways when it is magnified twice")
    page.emulate_media(reduced_motion="reduce")
    if moving := page.evaluate(MOVING):
        wrong.append(f"moves: {moving}")
    page.emulate_media(reduced_motion=None)
    return wrong


def _shows_more(now: list[bool], before: list[bool]) -> bool:
    return len(now) != len(before) or any(
        shown and not was for shown, was in zip(now, before, strict=True)
    )

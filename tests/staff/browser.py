"""Real Chromium on a live server: who looks at a page, on which screen, and what axe says of it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Browser, Page, ViewportSize

from carenet.agencies.actors import Actor
from carenet.agencies.selectors.principals import SESSION_AGENCY
from launch.chromium import PACKAGES, chromium
from tests.factories import a_session

MISSING = f"Chromium is not installed: apt-get install {' '.join(PACKAGES)}"
ARGUMENTS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--lang=ja-JP"]
SCREENS: dict[str, ViewportSize] = {
    "desk": {"width": 1280, "height": 800},
    "phone": {"width": 360, "height": 740},
}
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
#: Of what is in order axe writes down nothing: that takes three times as long as to look at it.
BRIEF = {"resultTypes": ["violations"], "selectors": False}
VIOLATIONS = """options => axe.run(document, options).then(found => found.violations.map(
  each => `${each.id}: ${each.help} ${each.nodes[0].html}`
))"""


def needs_chromium() -> str:
    """Return its path; without it the test is skipped, where everything must run it fails."""
    path = chromium()
    if path:
        return path
    if os.environ.get("CI") == "true":
        pytest.fail(MISSING)
    pytest.skip(MISSING)


@contextmanager
def a_page(
    browser: Browser,
    url: str,
    actor: Actor | None = None,
    screen: str = "desk",
    language: str = "ja",
    session: str = "",
) -> Iterator[Page]:
    """Open a page of one's own, signed in as the actor or with the key of a session.

    What the policy blocks fails the test, and so does an error of a script.
    """
    context = browser.new_context(
        base_url=url, locale="ja-JP", timezone_id="Asia/Tokyo",
        viewport=SCREENS[screen],
        has_touch=screen == "phone",
    )  # fmt: skip
    cookies: list[Any] = [{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": url}]
    key = session_of(actor) if actor else session
    if key:
        cookies.append({"name": settings.SESSION_COOKIE_NAME, "value": key, "url": url})
    context.add_cookies(cookies)
    context.set_default_timeout(10_000)
    page = context.new_page()
    complaints: list[str] = []
    page.on(
        "console",
        lambda said: complaints.append(said.text) if "Content Security" in said.text else None,
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    try:
        yield page
    finally:
        context.close()
    assert not complaints, complaints


def session_of(actor: Actor) -> str:
    """Return the key of a new session of the actor's user, for the actor's agency."""
    assert actor.user
    return a_session(actor.user, **{SESSION_AGENCY: str(actor.agency_id)})


def violations(page: Page, rules: list[str] = WCAG) -> list[str]:
    """Return what axe finds against WCAG 2.2 AA, one line for each rule with the first place."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(_axe().axe_script)
    options = {"runOnly": {"type": "tag", "values": rules}, **BRIEF}
    found: list[str] = page.evaluate(VIOLATIONS, options)
    return found


@cache
def _axe() -> Axe:
    return Axe()


def overflows(page: Page) -> bool:
    """Whether the page is wider than its screen."""
    wide: bool = page.evaluate(
        "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    )
    return wide

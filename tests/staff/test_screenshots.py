"""Pictures of every page for people to look at; only on request, because nothing is asserted."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.staff.browser import SCREENS, a_page
from tests.staff.looks import LOOKS

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from pytest_django.live_server_helper import LiveServer

    from carenet.agencies.actors import Actor

FOLDER = os.environ.get("SCREENSHOTS")

if FOLDER:

    @pytest.mark.django_db(transaction=True)
    def test_a_picture_of_every_page(live_server: LiveServer, browser: Browser) -> None:
        actors: dict[object, Actor] = {}
        for look in LOOKS:
            if look.signed_in and look.scene not in actors:
                actors[look.scene] = look.actor()
            for screen in SCREENS:
                for language in ("ja", "en"):
                    somebody = actors[look.scene] if look.signed_in else None
                    with a_page(browser, live_server.url, somebody, screen, language) as page:
                        page.goto(look.address())
                        name = f"{look.name}-{screen}-{language}.png"
                        page.screenshot(path=Path(FOLDER or "") / name, full_page=True)

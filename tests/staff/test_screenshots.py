"""Pictures of every page for people to look at; only on request, because nothing is asserted."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from tests.staff.browser import SCREENS, a_page
from tests.staff.scene import a_scene
from tests.staff.screenshot_catalog import LOOKS, open_look

FOLDER = os.environ.get("SCREENSHOTS")

if FOLDER:

    @pytest.mark.django_db(transaction=True)
    def test_a_picture_of_every_page(live_server: LiveServer, browser: Browser) -> None:
        scene = a_scene()
        for look in LOOKS:
            key = scene.sessions.get(look.who, "")
            for screen in SCREENS:
                for language in ("ja", "en"):
                    with a_page(
                        browser, live_server.url, screen=screen, language=language, session=key
                    ) as page:
                        open_look(page, look, scene, language)
                        name = f"{look.name}-{screen}-{language}.png"
                        page.screenshot(path=Path(FOLDER or "") / name, full_page=True)

"""Every page has a declared outcome for every role, is accessible, fits its screen, is kept nowhere."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from django.test import Client

from tests.access.addresses import pages
from tests.staff.browser import SCREENS, a_page, overflows, session_of, violations
from tests.staff.looks import LOOKS, Look
from tests.staff.table import OF_ONESELF, PERSONAS, Line, lines
from tests.world import NOWHERE, a_member, an_agency

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from pytest_django.live_server_helper import LiveServer


def test_every_page_is_declared_and_nothing_else() -> None:
    assert {line.route for line in lines()} | OF_ONESELF == set(pages())


@pytest.mark.django_db
@pytest.mark.parametrize("line", lines(), ids=str)
def test_the_outcome_is_as_declared(line: Line) -> None:
    agency = an_agency()
    path = re.sub(r"<\w+:\w+>", str(NOWHERE), line.route)
    for column, role in enumerate(PERSONAS):
        client = Client()
        if role is not None:
            client.cookies["sessionid"] = session_of(a_member(agency, role))
        answer = client.generic(line.method, path)
        assert answer.status_code == line.expected(column), role
        assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_the_page_is_accessible_and_fits(
    live_server: LiveServer, browser: Browser, look: Look, screen: str
) -> None:
    actor = look.actor() if look.signed_in else None
    with a_page(browser, live_server.url, actor, screen) as page:
        page.goto(look.address())
        page.wait_for_load_state("networkidle")
        assert page.locator("html").get_attribute("lang") == "ja"
        assert violations(page) == []
        assert not overflows(page)

"""`/api/v1/docs/`: the contract to read and to try, with the policy of every other page."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from tests.staff.browser import a_page


@pytest.mark.django_db(transaction=True)
def test_it_shows_the_contract_and_runs_no_code_of_its_own(
    live_server: LiveServer, browser: Browser
) -> None:
    with a_page(browser, live_server.url) as page:
        answer = page.goto("/api/v1/docs/")
        assert answer
        page.locator(".opblock").first.wait_for()
        page.locator(".opblock").first.click()
    policy = answer.headers["content-security-policy"]
    assert "'unsafe-" not in policy

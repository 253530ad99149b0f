"""A missed visit is found on the review and taken on, a backup named: by keyboard alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from carenet.watchover.models import Alert
from tests.staff.browser import a_page
from tests.staff.review_scene import a_review

#: No control of a page is further away than so many steps of the key.
FURTHEST = 60


def tab_to(page: Page, name: str) -> None:
    """Go on with Tab alone until the control in focus is called so."""
    for _step in range(FURTHEST):
        page.keyboard.press("Tab")
        said: str = page.evaluate(
            "(document.activeElement.getAttribute('aria-label')"
            " || document.activeElement.innerText || '').trim()"
        )
        if said.startswith(name):
            return
    pytest.fail(f"no way to {name} by keyboard")


def follow(page: Page, name: str) -> None:
    """Press what is called so, and wait for the page behind it."""
    tab_to(page, name)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def choose(page: Page, control: str, name: str) -> None:
    """Go to a list with Tab, and down in it until what is chosen is called so."""
    for _step in range(FURTHEST):
        if page.evaluate("document.activeElement.id") == control:
            break
        page.keyboard.press("Tab")
    for _step in range(FURTHEST):
        page.keyboard.press("ArrowDown")
        chosen: str = page.evaluate("document.activeElement.selectedOptions[0].text")
        if chosen.startswith(name):
            return
    pytest.fail(f"{name} is no choice of {control}")


@pytest.mark.django_db(transaction=True)
def test_a_missed_visit_is_taken_on_and_a_backup_named_by_keyboard(
    live_server: LiveServer, browser: Browser, settings: Settings
) -> None:
    settings.REMINDER_CONSOLE = ""
    actor = a_review()
    alert = Alert.objects.select_related("assignment__resident").get()
    code = alert.assignment.code
    with a_page(browser, live_server.url, actor) as page:
        page.goto("/desk/")
        follow(page, "地域の状況")
        expect(page.locator("h1")).to_have_text("地域の状況")
        tab_to(page, f"引き受ける: {code}")
        page.keyboard.press("Enter")
        expect(page.locator("#messages")).to_contain_text("引き受けました")
        expect(page.locator(f"#alert-{alert.pk}")).to_contain_text("対応中")
        # The focus stays in the line, on what can be done next.
        assert page.evaluate("document.activeElement.getAttribute('aria-label')").startswith(
            f"解決する: {code}"
        )

        page.goto("/review/single-points/")
        expect(page.locator("main")).to_contain_text(code)
        follow(page, alert.assignment.resident.name)
        follow(page, "代行者を決める")
        expect(page.locator("#id_backup")).to_be_visible()
        choose(page, "id_backup", "生田")
        follow(page, "保存")
        expect(page.locator("h1")).to_contain_text(code)
        expect(page.locator("main")).not_to_contain_text("代行者がいません")

        page.goto("/review/single-points/")
        expect(page.locator("main")).not_to_contain_text(code)

        # Down from the map by its pictures alone: what is in focus stands out there, too.
        page.goto("/review/coverage/")
        tab_to(page, "霧立町地区: ")
        wide = "getComputedStyle(document.activeElement.querySelector('.place')).strokeWidth"
        assert page.evaluate(wide) == "5px"
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_contain_text("霧立町地区")
        follow(page, alert.assignment.resident.name)
        expect(page.locator("h1")).to_contain_text(code)
    alert.refresh_from_db()
    assert alert.acknowledged_by == actor.user
    alert.assignment.refresh_from_db()
    assert alert.assignment.backup

"""What all pages share: whose service it is, who acts, the menu by job, and what lies above a page."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from carenet.agencies.actors import Actor
from carenet.agencies.roles import Role
from launch.paths import PROJECT
from tests.factories import a_member, an_agency
from tests.staff.browser import a_page, session_of
from tests.staff.markup import without_layout

pytestmark = pytest.mark.django_db
STYLES = PROJECT / "carenet" / "staff" / "static" / "staff"


def page(path: str, actor: Actor | None = None) -> str:
    client = Client()
    if actor:
        client.cookies["sessionid"] = session_of(actor)
    return without_layout(client.get(path).content.decode())


def test_the_head_says_who_acts_and_for_whom() -> None:
    actor = a_member(an_agency(name="綱島地域ケアプラザ"), Role.STAFF, Role.MANAGER)
    assert actor.user
    head = page("/desk/people/", actor).split("</header>")[0]
    assert f"<strong>{actor.user.name}</strong>" in head
    assert "職員、管理者 · 綱島地域ケアプラザ" in head


def test_whoever_is_not_signed_in_reads_whose_service_it_is_and_whom_to_call(settings: Any) -> None:
    settings.WARD_NAME, settings.SERVICE_NAME = "霧立市", "霧立つなぎ"
    settings.SERVICE_CONTACT = "福祉課 045-000-0000"
    shown = page("/sign-in/")
    assert all(words in shown for words in ("霧立市", "霧立つなぎ", "福祉課 045-000-0000"))


@pytest.mark.parametrize("path", ["/sign-in/", "/pocket/offline/"])
def test_only_a_demo_says_that_it_is_one(settings: Any, path: str) -> None:
    words = "デモ・区の公式サービスではありません"
    assert words in page(path)
    settings.IS_DEMO = False
    assert words not in page(path)


def test_the_menu_marks_the_section_of_a_page_once() -> None:
    actor = a_member(an_agency())
    marked = re.findall(r'href="([^"]+)" aria-current', page("/desk/consultations/new/", actor))
    assert marked == ["/desk/consultations/new/"]


def test_what_lies_above_a_page_comes_from_the_menu() -> None:
    actor = a_member(an_agency(), Role.COORDINATOR)
    above = page("/review/watches/", actor).split('class="crumbs"')[1].split("</nav>")[0]
    assert re.findall(r'href="([^"]+)"', above) == ["/", "/review/"]


@pytest.mark.parametrize(
    ("path", "role"), [("/desk/people/", Role.STAFF), ("/review/", Role.COORDINATOR)]
)
def test_a_page_of_the_menu_has_nothing_above_it(path: str, role: Role) -> None:
    assert 'class="crumbs"' not in page(path, a_member(an_agency(), role))


@pytest.mark.parametrize(
    ("roles", "first"),
    [
        ([Role.STAFF], "/desk/"),
        ([Role.MANAGER], "/desk/agency/"),
        ([Role.STAFF, Role.MANAGER], "/desk/"),
        ([Role.COORDINATOR], "/review/"),
        ([Role.MANAGER, Role.COORDINATOR], "/review/"),
        ([Role.STAFF, Role.COORDINATOR], "/desk/"),
        ([Role.WATCHER], "/pocket/"),
        ([Role.AUDITOR], "/desk/audit/"),
    ],
)
def test_each_begins_at_the_page_of_their_work(roles: list[Role], first: str) -> None:
    client = Client()
    client.cookies["sessionid"] = session_of(a_member(an_agency(), *roles))
    assert client.get("/")["Location"] == first


def test_whoever_begins_elsewhere_finds_what_waits_by_its_own_name() -> None:
    menu = page("/pocket/", a_member(an_agency(), Role.WATCHER)).split("</nav>")[0]
    assert ">対応待ち</a>" in menu
    assert ">ホーム</a>" not in menu


def test_the_search_in_the_head_is_for_those_who_may_find_people() -> None:
    assert 'id="find"' in page("/desk/", a_member(an_agency()))
    assert 'id="find"' not in page("/pocket/", a_member(an_agency(), Role.WATCHER))


def test_the_help_is_that_of_ones_own_role_and_leads_to_the_others() -> None:
    shown = page("/desk/help/", a_member(an_agency(), Role.WATCHER))
    assert "電波が届かないとき" in shown
    assert "電話や来所があったとき" not in shown
    assert "電話や来所があったとき" in page(
        "/desk/help/?role=staff", a_member(an_agency(), Role.WATCHER)
    )


def test_the_patterns_are_in_a_demo_alone(settings: Any) -> None:
    settings.IS_DEMO = False
    client = Client()
    client.cookies["sessionid"] = session_of(a_member(an_agency()))
    assert client.get("/desk/patterns/").status_code == 404


def test_what_is_wrong_stands_above_with_a_way_to_its_field() -> None:
    shown = page("/desk/patterns/", a_member(an_agency()))
    summary = shown.split('class="notice error summary"')[1].split("</div>")[0]
    assert 'tabindex="-1" autofocus' in summary
    assert '<a href="#id_refused-name">' in summary
    assert 'id="id_refused-name"' in shown


def test_every_variable_of_the_stylesheets_is_declared() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in STYLES.rglob("*.css"))
    assert set(re.findall(r"var\((--[\w-]+)", text)) <= set(re.findall(r"(--[\w-]+):", text))


@pytest.mark.django_db(transaction=True)
def test_the_search_has_a_key_that_can_be_switched_off(
    live_server: LiveServer, browser: Browser
) -> None:
    with a_page(browser, live_server.url, a_member(an_agency())) as screen:
        screen.goto("/desk/")
        screen.keyboard.press("/")
        expect(screen.locator("#find")).to_be_focused()
        screen.keyboard.press("/")
        expect(screen.locator("#find")).to_have_value("/")
        screen.goto("/account/")
        screen.get_by_label("「/」キー").uncheck()
        screen.goto("/desk/")
        screen.keyboard.press("/")
        expect(screen.locator("#find")).not_to_be_focused()


@pytest.mark.django_db(transaction=True)
def test_on_a_telephone_a_page_begins_at_once_and_the_menu_opens_by_keyboard(
    live_server: LiveServer, browser: Browser
) -> None:
    with a_page(browser, live_server.url, a_member(an_agency()), screen="phone") as screen:
        screen.goto("/desk/people/")
        box = screen.locator("h1").bounding_box()
        assert box
        assert box["y"] < 120
        expect(screen.locator("#menu")).to_be_hidden()
        screen.get_by_role("button", name="メニュー").press("Enter")
        screen.get_by_role("link", name="ケース").click()
        expect(screen.locator("h1")).to_have_text("ケース")

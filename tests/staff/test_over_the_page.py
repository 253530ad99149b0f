"""What was typed stays: a session that ends, a service that is away, somebody else who signs in."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from carenet.accounts.models import BrowserSession
from carenet.accounts.models.session import LAST_USED
from carenet.agencies.models import User
from carenet.cases.models import ProgressNote
from carenet.core import clock
from tests.factories import PASSWORD, a_case, a_member, an_agency
from tests.staff.browser import a_page, session_of
from tests.staff.sign_in import an_authenticator, code_of

NOTE = "form[action$='/notes/']"


def write(page: Page, words: str) -> None:
    page.locator("main a[href$='/notes/#story']").click()
    page.fill("#note-text", words)
    page.check("[name=channel][value=none]")


def sign_in(page: Page, user: User) -> None:
    page.fill("#over [name=login]", user.username)
    page.fill("#over [name=password]", PASSWORD)
    page.locator("#over-page form button").click()


@pytest.mark.django_db
def test_a_page_that_stays_is_told_that_nobody_is_signed_in() -> None:
    for header in ("hx-request", "x-over-page"):
        answer = Client().post("/desk/consultations/draft/", headers={header: "true"})
        assert (answer.status_code, answer["X-Signed-Out"]) == (401, "1")
    there = Client().get("/desk/consultations/new/", {"form": "0" * 36, "q": "山本"})["Location"]
    assert "form" in there
    assert "q%3D" not in there


@pytest.mark.django_db
def test_a_page_knows_for_how_long_its_session_lasts() -> None:
    actor = a_member(an_agency())
    client = Client()
    client.cookies["sessionid"] = session_of(actor)
    client.get("/desk/")
    said = client.get("/session/", headers={"x-by-itself": "1"}).json()
    assert said["user"] == str(actor.user_id)
    assert 0 < said["left"] <= 30 * 60
    assert Client().get("/session/").json()["user"] == ""


@pytest.mark.django_db(transaction=True)
def test_signing_in_again_happens_over_the_page_and_sends_what_was_typed(
    live_server: LiveServer, browser: Browser
) -> None:
    actor = a_member(an_agency())
    assert actor.user
    secret, _codes = an_authenticator(actor.user)
    case = a_case(actor)
    with a_page(browser, live_server.url, actor) as page:
        page.goto(f"/desk/cases/{case.pk}/")
        write(page, "途中まで書いた")
        BrowserSession.objects.all().delete()
        page.locator(f"{NOTE} .sticks button").click()
        sign_in(page, actor.user)
        page.fill("#over [name=code]", code_of(secret))
        page.locator("#over-page form button").click()
        page.locator("main").get_by_text("途中まで書いた").first.wait_for()
        page.locator("#over").wait_for(state="hidden")
    assert ProgressNote.objects.get().text == "途中まで書いた"


@pytest.mark.django_db(transaction=True)
def test_somebody_else_who_signs_in_finds_an_empty_page(
    live_server: LiveServer, browser: Browser
) -> None:
    actor, other = a_member(an_agency()), a_member(an_agency())
    assert other.user
    with a_page(browser, live_server.url, actor) as page:
        page.goto("/desk/consultations/new/")
        BrowserSession.objects.all().delete()
        page.fill("[name=content]", "内緒の話")
        page.locator("#over [name=login]").wait_for()
        assert page.input_value("[name=content]") == "内緒の話"
        sign_in(page, other.user)
        page.wait_for_url("**/desk/")
        page.goto("/desk/consultations/new/")
        assert "内緒の話" not in page.content()


@pytest.mark.django_db(transaction=True)
def test_a_network_that_goes_while_a_token_is_renewed_leaves_the_form_to_be_sent_again(
    live_server: LiveServer, browser: Browser
) -> None:
    actor = a_member(an_agency())
    case = a_case(actor)
    with a_page(browser, live_server.url, actor) as page:
        page.goto(f"/desk/cases/{case.pk}/")
        write(page, "消えてはいけない")
        # As after a sign-in in another tab: the token of this page is the one before.
        page.context.add_cookies(
            [{"name": settings.CSRF_COOKIE_NAME, "value": "x" * 32, "url": live_server.url}]
        )
        page.route("**/session/", lambda route: route.abort())
        page.locator(f"{NOTE} .sticks button").click()
        page.locator("#messages .error").wait_for()
        page.unroute("**/session/")
        page.locator(f"{NOTE} .sticks button").click()
        page.locator("main").get_by_text("消えてはいけない").first.wait_for()
    assert ProgressNote.objects.get().text == "消えてはいけない"


@pytest.mark.django_db(transaction=True)
def test_what_is_away_takes_nothing_and_an_end_is_told_before(
    live_server: LiveServer, browser: Browser
) -> None:
    actor = a_member(an_agency())
    case = a_case(actor)
    with a_page(browser, live_server.url, actor) as page:
        page.goto(f"/desk/cases/{case.pk}/")
        write(page, "消えてはいけない")
        for broken in ("503", "network"):
            page.route(
                "**/notes/",
                lambda route, how=broken: (
                    route.fulfill(status=503, body="x") if how == "503" else route.abort()
                ),
            )
            page.locator(f"{NOTE} .sticks button").click()
            page.locator("#messages .error").wait_for()
            assert page.input_value("#note-text") == "消えてはいけない"
            page.unroute("**/notes/")
        idle = page.locator("#idle")
        assert idle.is_hidden()
        for each in BrowserSession.objects.all():
            store = BrowserSession.get_session_store_class()(each.session_key)
            store[LAST_USED] = int(clock.now().timestamp()) - 25 * 60
            store.save()
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        idle.wait_for()
        idle.get_by_role("button").click()
        idle.wait_for(state="hidden")
        page.locator(f"{NOTE} .sticks button").click()
        page.locator("main").get_by_text("消えてはいけない").first.wait_for()
    assert ProgressNote.objects.count() == 1

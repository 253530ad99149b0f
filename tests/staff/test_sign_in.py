"""Signing in and out: password, code, recovery codes, the idle end, the agency, the language."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from carenet.accounts.actions.accounts import disable_account
from carenet.accounts.models import BrowserSession
from carenet.accounts.models.session import BEGUN, LAST_USED
from carenet.agencies.actions import add_member, end_membership
from carenet.agencies.models import Membership, User
from carenet.agencies.roles import Role
from carenet.audit.models import AuditEntry
from carenet.core import clock
from tests.factories import PASSWORD, a_member, a_user, an_agency
from tests.staff.browser import a_page
from tests.staff.markup import without_layout
from tests.staff.sign_in import an_authenticator, code_of, confirmed, signed_in

pytestmark = pytest.mark.django_db
TODAY, HOME, ME = "/desk/", "/", "/api/v1/me/"


@pytest.fixture
def person() -> User:
    user = a_user()
    a_member(an_agency(name="港北プラザ"), user=user)
    return user


def status(client: Client, path: str = TODAY) -> int:
    return client.get(path).status_code


# The password.


def test_the_password_leads_to_the_page_that_was_asked_for(person: User) -> None:
    typed = {"login": person.username, "password": PASSWORD, "next": "/account/"}
    assert Client().post("/sign-in/", typed)["Location"] == "/account/"


def test_a_sign_in_never_leads_to_another_host(person: User) -> None:
    typed = {"login": person.username, "password": PASSWORD, "next": "https://example.com/"}
    assert Client().post("/sign-in/", typed)["Location"] == HOME


def test_a_wrong_password_keeps_the_name_and_is_in_the_trail(person: User) -> None:
    answer = Client().post("/sign-in/", {"login": person.username, "password": "違う"})
    assert f'value="{person.username}"' in answer.content.decode()
    assert AuditEntry.objects.filter(detail__code="sign_in_failed").exists()


def test_nobody_gets_in_without_signing_in() -> None:
    answer = Client().get("/desk/?kana=山本")
    assert (answer.status_code, answer["Location"]) == (303, "/sign-in/?next=%2Fdesk%2F")


def test_signing_in_leads_back_to_the_filters_of_the_page() -> None:
    there = Client().get("/desk/referrals/?box=outbox&turn=mine")["Location"]
    assert there == "/sign-in/?next=%2Fdesk%2Freferrals%2F%3Fbox%3Doutbox%26turn%3Dmine"


def test_what_was_looked_for_is_left_behind_whatever_its_letters() -> None:
    there = Client().get("/desk/people/?q=Yamamoto&Tanaka=1&status=open")["Location"]
    assert there == "/sign-in/?next=%2Fdesk%2Fpeople%2F%3Fstatus%3Dopen"


def test_a_new_password_counts_from_then_on(person: User) -> None:
    new = "もっと長い合言葉です-2"
    typed = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert signed_in(person).post("/account/password/", typed)["Location"] == "/account/"
    assert status(signed_in(person)) == 303
    person.refresh_from_db()
    assert person.check_password(new)


def test_signing_out_ends_the_session_on_pages_and_api(person: User) -> None:
    client = signed_in(person)
    assert client.post("/sign-out/")["Location"] == "/sign-in/"
    assert (status(client), status(client, ME)) == (303, 401)


# The second factor.


def test_whoever_has_an_authenticator_is_asked_for_its_code(person: User) -> None:
    secret, _codes = an_authenticator(person)
    half = signed_in(person)
    assert (status(half), status(half, ME)) == (303, 401)
    assert status(signed_in(person, code_of(secret))) == 200


def test_a_wrong_code_lets_nobody_in(person: User) -> None:
    an_authenticator(person)
    assert status(signed_in(person, "000000")) == 303


def test_a_recovery_code_signs_in_once(person: User) -> None:
    _secret, codes = an_authenticator(person)
    assert status(signed_in(person, codes[0])) == 200
    assert status(signed_in(person, codes[0])) == 303
    assert status(signed_in(person, codes[1])) == 200


def test_the_api_asks_for_the_code_too(person: User) -> None:
    secret, _codes = an_authenticator(person)
    client, base = Client(), "/auth/browser/v1/auth/"
    typed = {"username": person.username, "password": PASSWORD}
    asked = client.post(f"{base}login", typed, content_type="application/json")
    assert asked.status_code == 401
    assert {flow["id"] for flow in asked.json()["data"]["flows"] if flow.get("is_pending")} == {
        "mfa_authenticate"
    }
    code = {"code": code_of(secret)}
    done = client.post(f"{base}2fa/authenticate", code, content_type="application/json")
    assert (done.status_code, status(client, ME)) == (200, 200)


def test_where_one_is_required_a_page_leads_to_setting_one_up(
    person: User, settings: Settings
) -> None:
    settings.STAFF_SECOND_FACTOR = True
    assert signed_in(person).get(TODAY)["Location"] == "/account/code/"
    secret, _codes = an_authenticator(person)
    assert status(signed_in(person, code_of(secret))) == 200


def test_a_secret_is_not_readable_in_the_table(person: User) -> None:
    secret, _codes = an_authenticator(person)
    stored = Authenticator.objects.values_list("data", flat=True)
    assert secret not in str(list(stored))


@pytest.mark.parametrize(
    "path", ["/account/code/off/", "/account/recovery/", "/account/recovery/new/"]
)
def test_what_touches_the_second_factor_asks_once_more_who_it_is(person: User, path: str) -> None:
    secret, _codes = an_authenticator(person)
    client = signed_in(person, code_of(secret))
    assert client.get(path)["Location"].startswith("/sign-in/again/")
    assert status(confirmed(client), path) == 200


def test_new_recovery_codes_end_the_old_ones(person: User) -> None:
    secret, codes = an_authenticator(person)
    confirmed(signed_in(person, code_of(secret))).post("/account/recovery/new/")
    assert status(signed_in(person, codes[0])) == 303


def test_without_an_authenticator_the_password_is_enough_again(person: User) -> None:
    secret, _codes = an_authenticator(person)
    confirmed(signed_in(person, code_of(secret))).post("/account/code/off/")
    assert status(signed_in(person)) == 200


# The end of it.


def test_a_session_that_nobody_uses_ends_everywhere(person: User, settings: Settings) -> None:
    client = signed_in(person)
    idle(client, minutes=settings.STAFF_IDLE_MINUTES + 1)
    assert (status(client, ME), status(client)) == (401, 303)


@pytest.mark.parametrize("over_the_api", [False, True])
def test_a_session_ends_at_its_age_however_it_is_used(
    person: User, settings: Settings, over_the_api: bool
) -> None:
    client = signed_in_over_the_api(person) if over_the_api else signed_in(person)
    begun = client.session[BEGUN]
    hours, minute = timedelta(hours=12), timedelta(minutes=1)
    start = datetime.fromtimestamp(begun, UTC)
    with time_machine.travel(start, tick=False) as travel:
        while clock.now() < start + hours - minute:
            travel.shift(timedelta(minutes=settings.STAFF_IDLE_MINUTES) - minute)
            travel.move_to(min(clock.now(), start + hours - minute))
            assert status(client, ME) == 200
        travel.move_to(start + hours)
        assert (status(client, ME), status(client)) == (401, 303)


def test_a_session_of_the_api_ends_when_nobody_uses_it(person: User, settings: Settings) -> None:
    client = signed_in_over_the_api(person)
    idle(client, minutes=settings.STAFF_IDLE_MINUTES - 1)
    assert status(client, ME) == 200
    idle(client, minutes=settings.STAFF_IDLE_MINUTES + 1)
    assert status(client, ME) == 401


def test_a_session_of_the_api_has_a_device(person: User) -> None:
    signed_in_over_the_api(person, headers={"User-Agent": "python-requests/2.32.3"})
    assert BrowserSession.objects.get(user=person).device == "API · python-requests"


def test_a_session_of_the_release_before_is_counted_from_now_on(person: User) -> None:
    client = signed_in(person)
    session = client.session
    del session[BEGUN]
    BrowserSession.objects.update(session_data=session.encode(dict(session.items())))
    assert status(client, ME) == 200
    assert client.session[BEGUN]


def test_use_keeps_a_session_alive(person: User, settings: Settings) -> None:
    client = signed_in(person)
    for _again in range(3):
        idle(client, minutes=settings.STAFF_IDLE_MINUTES - 1)
        assert status(client) == 200


def test_a_disabled_account_is_out_at_once(person: User) -> None:
    client = signed_in(person)
    disable_account(actor=None, user=person)
    assert (status(client), status(client, ME)) == (303, 401)
    assert status(signed_in(person)) == 303


def test_an_account_that_is_not_active_is_led_back_to_the_sign_in(person: User) -> None:
    person.is_active = False
    person.save()
    typed = {"login": person.username, "password": PASSWORD}
    assert Client().post("/sign-in/", typed)["Location"] == "/sign-in/"


def test_an_ended_membership_is_over_at_once(person: User) -> None:
    client = signed_in(person)
    end_membership(actor=None, membership=Membership.objects.get(user=person))
    answer = client.get(TODAY)
    assert answer.status_code == 403
    assert "どの機関にも所属していません" in answer.content.decode()


def signed_in_over_the_api(person: User, **how: Any) -> Client:
    client = Client(**how)
    typed = {"username": person.username, "password": PASSWORD}
    client.post("/auth/browser/v1/auth/login", typed, content_type="application/json")
    return client


def idle(client: Client, minutes: int) -> int:
    """Let a session be unused for so long; return since when."""
    session = client.session
    since: int = int(time.time() - timedelta(minutes=minutes).total_seconds())
    session[LAST_USED] = since
    session.save()
    return since


# The agency.


@pytest.mark.operation("me_agency_update")
def test_a_member_of_two_agencies_chooses_and_acts_for_that_one(person: User) -> None:
    other = an_agency(name="基幹センター")
    add_member(actor=None, agency=other, user=person, roles=[Role.STAFF])
    client = signed_in(person)
    assert client.get(TODAY)["Location"] == "/account/agency/"
    assert client.post("/account/agency/", {"agency": str(other.pk)})["Location"] == HOME
    assert "基幹センター" in client.get(TODAY).content.decode()
    assert client.get(ME).json()["agency"]["name"] == "基幹センター"
    assert AuditEntry.objects.filter(action="account.choose_agency", agency_id=other.pk).exists()


def test_nobody_chooses_an_agency_that_is_not_theirs(person: User) -> None:
    answer = signed_in(person).post("/account/agency/", {"agency": str(an_agency().pk)})
    assert answer.status_code == 403
    assert "その機関への所属" in answer.content.decode()


# The words.


def test_the_language_is_switched_and_stays(person: User) -> None:
    client = signed_in(person)
    client.cookies["django_language"] = "ja"
    assert "<h1>ホーム</h1>" in without_layout(client.get(TODAY).content.decode())
    client.post("/language/", {"language": "en", "next": TODAY})
    assert "<h1>Home</h1>" in without_layout(client.get(TODAY).content.decode())


def test_a_form_without_its_token_is_refused_on_a_page(person: User) -> None:
    client = Client(enforce_csrf_checks=True, headers={"accept": "text/html"})
    answer = client.post("/sign-in/", {"login": person.username, "password": PASSWORD})
    assert answer.status_code == 403
    assert "開き直して" in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]


def test_an_address_that_leads_nowhere_is_a_page_for_people_and_a_problem_for_systems() -> None:
    client = Client()
    assert client.get("/desk/nowhere/")["Content-Type"] == "application/problem+json"
    page = client.get("/desk/nowhere/", headers={"accept": "text/html"})
    assert (page.status_code, page["Content-Type"]) == (404, "text/html; charset=utf-8")


# By keyboard, in a browser.


@pytest.mark.django_db(transaction=True)
def test_by_keyboard_alone_from_the_sign_in_to_a_second_factor_and_out(
    live_server: LiveServer, browser: Browser
) -> None:
    person = a_user()
    a_member(an_agency(), user=person)
    with a_page(browser, live_server.url, screen="phone") as page:
        page.goto("/desk/")
        assert first_stop(page) == "本文へ移動"
        assert has_visible_focus(page)
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        typed(page, person.username, PASSWORD)
        page.wait_for_url("**/desk/#main")
        page.goto("/account/code/")
        page.get_by_label("パスワード").focus()
        typed(page, PASSWORD)
        page.wait_for_url("**/account/code/")
        secret = page.locator("code").inner_text()
        page.get_by_label("コード").focus()
        typed(page, code_of(secret))
        page.wait_for_url("**/account/recovery/")
        assert page.locator(".codes li").count() == 10
        page.locator("summary").focus()
        page.keyboard.press("Enter")
        page.get_by_role("button", name="ログアウト").focus()
        assert has_visible_focus(page)
        page.keyboard.press("Enter")
        page.wait_for_url("**/sign-in/")
    assert Authenticator.objects.filter(user=person, created_at__lt=timezone.now()).count() == 2


def typed(page: Page, *words: str) -> None:
    """Type into the field that has the focus, and those after it; the last is sent with Enter."""
    for number, word in enumerate(words):
        if number:
            page.keyboard.press("Tab")
        page.keyboard.type(word)
    page.keyboard.press("Enter")


def first_stop(page: Page) -> str:
    """Return the words of what the first Tab leads to."""
    page.keyboard.press("Tab")
    words: str = page.evaluate("document.activeElement.innerText")
    return words


def has_visible_focus(page: Page) -> bool:
    """Whether what has the focus is on the screen and outlined."""
    seen: bool = page.evaluate(
        """() => {
            const it = document.activeElement, box = it.getBoundingClientRect();
            const outline = getComputedStyle(it);
            return box.left >= 0 && box.top >= 0 && box.right <= innerWidth && box.width > 0
                && outline.outlineStyle === "solid" && parseFloat(outline.outlineWidth) >= 2;
        }"""
    )
    return seen

"""Somebody of a consultation whom the search does not find: the box opens, and the name is not typed twice."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from carenet.agencies.actors import Actor
from carenet.cases.actions import consultations
from carenet.staff.pages.search import name_in
from tests.factories import a_member, a_resident, an_agency
from tests.staff.browser import a_page, session_of
from tests.staff.consultations import SAID

NEW = "/desk/consultations/new/"
CALL = {"received_at": "いま", "channel": "phone", "content": "呼んでも返事がない"}
BOX = "<details open>"
pytestmark = pytest.mark.django_db


def desk(actor: Actor) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.cookies["sessionid"] = session_of(actor)
    return client


def search(actor: Actor, q: str, **given: str) -> Any:
    """Search without a script."""
    return desk(actor).post(NEW, CALL | {"q": q, "find": "people"} | given)


def name_of(page: Any) -> tuple[str, str]:
    form = page.context["form"]
    return form["family_name"].value() or "", form["given_name"].value() or ""


@pytest.mark.parametrize(
    ("q", "name"),
    [
        ("綾瀬", ("綾瀬", "")),
        ("綾瀬 キヨ", ("綾瀬", "キヨ")),
        ("綾瀬　清", ("綾瀬", "清")),
        ("佐々木 ひろ子", ("佐々木", "ひろ子")),
        ("あやせ きよ", ("", "")),
        ("アヤセ", ("", "")),
        ("あやせ 清", ("", "")),
        ("綾瀬2", ("", "")),
        ("綾瀬 清 様", ("", "")),
        ("綾瀬(清)", ("", "")),
        ("Nguyen Thi", ("", "")),
        ("綾" * 101, ("", "")),
        ("", ("", "")),
    ],
)
def test_what_is_plainly_a_name_is_told_from_what_is_not(q: str, name: tuple[str, str]) -> None:
    assert name_in(q) == name


def test_the_box_opens_where_nobody_is_found() -> None:
    assert BOX in search(a_member(an_agency()), "あやせ").content.decode()


def test_the_box_stays_shut_where_somebody_is_found() -> None:
    actor = a_member(an_agency())
    a_resident(actor)
    assert BOX not in search(actor, "たかはし").content.decode()


@pytest.mark.parametrize("q", ["", " "])
def test_the_box_stays_shut_where_nobody_was_searched_for(q: str) -> None:
    assert BOX not in search(a_member(an_agency()), q).content.decode()


def test_the_box_stays_shut_where_the_search_was_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("carenet.rest.throttles.SearchThrottle.rate", "1/min", raising=False)
    actor = a_member(an_agency())
    page = [search(actor, "綾瀬") for _ in range(2)][1]
    assert (BOX in page.content.decode(), name_of(page)) == (False, ("", ""))


def test_the_name_that_was_searched_in_vain_is_taken_over() -> None:
    assert name_of(search(a_member(an_agency()), "綾瀬 キヨ")) == ("綾瀬", "キヨ")


def test_no_name_is_taken_over_where_somebody_is_found() -> None:
    actor = a_member(an_agency())
    a_resident(actor)
    assert name_of(search(actor, "高橋")) == ("", "")


def test_what_was_typed_as_the_name_is_not_overwritten() -> None:
    page = search(a_member(an_agency()), "綾瀬 キヨ", family_name="安藤")
    assert name_of(page) == ("安藤", "キヨ")


def test_the_name_of_the_search_before_gives_way_to_the_next() -> None:
    page = search(
        a_member(an_agency()), "安藤", family_name="綾瀬", given_name="キヨ", searched="綾瀬 キヨ"
    )
    assert name_of(page) == ("安藤", "")


def test_the_name_that_was_taken_over_goes_when_somebody_is_found() -> None:
    actor = a_member(an_agency())
    a_resident(actor)
    page = search(actor, "たかはし", family_name="綾瀬", searched="綾瀬")
    assert name_of(page) == ("", "")


def test_a_refused_form_takes_no_name_over() -> None:
    page = desk(a_member(an_agency())).post(NEW, CALL | {"q": "綾瀬"})
    assert (page.status_code, name_of(page)) == (422, ("", ""))


def test_a_consultation_that_is_completed_takes_the_name_over_as_well() -> None:
    actor = a_member(an_agency())
    consultation = consultations.record(actor=actor, **SAID)
    given = {"q": "綾瀬", "find": "people", "version": str(consultation.version)}
    page = desk(actor).post(f"/desk/consultations/{consultation.pk}/edit/", CALL | given)
    assert (BOX in page.content.decode(), name_of(page)) == (True, ("綾瀬", ""))


@pytest.mark.django_db(transaction=True)
def test_while_one_types_the_box_opens_and_takes_the_name_over(
    live_server: LiveServer, browser: Browser
) -> None:
    actor = a_member(an_agency())
    a_resident(actor)
    with a_page(browser, live_server.url, actor) as page:
        page.goto(NEW)
        page.locator("#id_q").fill("綾瀬")
        expect(page.locator("[name=family_name]")).to_have_value("綾瀬")
        expect(page.locator("[name=family_name]")).to_be_visible()
        page.locator("#id_q").fill("綾瀬 キヨ")
        expect(page.locator("[name=given_name]")).to_have_value("キヨ")
        page.locator("[name=given_name]").fill("清")
        page.locator("#id_q").fill("高橋")
        page.locator("[name=subject]").first.wait_for()
        typed = [
            page.locator(f"[name={name}]").input_value() for name in ("family_name", "given_name")
        ]
    assert typed == ["", "清"]

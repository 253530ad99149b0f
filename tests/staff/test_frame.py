"""What all pages share: whose service it is, who acts, the menu by job, and what lies above a page."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from carenet.agencies.actors import Actor
from carenet.agencies.roles import Role
from launch.paths import PROJECT
from tests.factories import a_member, an_agency
from tests.staff.browser import session_of
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


def test_a_page_of_the_menu_has_nothing_above_it() -> None:
    assert 'class="crumbs"' not in page("/desk/people/", a_member(an_agency()))


def test_every_variable_of_the_stylesheets_is_declared() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in STYLES.rglob("*.css"))
    assert set(re.findall(r"var\((--[\w-]+)", text)) <= set(re.findall(r"(--[\w-]+):", text))

"""Paper and FAX: one page with no more than the basis covers, and a code that leads back."""

from __future__ import annotations

import re
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import override
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from carenet.agencies.actors import Actor
from carenet.cases.actions.cases import restrict
from carenet.core import clock
from carenet.referrals.actions.deadlines import answer_due_if_told
from carenet.referrals.models import Referral
from carenet.staff.pages import referral_sheet
from tests.factories import a_case, a_draft, a_member, a_resident, a_sent_referral, an_agency
from tests.staff.browser import a_page, session_of

pytestmark = pytest.mark.django_db


def desk(actor: Actor) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.cookies["sessionid"] = session_of(actor)
    return client


def a_paper_referral(actor: Actor, **person: Any) -> Referral:
    case = a_case(actor, a_resident(actor, family_name="紙野", **person))
    return a_sent_referral(actor, an_agency(fax="045-000-0000"), case)


def the_sheet(actor: Actor, referral: Referral) -> str:
    return desk(actor).get(f"/desk/referrals/{referral.pk}/sheet/").content.decode()


def test_the_paper_names_the_person_both_agencies_and_the_code() -> None:
    actor = a_member(an_agency())
    referral = a_paper_referral(actor, address="港北区大豆戸町26-1")
    page = the_sheet(actor, referral)
    for words in ("紙野", "大豆戸町", referral.code, "045-000-0000", actor.agency.name):
        assert words in page


def test_the_paper_has_what_an_office_expects() -> None:
    actor = a_member(an_agency(phone="045-111-0001", fax="045-111-0002"))
    referral = a_paper_referral(actor, birth_year=1937)
    page = the_sheet(actor, referral)
    for words in (
        "to whom it may concern", "Sheets sent", "Handle with care", "Answered by:", "born 1937",
        "by FAX to 045-111-0002", "by mistake", "(045-111-0001) at once",
    ):  # fmt: skip
        assert words in page


def test_the_paper_says_until_when_the_answer_is_wanted_by_the_hour() -> None:
    actor = a_member(an_agency())
    referral = a_sent_referral(actor, an_agency(), urgency="today")
    with time_machine.travel(clock.now(), tick=False):
        due = answer_due_if_told(referral, clock.now())
        assert due
        with override("en"):
            wanted = date_format(timezone.localtime(due), "DATETIME_FORMAT")
        assert wanted in the_sheet(actor, referral)


def test_a_protected_address_never_stands_on_paper() -> None:
    actor = a_member(an_agency())
    person = {"address": "港北区大豆戸町26-1", "phone": "045-111-2222", "address_protected": True}
    page = the_sheet(actor, a_paper_referral(actor, **person))
    assert "大豆戸町" not in page
    assert "045-111-2222" not in page


def test_of_a_restricted_case_nobody_is_named_on_paper() -> None:
    actor = a_member(an_agency())
    referral = a_paper_referral(actor)
    restrict(actor=actor, case_id=referral.case_id)
    page = the_sheet(actor, referral)
    assert "紙野" not in page
    assert "玄関に応答がない" not in page
    assert referral.code in page


def test_a_draft_is_not_printed() -> None:
    actor = a_member(an_agency())
    draft = a_draft(actor, an_agency())
    assert desk(actor).get(f"/desk/referrals/{draft.pk}/sheet/").status_code == 409


def test_the_file_is_a_pdf_and_kept_nowhere() -> None:
    actor = a_member(an_agency())
    referral = a_paper_referral(actor)
    answer = desk(actor).get(f"/desk/referrals/{referral.pk}/sheet.pdf")
    assert answer.content.startswith(b"%PDF-")
    assert "no-store" in answer["Cache-Control"]
    assert referral.code in answer["Content-Disposition"]


@pytest.mark.parametrize("words", ["長" * 1800, "長い話\n" * 450])
def test_however_much_was_written_it_is_one_page_that_says_what_is_cut(words: str) -> None:
    actor = a_member(an_agency())
    names = (
        "need_text",
        "reason",
        "summary",
        "wishes_of_person",
        "wishes_of_family",
        "how_to_contact",
    )
    said: Any = dict.fromkeys(names, words) | {"requested_service": "長" * 300}
    referral = a_sent_referral(actor, an_agency(), **said)
    assert "ask the sender for the rest" in the_sheet(actor, referral)
    pdf = desk(actor).get(f"/desk/referrals/{referral.pk}/sheet.pdf").content
    assert re.findall(rb"/Type\s*/Pages.*?/Count (\d+)", pdf, re.DOTALL) == [b"1"]


def test_words_are_data_for_the_typesetter() -> None:
    actor = a_member(an_agency())
    referral = a_sent_referral(actor, an_agency(), reason='#panic("x") ] " \\ $ @ <a>')
    answer = desk(actor).get(f"/desk/referrals/{referral.pk}/sheet.pdf")
    assert answer.status_code == 200


def test_without_a_japanese_font_one_is_told_to_print_the_page(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(referral_sheet, "FONT", "No Such Font")
    actor = a_member(an_agency())
    referral = a_paper_referral(actor)
    assert desk(actor).get(f"/desk/referrals/{referral.pk}/sheet.pdf").status_code == 409


@pytest.mark.parametrize("write", [str, str.lower, lambda code: code.replace("-", "ー")])
def test_the_code_opens_the_referral_however_it_is_typed(write: Any) -> None:
    actor = a_member(an_agency())
    referral = a_paper_referral(actor)
    answer = desk(actor).post("/desk/answer/", {"code": write(referral.code)})
    assert answer["Location"].startswith(f"/desk/referrals/{referral.pk}/")


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("R-26-999999", 400), ("R-99-{number}", 400), ("あ", 400), ("\0", 422),
        ("R-26-" + "9" * 12, 400),
    ],
)  # fmt: skip
def test_a_code_of_nothing_is_told(code: str, status: int) -> None:
    actor = a_member(an_agency())
    referral = a_paper_referral(actor)
    typed = code.format(number=f"{referral.number:06d}")
    answer = desk(actor).post("/desk/answer/", {"code": typed})
    assert answer.status_code == status
    assert answer.context["form"].errors["code"]


def test_the_code_grants_nothing() -> None:
    referral = a_paper_referral(a_member(an_agency()))
    answer = desk(a_member(an_agency())).post("/desk/answer/", {"code": referral.code})
    assert answer.status_code == 400


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("screen", ["desk", "phone"])
def test_an_answer_by_fax_is_recorded_by_its_code(
    live_server: LiveServer, browser: Browser, screen: str
) -> None:
    actor = a_member(an_agency())
    referral = a_paper_referral(actor)
    with a_page(browser, live_server.url, actor, screen) as page:
        page.goto("/desk/answer/")
        page.keyboard.type(referral.code)
        page.keyboard.press("Enter")
        page.wait_for_url("**/desk/referrals/**")
        step = page.locator("form.next")
        step.get_by_label("FAX").check()
        step.locator("button").press("Enter")
        page.get_by_text("代理記録").first.wait_for()
    event = referral.events.order_by("id").last()
    assert event
    assert (event.verb, event.channel) == ("accept", "fax")


@pytest.mark.django_db(transaction=True)
def test_the_page_prints_on_one_sheet_without_menu_and_buttons(
    live_server: LiveServer, browser: Browser
) -> None:
    actor = a_member(an_agency())
    texts = ("summary", "wishes_of_person", "wishes_of_family", "how_to_contact", "need_text")
    words = dict.fromkeys(texts, "長い話です。" * 100)
    person = a_resident(actor, address="港北区大豆戸町26-1", phone="045-000-0000")
    referral = a_sent_referral(actor, an_agency(), a_case(actor, person), **words)
    with a_page(browser, live_server.url, actor) as page:
        page.goto(f"/desk/referrals/{referral.pk}/sheet/")
        pages = re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4", prefer_css_page_size=True))
        page.emulate_media(media="print")
        shown = [
            name
            for name in ("header.top", "main .button", ".paper", ".boxed")
            if page.locator(name).first.is_visible()
        ]
    assert len(pages) == 1
    assert shown == [".paper", ".boxed"]

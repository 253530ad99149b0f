"""An inquiry at the desk: read and answered where it waits."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from carenet.agencies.actors import Actor
from carenet.core import clock
from carenet.reminders.actions import work_once
from carenet.residents.actions import find_duplicates, inquire
from carenet.residents.models import Inquiry, Resident
from carenet.residents.policy import visible_to
from tests.factories import a_member, a_resident, an_agency
from tests.staff.browser import session_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def asks() -> Actor:
    return a_member(an_agency())


@pytest.fixture
def asked() -> Actor:
    return a_member(an_agency())


@pytest.fixture
def person(asked: Actor) -> Resident:
    return a_resident(asked, family_name="神宮司", given_name="環", birth_date=date(1941, 12, 8))


@pytest.fixture
def inquiry(asks: Actor, person: Resident) -> Inquiry:
    (hint,) = find_duplicates(
        actor=asks, family_name="神宮司", given_name="環", birth_date=person.birth_date
    ).hints
    made = inquire(actor=asks, hint_id=hint.pk, words="訪問で出会った")
    while work_once(now=clock.now()):
        pass
    return made


def browsing(actor: Actor) -> Client:
    client = Client()
    client.cookies["sessionid"] = session_of(actor)
    return client


def page(actor: Actor, inquiry: Inquiry) -> str:
    answer = browsing(actor).get(f"/desk/inquiries/{inquiry.pk}/")
    assert answer.status_code == 200
    return answer.content.decode()


def answered(actor: Actor, inquiry: Inquiry, verb: str, status: int = 303, **said: Any) -> str:
    answer = browsing(actor).post(
        f"/desk/inquiries/{inquiry.pk}/{verb}/", {"version": inquiry.version} | said
    )
    assert answer.status_code == status, answer.content.decode()
    inquiry.refresh_from_db()
    return answer.content.decode()


def test_today_leads_to_it_and_who_is_asked_sees_about_whom(asked: Actor, inquiry: Inquiry) -> None:
    today = browsing(asked).get("/desk/").content.decode()
    assert f'href="/desk/inquiries/{inquiry.pk}/"' in today
    shown = page(asked, inquiry)
    assert "訪問で出会った" in shown
    assert "神宮司" in shown


def test_who_asks_learns_of_nobody_before_it_is_shared(
    asks: Actor, asked: Actor, inquiry: Inquiry
) -> None:
    shown = page(asks, inquiry)
    assert "神宮司" not in shown
    assert asked.agency.name not in shown
    assert "/share/" not in shown
    answered(asked, inquiry, "share", basis="LIFE_BODY_PROPERTY", reason="火の不始末")
    shown = page(asks, inquiry)
    assert "神宮司" in shown
    assert asked.agency.name in shown


@pytest.mark.operation("inquiries_share_create")
def test_a_share_holds_through_its_last_day(
    asks: Actor, asked: Actor, person: Resident, inquiry: Inquiry
) -> None:
    last = clock.today() + timedelta(days=10)
    answered(
        asked,
        inquiry,
        "share",
        basis="LIFE_BODY_PROPERTY",
        reason="火の不始末",
        until=f"{last}",
        answer="担当は佐藤",
    )
    assert visible_to(asks).filter(pk=person.pk).exists()
    assert inquiry.state == "shared"


@pytest.mark.operation("inquiries_decline_create")
def test_declined_with_a_reason_that_who_asks_reads(
    asks: Actor, asked: Actor, inquiry: Inquiry
) -> None:
    refused = answered(asked, inquiry, "decline", 422, answer="")
    assert "/share/" in refused
    answered(asked, inquiry, "decline", answer="本人が望まない")
    assert "本人が望まない" in page(asks, inquiry)


def test_what_is_refused_keeps_what_was_typed(asked: Actor, inquiry: Inquiry) -> None:
    shown = answered(asked, inquiry, "share", 422, basis="", until="いつか", answer="電話ください")
    assert "電話ください" in shown
    assert "いつか" in shown
    assert inquiry.state == "open"


def test_only_who_is_asked_answers(asks: Actor, inquiry: Inquiry) -> None:
    answered(asks, inquiry, "decline", 403, answer="いいえ")
    answered(a_member(an_agency()), inquiry, "decline", 404, answer="いいえ")
    assert inquiry.state == "open"


@pytest.mark.operation("inquiries_create")
def test_whoever_is_not_found_here_is_asked_for_elsewhere(asks: Actor, person: Resident) -> None:
    desk = browsing(asks)
    given = {"family_name": "神宮司", "given_name": "環", "birth": "S16.12.8"}
    page = desk.post("/desk/people/elsewhere/", given)
    (question,) = page.context["questions"]
    assert person.registered_by.name not in page.content.decode()
    sent = {"hint": question.initial["hint"], "words": "訪問で出会った"}
    answer = desk.post("/desk/people/elsewhere/ask/", sent)
    assert answer["Location"] == f"/desk/inquiries/{Inquiry.objects.get().pk}/"
    again = desk.post("/desk/people/elsewhere/ask/", sent)
    assert again.status_code == 422
    assert "訪問で出会った" in again.content.decode()


def test_a_half_description_finds_nobody_elsewhere(asks: Actor, person: Resident) -> None:
    given = {"family_name": person.family_name, "given_name": "", "birth": "S16.12.8"}
    answer = browsing(asks).post("/desk/people/elsewhere/", given)
    assert answer.status_code == 422
    assert "questions" not in answer.context

"""A number that somebody types in the head leads to its page, as far as they may see it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from carenet.agencies.actors import Actor
from carenet.agencies.roles import Role
from carenet.audit.models import AuditEntry
from carenet.staff.pages.codes import PAGES, is_code, plain_code
from tests.factories import a_case, a_member, a_resident, a_sent_referral, an_agency
from tests.staff.browser import session_of

pytestmark = pytest.mark.django_db


def search(actor: Actor, q: str, **headers: str) -> Any:
    client = Client(headers=headers)
    client.cookies["sessionid"] = session_of(actor)
    return client.post("/desk/people/", {"q": q})


def a_referral() -> tuple[Actor, Any]:
    actor = a_member(an_agency())
    return actor, a_sent_referral(actor, an_agency())


@pytest.mark.parametrize(
    "written", ["{}", " {} ", "ｒ－{year}－{number}", "r{year}-{number}", "R－{year}ー{number}"]
)
def test_a_number_leads_to_its_page_however_it_is_typed(written: str) -> None:
    actor, referral = a_referral()
    typed = written.format(referral.code, year=referral.code[2:4], number=referral.number)
    answer = search(actor, typed)
    assert (answer.status_code, answer["Location"]) == (303, f"/desk/referrals/{referral.pk}/")


def test_a_case_is_found_by_its_number() -> None:
    actor = a_member(an_agency())
    case = a_case(actor)
    assert search(actor, case.code)["Location"] == f"/desk/cases/{case.pk}/"


def test_of_what_one_may_not_see_the_search_says_no_more_than_of_nothing() -> None:
    _actor, referral = a_referral()
    stranger = a_member(an_agency())
    unseen, nothing = (
        search(stranger, code).context["form"].errors for code in (referral.code, "R-99-999999")
    )
    assert unseen == nothing != {}


def test_a_number_of_another_year_is_another_one() -> None:
    actor, referral = a_referral()
    assert search(actor, f"R-01-{referral.number}").status_code == 200


def test_a_role_that_has_no_such_page_is_not_led_there() -> None:
    agency = an_agency()
    case = a_case(a_member(agency))
    assert search(a_member(agency, Role.COORDINATOR), case.code).status_code == 200


def test_while_one_types_the_way_is_shown_and_not_taken() -> None:
    actor, referral = a_referral()
    answer = search(actor, referral.code, **{"HX-Request": "true"})
    assert f"/desk/referrals/{referral.pk}/" in answer.content.decode()


def test_a_search_is_one_line_of_the_trail() -> None:
    actor = a_member(an_agency())
    a_resident(actor)
    a_resident(actor, family_name="髙橋", given_name="二郎", new_because="別の人")
    before = AuditEntry.objects.count()
    search(actor, "たかはし")
    assert AuditEntry.objects.count() == before + 1
    assert AuditEntry.objects.latest("time").object_kind == "resident"


@pytest.mark.parametrize("words", ["たかはし", "R", "R-26-", "X-26-000001", "045-540-1234", "1941"])
def test_other_words_are_no_number(words: str) -> None:
    assert not is_code(words)


def test_every_letter_is_read() -> None:
    assert all(is_code(f"{letter}-26-000001") for letter in PAGES)
    assert plain_code("ｗ２６ー１") == "W26-1"

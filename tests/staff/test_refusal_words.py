"""A page says what an action refuses in its own words: no field of the API, no “errors”."""

from __future__ import annotations

import re
from pathlib import Path
from uuid import uuid4

import pytest
from babel.messages.pofile import read_po
from django.utils import translation

import carenet
from carenet.core.errors import Gone, Invalid
from carenet.staff.pages.refusal_words import on_a_page, put_on_page
from tests.factories import a_member, a_resident, an_agency
from tests.staff.consultations import HERE, a_call, desk

PO = Path(carenet.__file__).parent / "locale/ja/LC_MESSAGES/django.po"
#: What no page calls: other rooms' commands, the plumbing of the API and what systems alone are told.
ELSEWHERE = re.compile("/management/|^carenet/rest/|^rest_framework/|/api/|list_import.py$")
#: And what stands in quotes, and is a plain word: a role, a choice.
NO_FIELDS = {
    "Say “law” only of what stands in a law.",
    (
        "To take calls and work on cases yourself you need the role “staff” besides: another manager "
        "gives it, or the operator of the service."
    ),
    "A manager who also takes calls and works on cases has the role “staff” besides.",
    "A system cannot be among the named: choose “agency” or “case”.",
    "Leave it out unless the state is “closed”.",
    "Say in words what is asked: “other” alone says nothing.",
    "With the basis “consent” only. It is written down together with this.",
}
_PLACES = re.compile(r"%\([a-z_]+\)[sd]|\{[a-z_]+\}")
_NAME = re.compile("[“「][a-z_]+[”」]|[a-z]+_[a-z_]+")


def sentences(language: str) -> list[str]:
    """Return what rooms and pages say in a language and a page may show."""
    with PO.open("rb") as file:
        every = [each for each in read_po(file) if each.id and isinstance(each.id, str)]
    shown = [
        each
        for each in every
        if each.id not in NO_FIELDS
        and not all(ELSEWHERE.search(where) for where, _line in each.locations)
    ]
    return [str(each.string if language == "ja" else each.id) for each in shown]


@pytest.mark.parametrize("language", ["ja", "en"])
def test_no_sentence_names_a_field_of_the_api_on_a_page(language: str) -> None:
    every = sentences(language)
    with translation.override(language):
        named = [each for each in every if _NAME.search(_PLACES.sub("", each))]
        told = [on_a_page(_PLACES.sub("", each)) for each in named]
    assert len(every) > 2000
    assert named
    assert [each for each in told if _NAME.search(each)] == []


def test_a_form_calls_its_fields_by_their_labels() -> None:
    with translation.override("en"):
        told = on_a_page("Say it in “why_again”.", {"why_again": "Why once more"})
    assert told == "Say it in “Why once more”."


def test_what_an_answer_of_the_api_holds_is_not_spoken_of() -> None:
    assert "errors" not in str(put_on_page(Invalid({"summary": "Say more."})).detail)
    assert "successor" not in str(put_on_page(Gone(uuid4())).detail)


@pytest.mark.django_db
def test_a_second_case_is_asked_for_by_the_name_of_its_field() -> None:
    actor = a_member(an_agency())
    person = a_resident(actor)
    given = {"outcome": "case_opened", "urgency": "soon", "confidentiality": "normal"}
    for call in (a_call(actor, subject=person), a_call(actor, subject=person)):
        answer = desk(actor).post(f"{HERE}{call.pk}/triage/", given | {"version": call.version})
    shown = answer.content.decode()
    assert answer.status_code == 409
    assert "“another_because”" not in shown
    assert "“Why another case, while one is open”" in shown

"""No list ends without saying so: it tells how many there are, and leads to the rest."""

from __future__ import annotations

import pytest
from django.test import Client

from carenet.agencies.actors import Actor
from carenet.cases.actions import consultations
from carenet.staff.pages import consultations as consultation_pages
from carenet.staff.pages import people
from tests.factories import a_case, a_member, an_agency
from tests.staff.browser import session_of

pytestmark = pytest.mark.django_db


def pages(actor: Actor, path: str) -> tuple[str, str]:
    """Return a page as it opens, and as its list leads on to the rest."""
    client = Client(headers={"accept-language": "en"})
    client.cookies["sessionid"] = session_of(actor)
    first = client.get(path).content.decode()
    assert 'href="?whole"' in first
    rest = client.get(path, {"whole": ""}).content.decode()
    assert 'href="?whole"' not in rest
    return first, rest


def test_a_person_and_a_call_tell_all_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(people, "LATEST", 2)
    monkeypatch.setattr(consultation_pages, "LATEST", 2)
    actor = a_member(an_agency())
    person = a_case(actor).resident
    made = [
        consultations.record(
            actor=actor,
            subject=person,
            channel="phone",
            relationship="neighbour",
            topics=["health"],
            main_topic="health",
            content="新聞がたまっている",
        )
        for _ in range(5)
    ]
    first, rest = pages(actor, f"/desk/people/{person.pk}/")
    assert "2 of 5 are shown" in first
    assert all(str(each.pk) in rest for each in made)
    first, rest = pages(actor, f"/desk/consultations/{made[0].pk}/")
    assert "2 of 4 are shown" in first
    assert all(str(each.pk) in rest for each in made)

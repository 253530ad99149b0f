"""A list is turned round by the link in the head of its column: page by page, at the same cost."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from carenet.agencies.actors import Actor
from carenet.staff.pages import cases, referrals
from tests.factories import a_case, a_member, a_sent_referral, an_agency
from tests.staff.browser import session_of
from tests.staff.query_count import queries

pytestmark = pytest.mark.django_db
NAMED = re.compile(r'href="/desk/(?:cases|referrals)/([0-9a-f-]{36})/"')


def browsing(actor: Actor) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.cookies["sessionid"] = session_of(actor)
    return client


def walked(client: Client, path: str) -> list[str]:
    """Return what a list names, turning its pages to the end."""
    found: list[str] = []
    while path:
        page = client.get(path).content.decode()
        found += dict.fromkeys(NAMED.findall(page))
        on = re.search(r'rel="next" href="(\?[^"]+)"', page)
        path = path.split("?", maxsplit=1)[0] + on[1].replace("&amp;", "&") if on else ""
    return found


@pytest.fixture
def sender(monkeypatch: pytest.MonkeyPatch) -> Actor:
    monkeypatch.setattr(cases, "MOST", 2)
    monkeypatch.setattr(referrals, "MOST", 2)
    actor, receiver = a_member(an_agency()), a_member(an_agency())
    for _ in range(5):
        a_sent_referral(actor, receiver.agency, a_case(actor))
    return actor


@pytest.mark.parametrize("path", ["/desk/cases/", "/desk/referrals/?box=outbox"])
def test_from_its_other_end_a_list_names_the_same_the_other_way_round(
    sender: Actor, path: str
) -> None:
    client = browsing(sender)
    turned = f"{path}{'&' if '?' in path else '?'}order=-due"
    usual, other = walked(client, path), walked(client, turned)
    assert len(usual) == 5
    assert other == usual[::-1]
    assert len(queries(client, turned)) == len(queries(client, path))


@pytest.mark.parametrize(("order", "says"), [("due", "ascending"), ("-due", "descending")])
def test_the_head_of_the_column_says_which_way(sender: Actor, order: str, says: str) -> None:
    page: Any = browsing(sender).get("/desk/cases/", {"order": order}).content.decode()
    assert page.count(f'aria-sort="{says}"') == 1


def test_a_list_is_sorted_by_nothing_that_its_index_does_not_carry(sender: Actor) -> None:
    client = browsing(sender)
    for path in ("/desk/cases/", "/desk/referrals/"):
        assert client.get(path, {"order": "name"}).status_code == 400

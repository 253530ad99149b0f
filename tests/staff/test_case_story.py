"""The timeline of a case: all of it page by page, narrowed, searched, each entry with its way on."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from carenet.agencies.actors import Actor
from carenet.cases.actions.notes import write_note
from carenet.cases.models import Case
from carenet.core import clock
from carenet.referrals.actions import acceptance_and_outcome
from carenet.staff.pages import case_story
from carenet.tasks.actions import drop
from carenet.watchover.actions.check_ins import check_in
from tests.factories import a_case, a_member, a_sent_referral, an_agency
from tests.staff.browser import session_of
from tests.staff.query_count import queries
from tests.tasks.calls import a_task
from tests.watchover.watches import a_neighbourhood, a_watch

pytestmark = pytest.mark.django_db


def desk(actor: Actor) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.cookies["sessionid"] = session_of(actor)
    return client


def of(case: Case) -> str:
    return f"/desk/cases/{case.pk}/"


def noted(actor: Actor, case: Case, text: str, **more: Any) -> None:
    said: dict[str, Any] = {"kind": "fact", "audience": "case", "happened_at": clock.now()} | more
    write_note(actor=actor, case_id=case.pk, text=text, **said)


@pytest.fixture
def lead() -> Actor:
    return a_member(an_agency())


def told(page: Any) -> list[str]:
    return [each.words for each in page.context["timeline"]]


def turned(client: Client, case: Case, page: Any, name: str) -> Any:
    places = {way: key for way, _label, key in page.context["story"].turns}
    return client.get(of(case), {name: places[name]})


@pytest.fixture
def seven(lead: Actor, monkeypatch: pytest.MonkeyPatch) -> Case:
    monkeypatch.setattr(case_story, "LATEST", 3)
    case = a_case(lead)
    for number in range(7):
        at = clock.now() - timedelta(minutes=7 - number)
        noted(lead, case, f"{number}番目", happened_at=at)
    return case


def test_every_entry_stands_on_one_of_its_pages(lead: Actor, seven: Case) -> None:
    client = desk(lead)
    first = client.get(of(seven))
    second = turned(client, seven, first, "after")
    third = turned(client, seven, second, "after")
    pages = [told(each) for each in (first, second, third)]
    assert pages == [["6番目", "5番目", "4番目"], ["3番目", "2番目", "1番目"], ["0番目"]]
    assert told(turned(client, seven, third, "before")) == pages[1]


def test_it_says_how_many_there_are(lead: Actor, seven: Case) -> None:
    assert "7 entries in all; 3 are on this page" in desk(lead).get(of(seven)).content.decode()


def test_all_of_it_is_shown_to_print(lead: Actor, seven: Case) -> None:
    assert len(told(desk(lead).get(of(seven), {"whole": ""}))) == 7


@pytest.mark.parametrize("query", [{"show": "x"}, {"after": "x"}, {"before": "\0"}])
def test_a_place_that_nobody_offers_is_refused(lead: Actor, query: dict[str, str]) -> None:
    assert desk(lead).get(of(a_case(lead)), query).status_code == 400


def test_it_is_narrowed_to_one_strand_and_says_how_much_there_is_of_each() -> None:
    who = a_neighbourhood()
    watch = a_watch(who)
    case, lead = a_case(who.desk, watch.resident), who.desk
    check_in(actor=lead, assignment_id=watch.pk, outcome="met")
    a_sent_referral(lead, an_agency(), case)
    noted(lead, case, "電話")
    noted(a_member(lead.agency), case, "同僚の記録")
    task = a_task(lead, case)
    drop(actor=lead, task_id=task.pk, reason="不要", version=task.version)
    client = desk(lead)
    choices = {each.code: each.in_all for each in client.get(of(case)).context["story"].choices}
    assert choices == {"": 5, "note": 2, "mine": 1, "event": 1, "visit": 1, "task": 1}
    kinds = {
        show: {entry.kind for entry in client.get(of(case), {"show": show}).context["timeline"]}
        for show in choices
    }
    assert kinds["note"] == kinds["mine"] == {"Record of support"}
    assert kinds["event"] == {"Referral"}
    assert kinds["visit"] == {"Watch-over"}
    assert told(client.get(of(case), {"show": "mine"})) == ["電話"]


def test_what_happened_to_a_referral_is_told_as_what_has_happened(lead: Actor) -> None:
    case = a_case(lead)
    referral = a_sent_referral(lead, an_agency(), case)
    headings = [each.heading for each in desk(lead).get(of(case)).context["timeline"]]
    assert f"{referral.code} It was sent." in headings


def test_each_entry_leads_to_what_it_tells_of() -> None:
    who = a_neighbourhood()
    watch = a_watch(who)
    case = a_case(who.desk, watch.resident)
    check_in(actor=who.desk, assignment_id=watch.pk, outcome="met")
    referral = a_sent_referral(who.desk, an_agency(), case)
    pages = {each.page for each in desk(who.desk).get(of(case)).context["timeline"]}
    assert pages == {f"/desk/referrals/{referral.pk}/", f"/review/watches/{watch.pk}/"}


@pytest.mark.parametrize("words", ["カーテン", "ｶｰﾃﾝ", "10時", "１０時"])
def test_a_search_finds_words_however_wide_they_are_typed(lead: Actor, words: str) -> None:
    case = a_case(lead)
    noted(lead, case, "１０時に訪問。カーテンが閉まっている")
    noted(lead, case, "不在")
    answer = desk(lead).post(f"{of(case)}story/", {"q": words})
    assert told(answer) == ["１０時に訪問。カーテンが閉まっている"]
    assert "Found: 1 entries" in answer.content.decode()


def test_what_is_searched_for_stands_in_no_address(lead: Actor, seven: Case) -> None:
    page = desk(lead).post(f"{of(seven)}story/", {"q": "番目"}).content.decode()
    assert not re.search('(?:href|action)="[^"]*%E7%95%AA', page)
    assert "Older entries" in page


def test_the_next_page_of_a_search_is_of_the_same_search(lead: Actor, seven: Case) -> None:
    client = desk(lead)
    noted(lead, seven, "別の記録", happened_at=clock.now() - timedelta(minutes=4, seconds=30))
    page = client.post(f"{of(seven)}story/", {"q": "番目"})
    [(_way, _label, key)] = page.context["story"].turns
    on = client.post(f"{of(seven)}story/", {"q": "番目", "after": key})
    assert told(on) == ["3番目", "2番目", "1番目"]


def test_a_search_finds_nothing_that_one_may_not_read(lead: Actor) -> None:
    case, other = a_case(lead), a_member(an_agency())
    referral = a_sent_referral(lead, other.agency, case)
    acceptance_and_outcome.accept(actor=other, referral_id=referral.pk)
    noted(lead, case, "内部の所見", audience="agency")
    answer = desk(other).post(f"{of(case)}story/", {"q": "所見"})
    assert told(answer) == []
    assert answer.context["story"].counts[""] == 0


def test_the_head_says_when_somebody_last_was_in_touch(lead: Actor) -> None:
    case = a_case(lead)
    assert "none recorded" in desk(lead).get(of(case)).content.decode()
    at = clock.now() - timedelta(days=3)
    Case.objects.filter(pk=case.pk).update(opened_at=at - timedelta(days=1))
    noted(lead, case, "電話", channel="phone", with_whom=["self"], happened_at=at)
    noted(lead, case, "書類の整理", channel="none")
    assert "3 days ago" in desk(lead).get(of(case)).content.decode()


def test_one_entry_and_many_cost_the_same(lead: Actor) -> None:
    case, asked = a_case(lead), []
    for number in (1, 4):
        for count in range(number):
            noted(lead, case, f"{count}")
        asked.append(len(queries(desk(lead), f"{of(case)}story/")))
    assert asked == [asked[0]] * 2
    assert asked[0] <= 12

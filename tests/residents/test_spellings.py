"""A person is one however the name is written: found, matched, and stored as it was sent."""

from __future__ import annotations

from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from carenet import spellings
from carenet.agencies.actors import Actor
from carenet.residents.models import Resident, SearchEntry
from carenet.residents.tasks import fold_names_again
from tests.factories import a_resident, api
from tests.rest.raw_requests import code_of, pointers_of

RESIDENTS, MATCHES = "/api/v1/residents/", "/api/v1/residents/matches/"
SEARCH = "/api/v1/residents/search/"
BORN = {"birth_date": "1938-03-17"}
UNSEEN = "\u200b"


def somebody(actor: Actor, family: str, given: str = "太郎") -> Resident:
    return a_resident(
        actor, family_name=family, given_name=given, family_kana="", birth_date=date(1938, 3, 17)
    )


def found(actor: Actor, **wanted: Any) -> list[str]:
    return [row["id"] for row in api(actor).post(SEARCH, wanted).json()["results"]]


def scores(actor: Actor, **given: Any) -> list[int]:
    return [row["score"] for row in api(actor).post(MATCHES, BORN | given).json()["matches"]]


@pytest.mark.parametrize(
    ("stored", "asked"),
    [
        ("眞鍋", "真鍋"),
        ("澁谷", "渋谷"),
        ("衞藤", "衛藤"),
        ("曾根", "曽根"),
        ("渕上", "淵上"),
        (f"山{UNSEEN}田", "山田"),
        ("サントス-ロペス", "サントスーロペス"),
        ("佐々木", "佐佐木"),
    ],
)
def test_old_and_new_ways_to_write_are_one_person(
    registrar: Actor, stored: str, asked: str
) -> None:
    for one, other in ((stored, asked), (asked, stored)):
        person = somebody(registrar, one)
        assert found(registrar, name=f"{other} 太郎") == [str(person.pk)]
        assert scores(registrar, family_name=other, given_name="太郎") == [80]
        again = {"family_name": other, "given_name": "太郎"} | BORN
        assert code_of(api(registrar).post(RESIDENTS, again), 409) == "likely_match"
        assert Resident.objects.get(pk=person.pk).family_name == one
        Resident.objects.filter(pk=person.pk).update(merged_into=person)


@pytest.mark.parametrize(
    ("stored", "asked"), [("みすゞ", "ミスズ"), ("いすゞ", "イスズ"), ("ちゞみ", "チヂミ")]
)
def test_repeated_kana_are_found(registrar: Actor, stored: str, asked: str) -> None:
    by_name = somebody(registrar, "山田", stored)
    by_kana = a_resident(registrar, family_name="川口", given_name="美", given_kana=stored)
    assert set(found(registrar, name=asked)) == {str(by_name.pk), str(by_kana.pk)}


def test_the_number_is_found_with_and_without_its_extension(registrar: Actor) -> None:
    person = a_resident(registrar, phone="045-540-1111 内線12")
    assert found(registrar, phone="0455401111") == [str(person.pk)]
    assert found(registrar, phone="045-540-1111 内線7") == [str(person.pk)]
    assert scores(registrar, family_name="渡辺", phone="045-540-1111") == [40]


@pytest.mark.parametrize("name", [UNSEEN, "\ufeff", f" {UNSEEN}\u3000", "\u3164"])
def test_a_name_that_nobody_sees_is_refused_like_an_empty_one(registrar: Actor, name: str) -> None:
    assert pointers_of(api(registrar).post(RESIDENTS, {"family_name": name})) == ["/family_name"]
    address = f"{RESIDENTS}{a_resident(registrar).pk}/"
    answer = api(registrar).patch(address, {"family_name": name}, headers={"If-Match": '"1"'})
    assert pointers_of(answer) == ["/family_name"]


def test_a_name_is_one_line(registrar: Actor) -> None:
    made = api(registrar).post(RESIDENTS, {"family_name": "A\r\nB", "given_kana": "カ\u2028キ"})
    assert (made.json()["family_name"], made.json()["given_kana"]) == ("A B", "カ キ")
    address = f"{RESIDENTS}{made.json()['id']}/"
    api(registrar).patch(address, {"given_name": "一\n郎"}, headers={"If-Match": '"1"'})
    assert Resident.objects.get().given_name == "一 郎"


def test_a_name_is_kept_as_it_was_sent(registrar: Actor) -> None:
    sent = {"family_name": "葛\U000e0100\ufa19", "given_name": f"眞{UNSEEN}一"}
    shown = api(registrar).post(RESIDENTS, sent).json()
    assert {name: shown[name] for name in sent} == sent


def test_keys_of_older_rules_are_made_again(registrar: Actor) -> None:
    people = [somebody(registrar, name) for name in ("眞鍋", "澁谷", "衞藤")]
    before = list(Resident.objects.order_by("pk").values())
    for again in (fold_names_again, lambda: call_command("fold_again", stdout=StringIO())):
        SearchEntry.objects.update(name="眞鍋太郎", folded_by=spellings.RULES - 1)
        assert found(registrar, name="澁谷") == []
        again()
        assert found(registrar, name="渋谷") == [str(people[1].pk)]
    assert list(Resident.objects.order_by("pk").values()) == before


def test_of_present_rules_none_is_made_again(registrar: Actor) -> None:
    somebody(registrar, "眞鍋")
    SearchEntry.objects.update(name="これは前のまま")
    fold_names_again()
    assert SearchEntry.objects.get().name == "これは前のまま"

"""From 40 points on somebody is listed: for every pair of reasons that add up to it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from itertools import combinations
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from carenet.agencies.actors import Actor
from carenet.residents.matching import LISTED, Reason
from carenet.residents.matching.score import POINTS
from carenet.residents.models import Resident
from tests.factories import a_member, a_resident, an_agency, api

RESIDENTS, MATCHES = "/api/v1/residents/", "/api/v1/residents/matches/"
#: What is asked for each reason, of the person below.
ASKED: dict[Reason, dict[str, Any]] = {
    Reason.SAME_INSURED_NUMBER: {"insured_number": "0012345678"},
    Reason.SAME_NAME: {"family_name": "岩渕", "given_name": "ハナ"},
    Reason.SAME_KANA: {"family_kana": "いわぶち", "given_kana": "はな"},
    Reason.SIMILAR_NAME: {"family_kana": "イワブチ", "given_kana": "アナ"},
    Reason.SAME_BIRTH_DATE: {"birth_date": "1936-05-06"},
    Reason.SAME_BIRTH_YEAR: {"birth_year": 1936},
    Reason.SAME_PHONE: {"phone": "+81 45 540 1111"},
    Reason.SAME_ADDRESS: {"address": "菊名一丁目2番4号"},
}
PAIRS = [
    pair
    for pair in combinations(ASKED, 2)
    if sum(POINTS[each] for each in pair) >= LISTED
    and not {Reason.SAME_BIRTH_DATE, Reason.SAME_BIRTH_YEAR} <= set(pair)
    and not {Reason.SAME_KANA, Reason.SIMILAR_NAME} <= set(pair)
    and not {Reason.SAME_NAME, Reason.SIMILAR_NAME} <= set(pair)
]


def hana(actor: Actor) -> Resident:
    return a_resident(
        actor, family_name="岩淵", given_name="ハナ", family_kana="イワブチ", given_kana="ハナ",
        birth_date=date(1936, 5, 6), address="横浜市港北区菊名1-2-4", phone="045-540-1111",
        insured_number="0012345678",
    )  # fmt: skip


def listed(actor: Actor, **asked: Any) -> list[str]:
    found = api(actor).post(MATCHES, {"family_name": "高遠"} | asked).json()["matches"]
    return [row["resident"]["id"] for row in found]


def test_every_pair_that_adds_up_lists_the_person(registrar: Actor) -> None:
    person = hana(registrar)
    missed = [
        pair
        for pair in PAIRS
        if listed(registrar, **ASKED[pair[0]], **ASKED[pair[1]]) != [str(person.pk)]
    ]
    assert PAIRS
    assert missed == []


@pytest.mark.parametrize("name", [("岩淵", "花"), ("岩渕", "はな"), ("高遠", "ハナ"), ("不明", "")])
def test_birthday_and_address_are_enough_whatever_the_name(
    registrar: Actor, name: tuple[str, str]
) -> None:
    person = hana(registrar)
    asked = ASKED[Reason.SAME_BIRTH_DATE] | ASKED[Reason.SAME_ADDRESS]
    assert listed(registrar, family_name=name[0], given_name=name[1], **asked) == [str(person.pk)]


def test_but_neither_of_them_alone(registrar: Actor) -> None:
    hana(registrar)
    assert listed(registrar, **ASKED[Reason.SAME_BIRTH_DATE]) == []
    assert listed(registrar, **ASKED[Reason.SAME_ADDRESS]) == []


@pytest.mark.django_db(transaction=True)
def test_of_two_who_register_the_same_person_at_once_the_second_is_asked() -> None:
    agency = an_agency()
    clients = [api(a_member(agency)) for _each in range(2)]
    for round_ in range(4):
        together = Barrier(len(clients))
        body = {
            "family_name": "岩淵",
            "given_name": f"花{round_}",
            "birth_date": f"1936-05-0{round_ + 1}",
        }

        def call(number: int, together: Barrier = together, body: Any = body) -> int:
            together.wait()
            try:
                return clients[number].post(RESIDENTS, body).status_code
            finally:
                connection.close()

        with ThreadPoolExecutor(len(clients)) as pool:
            statuses = sorted(pool.map(call, range(len(clients))))
        assert statuses == [201, 409]
    assert Resident.objects.count() == 4

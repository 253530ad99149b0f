"""Particulars that cannot be meant are refused in words, over the API, on pages and on lists alike."""

from __future__ import annotations

import pytest

from carenet.agencies.actors import Actor
from carenet.spellings import is_insured_number, is_kana, is_phone
from tests.factories import a_resident, api
from tests.rest.raw_requests import pointers_of

RESIDENTS = "/api/v1/residents/"


def test_each_field_says_what_is_wrong_with_it(registrar: Actor) -> None:
    person = a_resident(registrar)
    address, seen = f"{RESIDENTS}{person.pk}/", {"If-Match": '"1"'}
    for name, value in (
        ("phone", "abc"), ("insured_number", "x"), ("family_kana", "abc<>"), ("given_kana", "一郎"),
    ):  # fmt: skip
        body = {"family_name": "山田", name: value}
        assert pointers_of(api(registrar).post(RESIDENTS, body)) == [f"/{name}"]
        assert pointers_of(api(registrar).patch(address, {name: value}, headers=seen)) == [
            f"/{name}"
        ]
    contact = {"name": "娘", "relationship": "child", "phone": "abc"}
    assert "/phone" in pointers_of(api(registrar).post(f"{address}contacts/", contact))


def test_no_address_is_protected_that_is_not_there(registrar: Actor) -> None:
    body = {"family_name": "山田", "address_protected": True}
    assert pointers_of(api(registrar).post(RESIDENTS, body)) == ["/address"]
    person = a_resident(registrar, address="大豆戸町1", address_protected=True)
    answer = api(registrar).patch(
        f"{RESIDENTS}{person.pk}/", {"address": ""}, headers={"If-Match": '"1"'}
    )
    assert pointers_of(answer) == ["/address"]


@pytest.mark.parametrize("none", ["なし", "不明", "－", "ー"])
def test_a_mark_for_none_is_nothing(registrar: Actor, none: str) -> None:
    person = a_resident(registrar, phone=none, family_kana=none, insured_number=none)
    assert (person.phone, person.family_kana, person.insured_number) == ("", "", "")


@pytest.mark.parametrize(
    "phone",
    [
        "045-540-1111", "０４５（５４０）１１１１", "+81 45 540 1111", "110", "045-540-1111 内線12",
        "(携帯) 090-1234-5678", "TEL045.540.1111", "045ー540ー1111 ext. 3", "045-1/090-1 長女",
    ],
)  # fmt: skip
def test_telephone_numbers_as_people_write_them(phone: str) -> None:
    assert is_phone(phone)


@pytest.mark.parametrize("phone", ["12", "abc", "abc123456", "<b>045</b>", "なんばん", "045@540"])
def test_what_is_no_telephone_number(phone: str) -> None:
    assert not is_phone(phone)


@pytest.mark.parametrize(
    "kana",
    ["", "ﾔﾏﾀﾞ", "やまだ", "ミスズ", "みすゞ", "サントス＝ロペス", "ラ・ポルタ", "オーノ　ケン"],
)
def test_kana_of_either_script_and_width(kana: str) -> None:
    assert is_kana(kana)


def test_numbers_of_the_insurance() -> None:
    assert all(
        is_insured_number(each) for each in ("0012345678", "００１２３４５６７８", "H123456789")
    )
    assert not any(is_insured_number(each) for each in ("x", "123", "00123456789", "ABCDEFGHIJ"))

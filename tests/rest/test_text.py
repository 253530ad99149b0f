"""Text keeps its glyphs, and has one form."""

from __future__ import annotations

import unicodedata
from urllib.parse import quote

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st
from rest_framework.test import APIClient

from carenet.areas.open_data.records import decoded
from carenet.core.errors import Invalid
from carenet.rest.text import canonical, canonical_form, canonical_json

KAMI = "\ufa19"  # 神 as a compatibility ideograph: another glyph than U+795E
TSUJI = "\u8fbb\U000e0100"  # 辻 with a variation selector
SAKI = "\ufa11"  # 﨑
TAKA = "\u9ad9"  # 髙
GA = "\u304b\u3099"  # か and a voiced sound mark


@pytest.mark.parametrize("name", [KAMI, TSUJI, SAKI, TAKA, "\U0002f80f", f"{KAMI}{TSUJI}{SAKI}"])
def test_the_glyphs_of_a_name_stay(name: str) -> None:
    assert canonical(name) == name


def test_kana_are_composed() -> None:
    assert canonical(GA) == "が"


def test_kana_are_composed_next_to_glyphs_that_stay() -> None:
    assert canonical(f"{KAMI}{GA}{TSUJI}{GA}") == f"{KAMI}が{TSUJI}が"


@pytest.mark.parametrize("sign", ["\u212b", "\u2126"])
def test_a_sign_alone_takes_the_same_form_as_in_company(sign: str) -> None:
    assert canonical(sign) == canonical(f"a{sign}")[1:]


def test_half_width_and_full_width_stay_apart() -> None:
    assert canonical("ｶﾞＡ①") == "ｶﾞＡ①"


@given(st.text())
def test_what_is_canonical_stays_as_it_is(text: str) -> None:
    once = canonical(text)
    assert canonical(once) == once


@given(st.text(st.characters(exclude_categories=["Cs", "Lo", "Cc", "Cf", "Cn"])))
def test_without_ideographs_it_is_plain_nfc(text: str) -> None:
    assert canonical(text) == unicodedata.normalize("NFC", text)


def test_every_text_in_a_body_becomes_canonical() -> None:
    body = {GA: [GA, {"a": GA}], "n": 1, "none": None}
    assert canonical_json(body) == {"が": ["が", {"a": "が"}], "n": 1, "none": None}


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"a": "\0"}, "/a"),
        ({"a": [1, {"b/c": "x\ud800"}]}, "/a/1/b~1c"),
        ({"a": {"\udfff": 1}}, "/a"),
        ({"\0": 1}, ""),
    ],
)
def test_text_that_cannot_be_kept_is_refused_by_its_place(body: object, place: str) -> None:
    with pytest.raises(Invalid) as refusal:
        canonical_json(body)
    assert list(refusal.value.fields) == [place]


@pytest.mark.parametrize(
    "char",
    [
        "\u202e",
        "\u2067",
        "\u200f",
        "\uffff",
        "\U0001fffe",
        "\ufdd0",
        "\x7f",
        "\x1b",
        "\x9b",
        "\U000e0041",
    ],
)
def test_what_shows_a_text_otherwise_than_it_is_is_left_out(char: str) -> None:
    assert canonical_json({"a": f"山{char}田"}) == {"a": "山田"}
    form = canonical_form(QueryDict(mutable=True, query_string=f"a={quote(f'山{char}田')}"))
    assert form["a"] == "山田"
    assert decoded(f"番号,氏名\n1,山{char}田\n".encode()) == "番号,氏名\n1,山田\n"


@pytest.mark.parametrize("char", ["\u200d", "\u200b", "\U000e0100", "\n", "\t", "\ue000"])
def test_what_belongs_to_it_stays(char: str) -> None:
    assert canonical(f"山{char}田") == f"山{char}田"


def test_two_names_that_are_one_are_said_once() -> None:
    with pytest.raises(Invalid):
        canonical_json({GA: 1, "が": 2})


def test_a_name_is_answered_and_kept_as_it_was_sent(client: APIClient) -> None:
    name = {"family_name": f"{TAKA}{SAKI}{KAMI}", "given_name": f"{TSUJI}子"}
    sent = client.post("/api/v1/residents/", name).json()
    read = client.get(f"/api/v1/residents/{sent['id']}/").json()
    assert name.items() <= sent.items()
    assert name.items() <= read.items()


def test_decomposed_kana_are_kept_composed(client: APIClient) -> None:
    sent = client.post("/api/v1/residents/", {"family_name": "髙橋", "family_kana": f"{GA}っこ"})
    assert sent.json()["family_kana"] == "がっこ"


@pytest.mark.parametrize("text", ["\u200b", "\ufeff \u2060", "\U000e0100"])
def test_of_text_that_nobody_sees_nothing_is_left(text: str) -> None:
    assert canonical_json({"name": text}) == {"name": ""}
    assert canonical_json([f"山{text}"]) == [f"山{text}"]

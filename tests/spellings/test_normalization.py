"""What is one in names and telephone numbers, however it is written, and how the keys are kept up."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256

import pytest

from carenet.spellings import (
    RULES,
    fold_address,
    fold_kana,
    fold_name,
    fold_number,
    fold_phone,
    in_one_line,
    same_place,
    says_nothing,
)
from carenet.spellings.normalization import VARIANTS

ZERO_WIDTH, BOM, MARKS, JOINER = "\u200b", "\ufeff", "\u200e\u200f", "\u2060"


@pytest.mark.parametrize("fold", [fold_name, fold_kana])
@pytest.mark.parametrize(
    "spellings",
    [
        ("みすゞ", "ミスズ", "みすず", "ﾐｽｽﾞ"),
        ("いすゞ", "イスズ"),
        ("ちゞみ", "チヂミ", "チジミ"),
        ("ハヽ", "はは"),
        (
            "サントス-ロペス",
            "サントス‐ロペス",
            "サントス－ロペス",
            "サントスーロペス",
            "サントス＝ロペス",
        ),
        ("ガンダ", "カ゛ンタ゛"),
    ],
)
def test_kana_are_one_however_they_are_repeated_or_joined(
    fold: Callable[[str], str], spellings: tuple[str, ...]
) -> None:
    assert len({fold(each) for each in spellings}) == 1


@pytest.mark.parametrize(
    "spellings",
    [
        ("佐々木", "佐佐木"),
        ("竜ヶ崎", "竜ケ崎", "龍が崎", "龍ガ崎"),
        ("三ツ沢", "三ッ沢", "三つ澤"),
        ("井の上", "井ノ上"),
        ("Smith-Jones", "ＳＭＩＴＨ‐ＪＯＮＥＳ", "Smith–Jones"),
    ],
)
def test_what_stands_between_the_characters_of_a_name_is_one(spellings: tuple[str, ...]) -> None:
    assert len({fold_name(each) for each in spellings}) == 1


@pytest.mark.parametrize(
    "written",
    [
        "045-540-1111 内線12", "045-540-1111（内線12）", "045-540-1111(内12)", "0455401111 ext. 12",
        "+81 45 540 1111 x12", "０４５－５４０－１１１１＃１２", "TEL 045-540-1111",
    ],
)  # fmt: skip
def test_an_extension_is_no_part_of_the_number(written: str) -> None:
    assert fold_phone(written) == "0455401111"


@pytest.mark.parametrize("fold", [fold_name, fold_kana, fold_address, fold_phone, fold_number])
@pytest.mark.parametrize("unseen", [ZERO_WIDTH, BOM, MARKS, JOINER, "\u00ad", "\u3164", "\x07"])
def test_what_nobody_sees_does_not_count(fold: Callable[[str], str], unseen: str) -> None:
    assert fold(f"{unseen}ヤマ{unseen}ダ1{unseen}2{unseen}") == fold("ヤマダ12")


@pytest.mark.parametrize(
    "text",
    ["", " \u3000", ZERO_WIDTH, BOM, f" {JOINER} ", "\u3164", "\u2800", "\U000e0100", "\u3099"],
)
def test_of_these_no_eye_finds_anything(text: str) -> None:
    assert says_nothing(text)


@pytest.mark.parametrize("text", ["山", "葛\U000e0100", f"{ZERO_WIDTH}A", "・", "\ue000"])
def test_of_these_it_does(text: str) -> None:
    assert not says_nothing(text)


def test_a_line_break_becomes_a_space() -> None:
    assert in_one_line("A\r\nB\u2028C\tD  E") == "A B C D  E"


def test_whoever_changes_the_folding_raises_the_number_of_its_rules() -> None:
    """Keys that were made by other rules are made again by that number; so put in what you find here."""
    said = "大曽根台二十六番地の一 1-2 301 錦ヶ丘 045-540-1111内線12 みすゞ オーノ Smith‐Jones 佐々木 \u200b髙"
    kept = "".join(map(chr, sorted(VARIANTS))) + "".join(
        VARIANTS[each] for each in sorted(VARIANTS)
    )
    folds = (fold_name, fold_kana, fold_address, fold_phone, fold_number)
    made = "|".join([*(fold(word) for fold in folds for word in said.split()), kept])
    assert (RULES, sha256(made.encode()).hexdigest()[:12]) == (2, "7c50bc2dd108")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("横浜市港北区高田町480-1", "港北区高田町480-1", True),
        ("神奈川県横浜市港北区日吉本町1-2-2", "日吉本町一丁目2番2号", True),
        ("横浜市港北区高田東1-2 301", "横浜市港北区高田東1-2301", False),
        ("鶴見区日吉1-2", "港北区日吉1-2", False),
        ("横浜市港北区高田町480-1", "田町480-1", False),
        ("横浜市港北区高田町1480-1", "480-1", False),
        ("", "", False),
    ],
)
def test_an_address_is_one_with_and_without_the_city(one: str, other: str, same: bool) -> None:
    assert same_place(fold_address(one), fold_address(other)) is same
    assert same_place(fold_address(other), fold_address(one)) is same

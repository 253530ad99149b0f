"""Folding: one key for all the ways in which the same is written."""

from __future__ import annotations

from datetime import date

import pytest

from carenet.residents.matching import (
    LIKELY,
    LISTED,
    Born,
    Reason,
    Traits,
    compare,
    fold_address,
    fold_kana,
    fold_name,
    fold_number,
    fold_phone,
    is_unknown,
    read_birth,
)


@pytest.mark.parametrize(
    "spellings",
    [
        ("髙橋一郎", "高橋 一郎", "高橋　一郎"),
        ("﨑山", "崎山", "嵜山"),
        ("渡邉", "渡邊", "渡辺", "渡辺\U000e0101"),
        ("齋藤", "斎藤", "斉藤", "齊藤"),
        ("澤田", "沢田"),
        ("濵口", "濱口", "浜口"),
        ("廣瀨", "広瀬"),
        ("神\ufa19", "神神"),
        ("𠮷田", "吉田"),
    ],
)
def test_the_variants_of_a_name_are_one(spellings: tuple[str, ...]) -> None:
    assert len({fold_name(each) for each in spellings}) == 1


@pytest.mark.parametrize(
    "spellings",
    [
        ("タカハシ", "たかはし", "ﾀｶﾊｼ", "タカ ハシ"),
        ("キョウコ", "キヨウコ", "きょーこ", "ｷｮｳｺ"),
        ("オオノ", "オーノ", "おうの"),
        ("ガンダ", "カ゛ンタ゛", "ｶﾞﾝﾀﾞ", "か\u3099んた\u3099"),
        ("ケイコ", "ケーコ", "ケエコ"),
        ("ミヅホ", "ミズホ"),
    ],
)
def test_the_ways_to_write_kana_are_one(spellings: tuple[str, ...]) -> None:
    assert len({fold_kana(each) for each in spellings}) == 1


def test_but_a_short_vowel_is_not_a_long_one() -> None:
    assert fold_kana("オノ") != fold_kana("オオノ")


@pytest.mark.parametrize(
    "spelling",
    [
        "大豆戸町26-1", "大豆戸町２６－１", "大豆戸町26番地1", "大豆戸町二十六番地の一", "大豆戸町26番1号",
        "大豆戸町 26ー1", "大豆戸町二六‐一",
    ],
)  # fmt: skip
def test_the_ways_to_count_an_address_are_one(spelling: str) -> None:
    assert fold_address(spelling) == "大豆戸町26-1"


def test_numerals_in_the_name_of_a_place_stay() -> None:
    assert fold_address("三ツ沢上町八丁目") == "三ツ沢上町8"
    assert fold_address("新吉田東七の三") == "新吉田東七の三"


@pytest.mark.parametrize(
    "spelling", ["045-540-1111", "０４５（５４０）１１１１", "+81 45 540 1111"]
)
def test_a_phone_is_its_digits(spelling: str) -> None:
    assert fold_phone(spelling) == "0455401111"


def test_a_number_of_the_insurance_has_no_dashes() -> None:
    assert fold_number("００１２ー３４５") == fold_number("0012-345") == "0012345"


@pytest.mark.parametrize(
    "written",
    [
        "1941-12-08", "1941/12/8", "19411208", "1941年12月8日", "昭和16年12月8日", "昭和十六年十二月八日",
        "1941−12−08", "1941‐12‐08", "1941ー12ー08", "1941–12–8", "昭和16ー12ー8",
        "S16.12.8", "s16-12-8", "Ｓ１６．１２．８", "昭16.12.8", "昭和 16 年 12 月 8 日",
    ],
)  # fmt: skip
def test_a_day_of_birth_is_read_as_people_write_it(written: str) -> None:
    assert read_birth(written) == Born(1941, date(1941, 12, 8))


@pytest.mark.parametrize(
    ("written", "year"),
    [
        ("1941", 1941),
        ("昭16", 1941),
        ("S16年", 1941),
        ("平成元年", 1989),
        ("昭和64年", 1989),
        ("令1", 2019),
    ],
)
def test_or_the_year_alone(written: str, year: int) -> None:
    assert read_birth(written) == Born(year)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "いつか",
        "昭和70年",
        "昭和64年3月1日",
        "平成元年1月1日",
        "平成元年1月7日",
        "令和元年4月30日",
        "昭和16年2月29日",
        "昭和0年",
        "1941-02-30",
        "13",
        "９９９９",
    ],
)
def test_what_is_no_birth_is_refused(written: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the only one there is
        read_birth(written)


def test_the_day_on_which_an_era_changed_is_one_in_both() -> None:
    assert (
        read_birth("昭和64年1月8日") == read_birth("平成元年1月8日") == Born(1989, date(1989, 1, 8))
    )


def test_name_and_birth_date_are_likely_the_same_person() -> None:
    one = Traits(name="高橋一郎", kana="タカハシ", birth_date=date(1941, 12, 8))
    alike = compare(one, one)
    assert alike.score >= LIKELY
    assert alike.reasons == (Reason.SAME_NAME, Reason.SAME_KANA, Reason.SAME_BIRTH_DATE)


def test_another_day_of_birth_speaks_against_it() -> None:
    one = Traits(name="高橋一郎", birth_date=date(1941, 12, 8))
    other = Traits(name="高橋一郎", birth_date=date(1951, 12, 8))
    assert compare(one, other).score < LISTED


def test_a_similar_name_and_the_same_year_are_worth_a_look() -> None:
    one = Traits(kana="タカハシイチロー", birth_date=date(1941, 12, 8))
    alike = compare(one, Traits(kana="タカハシイチオ", birth_year=1941))
    assert LISTED <= alike.score < LIKELY
    assert alike.reasons == (Reason.SIMILAR_NAME, Reason.SAME_BIRTH_YEAR)


def test_strangers_have_nothing_in_common() -> None:
    assert compare(Traits(), Traits()).score == 0


@pytest.mark.parametrize(
    "written", ["昭和16年12月", "1941-12", "S16.12", "1941ー12", "昭和十六年十二月"]
)
def test_of_a_month_the_year_and_the_month_are_known(written: str) -> None:
    assert read_birth(written) == Born(1941, month=12)


@pytest.mark.parametrize("written", ["昭和64年3月", "昭和16年13月", "昭和0年", "昭和0年1月"])
def test_a_month_that_its_era_does_not_have_is_no_date(written: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the only one there is
        read_birth(written)


def test_the_last_month_of_an_era_and_the_first_of_the_next_are_one() -> None:
    assert read_birth("昭和64年1月") == read_birth("平成元年1月") == Born(1989, month=1)


@pytest.mark.parametrize("written", ["不明", "-", "ー", " ", "？", "－"])
def test_a_date_that_is_left_open_is_unknown(written: str) -> None:
    assert is_unknown(written)

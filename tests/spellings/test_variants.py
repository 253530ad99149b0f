"""Old forms of characters: the tables are whole, and each form is found under the one in use."""

from __future__ import annotations

import pytest

from carenet.spellings import fold_name
from carenet.spellings.normalization import TABLES

#: As many forms as each published table has.
PUBLISHED = {
    "annexed_table_2_part_1": 18,
    "annexed_table_2_part_2": 212,
    "common_kanji": 364,
    "outside_the_common_kanji": 22,
}


def others_in(name: str) -> list[tuple[str, str]]:
    """Return the forms of a table, each behind the one in use."""
    return [(row[0], other) for row in TABLES[name]["rows"].split() for other in row[1:]]


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_published_table_is_whole(name: str) -> None:
    assert len(set(others_in(name))) == len(others_in(name)) == PUBLISHED[name]


@pytest.mark.parametrize("name", TABLES)
def test_each_form_of_a_table_is_one_with_the_form_in_use(name: str) -> None:
    assert len(others_in(name)) == TABLES[name]["count"]
    apart = [pair for pair in others_in(name) if len({fold_name(each) for each in pair}) != 1]
    assert apart == []


@pytest.mark.parametrize("name", TABLES)
def test_a_table_names_its_source_its_version_and_its_licence(name: str) -> None:
    assert {"source", "version", "licence"} <= TABLES[name].keys()


@pytest.mark.parametrize(
    "spellings",
    [
        "眞真", "澁渋", "衞衛", "曾曽", "渕淵", "凉涼", "昻昂", "彥彦", "淸清", "壷壺", "桝枡", "濵濱浜", "﨑崎嵜",
        "邊邉辺", "齋齊斎斉", "髙高", "𠮷吉", "槗橋", "舘館", "靑青", "德徳", "惠恵", "塚塚",
    ],
)  # fmt: skip
def test_the_forms_that_people_write_are_one(spellings: str) -> None:
    assert len({fold_name(each) for each in spellings}) == 1


def test_characters_that_no_table_brings_together_are_two() -> None:
    assert len({fold_name(each) for each in "畑畠岩巌小少"}) == 6

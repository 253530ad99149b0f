"""Tables for spreadsheets: no cell of them is a formula."""

from __future__ import annotations

import pytest

from carenet.rest.csv_export import safe_cell, sheet


@pytest.mark.parametrize(
    "text", ["=1+1", "+81", "-1", "@A1", "\t=1", "\t1", "\r1", "\n1", " =1", "＝1", "|x", "％1"]
)
def test_a_cell_that_would_begin_a_formula_is_led_by_an_apostrophe(text: str) -> None:
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("value", ["山田 花子", "", "2026-11", 3, -3, None])
def test_any_other_cell_stays_as_it_is(value: object) -> None:
    assert safe_cell(value) == value


def test_a_table_begins_with_the_mark_by_which_spreadsheets_know_its_encoding() -> None:
    assert sheet(["名"], [['a"b']]) == '\ufeff名\r\n"a""b"\r\n'

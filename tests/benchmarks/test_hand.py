"""What is visible is found by its words alone, and what it asks of a person is counted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from playwright.sync_api import sync_playwright

from benchmarks import days, screens
from benchmarks import hand as hands
from benchmarks.figures import Figure, line
from benchmarks.hand import Hand, Missing, a_hand, label, said
from benchmarks.keystrokes import Strokes
from carenet.referrals.states import Verb
from tests.staff.browser import needs_chromium

OPTIONS = "".join(f"<option>{each}番</option>" for each in range(8))
FOLDED = "".join(f'<label><input type="radio" name="month">{each}の月</label>' for each in range(7))
LINES = f"""
<h1>ホーム</h1>
<nav><a href="#">相談</a></nav>
<main>
  <button hidden>消す</button>
  <ul>
    <li><p>山田 太郎</p><button onclick="this.textContent = '受けた'">受ける</button></li>
    <li><p>佐藤 花子</p><button onclick="this.textContent = '済んだ'">受ける</button></li>
  </ul>
  <label for="name">氏名 <span>必須</span></label><input id="name">
  <fieldset><legend>曜日</legend>
    <label><input type="radio" name="day" checked>月</label>
    <label><input type="radio" name="day">火</label>
  </fieldset>
  <fieldset><legend>月</legend>
    <label><input type="radio" name="month">一月</label>
    <details><summary>そのほか</summary><label><input type="radio" name="month">二月</label>{FOLDED}</details>
  </fieldset>
  <label for="kind">種別</label>
  <select id="kind">{OPTIONS}</select>
</main>
"""


@pytest.fixture(scope="module")
def everywhere() -> Iterator[Hand]:
    path = needs_chromium()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        with a_hand(chromium) as hand:
            yield hand
        chromium.close()


@pytest.fixture
def hand(everywhere: Hand, monkeypatch: pytest.MonkeyPatch) -> Hand:
    monkeypatch.setattr(hands, "PATIENCE_SECONDS", 0.2)
    everywhere.page.set_content(LINES)
    everywhere.begin()
    return everywhere


def test_of_two_buttons_the_one_beside_the_name_is_pressed(hand: Hand) -> None:
    hand.press("受ける", near="佐藤 花子")
    assert hand.page.get_by_role("button").all_inner_texts() == ["受ける", "済んだ"]


def test_what_is_hidden_cannot_be_pressed_and_the_page_is_told(hand: Hand) -> None:
    with pytest.raises(Missing, match=r"“消す” is not to be seen. The page is “ホーム”.*受ける"):
        hand.press("消す")


def test_a_field_is_found_by_its_label_and_what_stands_there_costs_nothing(hand: Hand) -> None:
    hand.write("氏名", "山田")
    hand.write("氏名", "山田")
    assert (hand.strokes.groups, hand.strokes.characters) == (1, 2)


def test_what_is_chosen_already_costs_nothing(hand: Hand) -> None:
    hand.choose("曜日", "月")
    hand.choose("曜日", "火")
    assert str(hand.strokes) == "0 pages, 1 clicks, 0 groups of 0 characters"


def test_whoever_chooses_among_more_than_seven_has_to_read(hand: Hand) -> None:
    hand.choose("種別", "3番")
    assert hand.strokes.choices == ["種別 8"]
    assert hand.strokes.clicks == 2


def test_the_place_of_a_line_is_told(hand: Hand) -> None:
    place, top = hand.place_of("佐藤 花子")
    assert place == 2
    assert top > 0


def test_words_that_the_code_says_no_more_are_named() -> None:
    with pytest.raises(Missing, match="“Nobody says this”"):
        said("Nobody says this")


@pytest.mark.parametrize("source", [screens, days], ids=["tasks", "days"])
def test_what_the_tasks_look_for_is_still_said(source: ModuleType) -> None:
    words = re.findall(r'said\(\s*"([^"]+)"', Path(str(source.__file__)).read_text("utf-8"))
    assert len([said(each) for each in words]) > 10


def test_words_are_those_of_the_japanese_pages() -> None:
    assert said("Sign in") != "Sign in"
    assert label(Verb.ACCEPT).told.startswith("“ACCEPT”")


def test_seconds_are_those_of_the_operators() -> None:
    strokes = Strokes(clicks=12, pages=2, groups=10, characters=83, choices=["需要 13"])
    assert strokes.seconds == pytest.approx(64.05)
    assert strokes.without_text == pytest.approx(35)


def test_what_is_folded_away_is_not_read(hand: Hand) -> None:
    hand.choose("月", "一月")
    assert (hand.strokes.clicks, hand.strokes.choices) == (1, [])


def test_what_is_folded_away_is_opened_first_and_read_whole(hand: Hand) -> None:
    hand.choose("月", "二月")
    assert (hand.strokes.clicks, hand.strokes.choices) == (2, ["月 9"])


def test_a_new_person_takes_as_many_characters_as_before_but_for_what_is_typed_no_more() -> None:
    """The name is typed once, and nobody types that it is the person who has consented."""
    taken_over = {"Family name", "Given name"}
    person = [words for field, words in screens.NEW_PERSON.items() if field not in taken_over]
    typed = [*person, screens.HEARD, *screens.CALLER.values(), screens.ASKED]
    twice, between, giver = screens.FAMILY, " ", "本人"
    assert len("".join(typed)) == 83 - len(twice) + len(between) - len(giver)


def test_a_figure_tells_what_it_was_before() -> None:
    assert "(before 9: 2 pages)" in line(Figure("accept: s", 5, 5, base="2 pages", before=9))

"""A list of five hundred people at the screens, from its file to people who are watched over."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import product

from django.conf import settings

from benchmarks.database import address
from benchmarks.figures import Figure
from benchmarks.hand import Hand, label, said
from benchmarks.house import House
from carenet.access.rules import SharingBasis
from carenet.core import clock
from carenet.demo.agencies import WARD
from carenet.watchlists.selectors import ListStep

COORDINATOR = f"{WARD.slug}-coordinator"
NAME = "ひとり暮らし高齢者名簿（歩いてみる）"
#: How many lines the file has, and how many people are proposed and begun in one go.
LINES, AT_ONCE = 500, 200
HEADER = "番号,氏名,フリガナ,生年月日,住所,電話番号"
FAMILIES = [
    ("勅使河原", "テシガワラ"), ("小鳥遊", "タカナシ"), ("御手洗", "ミタライ"), ("月見里", "ヤマナシ"),
    ("四月一日", "ワタヌキ"), ("八月朔日", "ホズミ"), ("東海林", "ショウジ"), ("百目鬼", "ドウメキ"),
    ("薬袋", "ミナイ"), ("京極", "キョウゴク"), ("五百旗頭", "イオキベ"), ("不死川", "シナズガワ"),
    ("禿", "カムロ"), ("纐纈", "コウケツ"), ("鰐淵", "ワニブチ"), ("鴨志田", "カモシダ"),
    ("一尺八寸", "カマツカ"), ("十六夜", "イザヨイ"), ("喜屋武", "キャン"), ("仲村渠", "ナカンダカリ"),
]  # fmt: skip
GIVENS = [
    ("ヤヱ", "ヤエ"), ("トキ", "トキ"), ("源治", "ゲンジ"), ("キヌ", "キヌ"), ("留吉", "トメキチ"),
    ("ハナヱ", "ハナエ"), ("甚八", "ジンパチ"), ("ツル", "ツル"), ("卯之助", "ウノスケ"),
    ("スヱ", "スエ"), ("丑松", "ウシマツ"), ("ミネ", "ミネ"), ("勘太", "カンタ"), ("セツ", "セツ"),
    ("寅次", "トラジ"), ("ヨネ", "ヨネ"), ("亀蔵", "カメゾウ"), ("フサ", "フサ"), ("辰雄", "タツオ"),
    ("イト", "イト"), ("熊太郎", "クマタロウ"), ("シゲ", "シゲ"), ("銀次", "ギンジ"),
    ("タケ", "タケ"), ("鶴松", "ツルマツ"),
]  # fmt: skip
#: What a worker does meanwhile: there is none before this house.
WORK = (
    "from django.utils import timezone\n"
    "from carenet.jobs.actions import run_one_batch\n"
    "while run_one_batch(now=timezone.now()): pass\n"
)


def the_list(house: House) -> Iterator[Figure]:
    """A coordinator's list of 500: taken in, visited, given to watchers who are near, begun."""
    with house.hand(COORDINATOR) as hand:
        _take_in(hand)
        _all_of(hand, ListStep.TO_SEND)
        hand.press(said("Give the first visit to somebody"))
        hand.choose(said("Who makes the first visit"), _first_of(hand))
        _go(hand, "Give the first visit to somebody")
        _all_of(hand, ListStep.TO_VISIT)
        hand.press(said("Record the first visit"))
        hand.choose(said("What the person has answered"), said("wants to be watched over"))
        _go(hand, "Record the first visit")
        _lines_of(hand, ListStep.TO_ASSIGN)
        hand.press(said("Show suggestions"))
        # A consent is written down by caseworkers; the ward office gives what an organ gives.
        hand.choose(said("Basis"), label(SharingBasis.CLEAR_BENEFIT))
        hand.write(said("What the basis rests on, in words"), "名簿による見守り。本人の希望あり。")
        hand.press(said("Propose those that are ticked"))
        hand.expect(label(ListStep.TO_BEGIN))
        _all_of(hand, ListStep.TO_BEGIN)
        _begin(hand)
        hand.expect(said("The watches have begun."))
        seconds, base = hand.strokes.seconds, str(hand.strokes)
        yield Figure("a list of 500, from file to people watched over: s", seconds, base=base)


def _take_in(hand: Hand) -> None:
    hand.press(said("Lists of the ward"))
    hand.press(said("Take in a list from a file"))
    file = {"name": "list.csv", "mimeType": "text/csv", "buffer": "\r\n".join(_lines()).encode()}
    hand.page.set_input_files("input[type=file]", file)  # type: ignore[arg-type]
    hand.strokes.clicks += 2
    hand.write(said("Name of the list"), NAME)
    hand.write(said("Delivered on"), "きょう")
    hand.choose(said("Basis of sharing"), label(SharingBasis.CLEAR_BENEFIT))
    hand.press(said("Preview"))
    _work(hand)
    hand.press(said("Take it in for good"))
    _work(hand)


def _begin(hand: Hand) -> None:
    hand.press(said("Begin the watches"))
    hand.choose(said("On which days of the week"), said("Monday"))
    today = clock.today()
    monday = today + timedelta(days=7 - today.weekday())
    hand.write(said("First time"), f"{monday:%m/%d} 9:00")
    hand.write(said("How long somebody has to look in"), "5日")
    hand.write(said("How long is waited then before an alert"), "1日")
    hand.press(said("Begin the watches"), near=said("Back"))


def _lines_of(hand: Hand, step: ListStep) -> None:
    """Go to the lines of this list that stand at a step, by its number in the table."""
    hand.press(said("Lists of the ward"))
    hand.press(label(step))
    if hand.offers(said("List"), NAME):
        hand.choose(said("List"), NAME)
        hand.press(said("Show"))


def _all_of(hand: Hand, step: ListStep) -> None:
    _lines_of(hand, step)
    hand.page.get_by_label(said("All of this filter, not only those ticked")).check()
    hand.strokes.clicks += 1


def _go(hand: Hand, words: str) -> None:
    hand.press(said(words), near=said("Back"))
    _work(hand)


def _work(hand: Hand) -> None:
    """Let the work be done, and look again."""
    environment = {
        **os.environ,
        "DATABASE_URL": address(),
        "DJANGO_SETTINGS_MODULE": "config.settings.demo",
        "LOG_LEVEL": "ERROR",
    }
    argv = (sys.executable, "manage.py", "shell", "-v", "0", "-c", WORK)
    subprocess.run(argv, cwd=settings.BASE_DIR, env=environment, check=True)  # noqa: S603
    hand.page.reload()


def _first_of(hand: Hand) -> str:
    """Return the first person whom the form offers to send."""
    options = hand.page.locator("#id_visitor option").all_inner_texts()
    return next(each for each in options if "（" in each)


def _lines() -> Iterator[str]:
    """Yield the lines of the file: people of a town of the ward, none of whom anybody knows."""
    yield HEADER
    people = list(product(FAMILIES, GIVENS))[:LINES]
    for number, ((family, kana), (given, said_as)) in enumerate(people, start=1):
        born = date(1935, 1, 1) + timedelta(days=number * 7)
        yield (
            f"{number},{family} {given},{kana} {said_as},{born:%Y-%m-%d},"
            f"横浜市港北区日吉本町{number % 6 + 1}丁目{number}-1,045-999-{number:04}"
        )

"""Bars as numbers: parts of a whole beside each other, or steps below each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from carenet.staff.pages.review.svg_maps import Picture, Text

#: How wide a picture of bars is, how high a bar, and how much lies above it for its name.
WIDE, HIGH, ABOVE, APART = 400, 22, 24, 14
#: Where the bars of steps begin, behind their words and numbers.
BESIDE = 142
#: Narrower than this a part has no room for its number; the table has it.
LEAST_FOR_NUMBER = 26
#: As many rows as a picture holds; the table has all.
MOST_ROWS = 20

#: How a bar shows what has waited for so long, the shortest first.
AGE_PATTERNS = ("nobody", "half", "well", "little", "dense")


@dataclass(frozen=True, slots=True)
class Piece:
    """What is drawn as one rectangle: its pattern, what it stands for, and how many.

    None is a number that the reader may not see.
    """

    pattern: str
    words: str
    number: int | None

    @property
    def said(self) -> str:
        """The number in words."""
        given = _("not shown") if self.number is None else self.number
        return f"{self.words} {given}"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a picture: what it is about, where it leads, and what it is made of."""

    name: str
    address: str
    pieces: list[Piece]

    @property
    def said(self) -> str:
        """The whole row in words, for who does not see it."""
        return f"{self.name}: {_(', ').join(each.said for each in self.pieces)}"


@dataclass(frozen=True, slots=True)
class Rectangle:
    """Where a piece lies."""

    x: float
    y: float
    wide: float
    pattern: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One row as it is drawn."""

    row: Row
    y: float
    high: float
    rectangles: list[Rectangle] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)


def stacked(rows: Sequence[Row]) -> Picture:
    """Draw the parts of each row beside each other, the longest row as wide as the picture."""
    drawn = rows[:MOST_ROWS]
    most = max((sum(each.number or 0 for each in row.pieces) for row in drawn), default=0) or 1
    step = ABOVE + HIGH + APART
    bars = [_stack(row, place * step, (WIDE - 8) / most) for place, row in enumerate(drawn)]
    return Picture(WIDE, len(bars) * step + 4, bars)


def _stack(row: Row, y: float, scale: float) -> Bar:
    bar = Bar(row, y, ABOVE + HIGH + 8, texts=[Text(4, y + 18, row.name, "name")])
    x = 4.0
    for each in row.pieces:
        wide = (each.number or 0) * scale
        if not wide:
            continue
        bar.rectangles.append(Rectangle(x, y + ABOVE, wide, each.pattern))
        if wide >= LEAST_FOR_NUMBER:
            bar.texts.append(Text(x + wide / 2, y + ABOVE + 16, str(each.number), "inside"))
        x += wide
    return bar


def stepped(rows: Sequence[Row]) -> Picture:
    """Draw the steps of each row below each other, all to the same scale."""
    drawn = rows[:MOST_ROWS]
    most = max((each.number or 0 for row in drawn for each in row.pieces), default=0) or 1
    scale = (WIDE - BESIDE - 4) / most
    bars: list[Bar] = []
    y = 0.0
    for row in drawn:
        bars.append(_steps(row, y, scale))
        y += bars[-1].high + APART
    return Picture(WIDE, y + 4, bars)


def _steps(row: Row, top: float, scale: float) -> Bar:
    high = ABOVE + len(row.pieces) * (HIGH + 2) + 6
    bar = Bar(row, top, high, texts=[Text(4, top + 18, row.name, "name")])
    for place, each in enumerate(row.pieces):
        y = top + ABOVE + place * (HIGH + 2)
        wide = WIDE - BESIDE - 4 if each.number is None else max(each.number * scale, 1)
        pattern = "hidden" if each.number is None else each.pattern
        bar.rectangles.append(Rectangle(BESIDE, y, wide, pattern))
        given = "–" if each.number is None else str(each.number)
        bar.texts.append(Text(BESIDE - 8, y + 16, f"{each.words} {given}", "beside"))
    return bar

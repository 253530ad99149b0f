"""The picture of a family and of who helps: where each symbol, box and line lies.

The household is drawn as a genogram: generations one below the other, a couple side by side. Below it
stand those who are called, who look in, and the agencies. A template makes SVG of it, without styles.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from carenet.residents.models import HouseholdRole

#: As wide as a phone. A member has a cell of the household, the symbol in its upper half.
WIDE, CELL, ROW, SYMBOL, PER_ROW = 352, 84, 96, 42, 4
#: A box of those outside, the gap below it, and where the line that leads to them runs.
BOX_LEFT, BOX_HIGH, GAP, TRUNK, HEADING = 36, 46, 8, 16, 30
EDGE, IN_CELL, IN_BOX = 10, 6, 18
_GENERATIONS: dict[str, int] = {
    HouseholdRole.PARENT: 0, HouseholdRole.CHILD: 2, HouseholdRole.GRANDCHILD: 3,
}  # fmt: skip
_FIRST: dict[str, int] = {HouseholdRole.HEAD: 0, HouseholdRole.SPOUSE: 1}


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who lives there; `shape` is man, woman or person, as far as that is told."""

    name: str
    role: str
    role_words: str
    ages: str
    age: str = ""
    address: str = ""
    shape: str = "person"
    died: bool = False
    is_subject: bool = False


@dataclass(frozen=True, slots=True)
class Helper:
    """Somebody outside: whom to call, who looks in, an agency; `kind` is how the line is drawn."""

    name: str
    remark: str
    kind: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Those outside of one kind, under a heading."""

    heading: str
    helpers: Sequence[Helper]


@dataclass(frozen=True, slots=True)
class Symbol:
    """A member at a place."""

    of: Member
    x: float
    top: float

    @property
    def left(self) -> float:
        """Where the symbol begins."""
        return self.x - SYMBOL / 2

    @property
    def middle(self) -> float:
        """The height at which a couple is joined, and the age stands."""
        return self.top + SYMBOL / 2

    @property
    def bottom(self) -> float:
        """Where the symbol ends."""
        return self.top + SYMBOL

    @property
    def words(self) -> list[tuple[float, str, str]]:
        """Name and role below the symbol: how far down, which, and the words."""
        name = _short(self.of.name, IN_CELL)
        return [(self.bottom + 16, "name", name), (self.bottom + 32, "role", self.of.role_words)]


@dataclass(frozen=True, slots=True)
class Box:
    """Somebody outside at a place."""

    of: Helper
    y: float

    @property
    def middle(self) -> float:
        """Where the line to it ends."""
        return self.y + BOX_HIGH / 2

    @property
    def words(self) -> list[tuple[float, str, str]]:
        """Name and remark: how far down, which, and the words."""
        name = (self.y + 19, "name", _short(self.of.name, IN_BOX))
        return [name, (self.y + 37, "role", _short(self.of.remark, IN_BOX + 4))]


@dataclass(frozen=True, slots=True)
class Heading:
    """The words above a group."""

    y: float
    words: str


@dataclass(slots=True)
class Drawing:
    """What is drawn, and how large it is; `lines` are their two ends and how they are drawn."""

    symbols: list[Symbol] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)
    headings: list[Heading] = field(default_factory=list)
    lines: list[tuple[float, float, float, float, str]] = field(default_factory=list)
    home_bottom: float = 0
    width: float = WIDE
    height: float = 0


def draw(members: Iterable[Member], groups: Iterable[Group]) -> Drawing:
    """Return the household with its generations, and below it those outside."""
    drawing = Drawing()
    rows = list(_rows(members))
    for number, row in enumerate(rows):
        left = (WIDE - CELL * len(row)) / 2
        for place, member in enumerate(row):
            symbol = Symbol(member, left + CELL * place + CELL / 2, EDGE + 12 + ROW * number)
            drawing.symbols.append(symbol)
    drawing.lines += _kinship(drawing.symbols)
    drawing.home_bottom = EDGE + 12 + ROW * len(rows)
    _draw_groups(drawing, groups)
    return drawing


def _rows(members: Iterable[Member]) -> Iterator[tuple[Member, ...]]:
    generations: dict[int, list[Member]] = {}
    for each in members:
        generations.setdefault(_generation(each), []).append(each)
    for _number, those in sorted(generations.items()):
        ordered = sorted(those, key=lambda each: _FIRST.get(each.role, len(_FIRST)))
        for first in range(0, len(ordered), PER_ROW):
            yield tuple(ordered[first : first + PER_ROW])


def _generation(member: Member) -> int:
    return _GENERATIONS.get(member.role, 1)


def _kinship(symbols: Sequence[Symbol]) -> Iterator[tuple[float, float, float, float, str]]:
    """Return the lines of a couple, to its parents and its children."""
    roles: dict[str, list[Symbol]] = {}
    for each in symbols:
        roles.setdefault(each.of.role, []).append(each)
    heads, spouses = roles.get(HouseholdRole.HEAD, []), roles.get(HouseholdRole.SPOUSE, [])
    if len(heads) != 1:  # nobody, or two households of records that are one: who is whose is open
        return
    (head,) = heads
    start, below = head.x, head.top + ROW - 14
    if len(spouses) == 1 and spouses[0].top == head.top:
        spouse = spouses[0]
        yield head.x + SYMBOL / 2, head.middle, spouse.left, spouse.middle, "kin"
        start, below = (head.x + spouse.x) / 2, head.middle
    children = roles.get(HouseholdRole.CHILD, [])
    yield from _descent(start, below, [each for each in children if each.top == children[0].top])
    parents = roles.get(HouseholdRole.PARENT, [])
    if parents:
        middle = sum(each.x for each in parents) / len(parents)
        yield from _descent(middle, parents[-1].top + ROW - 14, [head])


def _descent(
    x: float, y: float, children: Sequence[Symbol]
) -> Iterator[tuple[float, float, float, float, str]]:
    """Return the lines from a place down to those who descend from it."""
    if not children:
        return
    bar = children[0].top - 6
    ends = [x, *(each.x for each in children)]
    yield x, y, x, bar, "kin"
    yield min(ends), bar, max(ends), bar, "kin"
    for each in children:
        yield each.x, bar, each.x, each.top, "kin"


def _draw_groups(drawing: Drawing, groups: Iterable[Group]) -> None:
    y = drawing.home_bottom + EDGE
    last = 0.0
    for group in groups:
        if not group.helpers:
            continue
        drawing.headings.append(Heading(y + 18, group.heading))
        y += HEADING
        for helper in group.helpers:
            box = Box(helper, y)
            drawing.boxes.append(box)
            drawing.lines.append((TRUNK, box.middle, BOX_LEFT, box.middle, helper.kind))
            y, last = y + BOX_HIGH + GAP, box.middle
    if last:
        drawing.lines.append((TRUNK, drawing.home_bottom + 4, TRUNK, last, "trunk"))
    drawing.height = y + EDGE


def _short(name: str, most: int) -> str:
    return name if len(name) <= most else f"{name[: most - 1]}…"

"""Pictures as numbers: where each tile and line lies. A template makes SVG of them, without styles."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from carenet.watchover.rules import ReviewRule
from carenet.watchover.selectors.network import Network

#: A hexagon that lies on its side, and how many stand in a row: a picture fits a telephone.
WIDE, HIGH, COLUMNS = 152, 134, 3
#: As many characters of a name as fit on one line of a tile, of a box.
IN_TILE, IN_BOX = 7, 11
#: From which share on an area counts as covered, and as half covered.
WELL, HALF = 0.8, 0.5


#: The white panel behind the words of a tile, so that they are read on any pattern.
PANEL_WIDE, PANEL_HIGH = 104, 84


@dataclass(frozen=True, slots=True)
class Text:
    """Words at a place."""

    x: float
    y: float
    words: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Tile:
    """One area: its corners, the panel, its words, and the pattern that says how it stands.

    Without an address it leads nowhere.
    """

    points: str
    panel_x: float
    panel_y: float
    texts: list[Text]
    pattern: str
    said: str
    address: str


@dataclass(frozen=True, slots=True)
class Picture:
    """What is drawn, and how large it is."""

    width: float
    height: float
    parts: list[Any] = field(default_factory=list)
    lines: list[Any] = field(default_factory=list)


def tiles(rows: list[dict[str, Any]], leading: Callable[[Any], str]) -> Picture:
    """Lay the areas out as hexagons, column by column, each second column half a tile lower.

    `leading` says where an area leads; nowhere for who may not see its people.
    """
    columns = min(COLUMNS, len(rows)) or 1
    parts = [
        _tile(row, number % columns, number // columns, leading(row["area"]))
        for number, row in enumerate(rows)
    ]
    lines = -(-len(rows) // columns)
    width = (columns - 1) * WIDE * 0.75 + WIDE + 8
    height = lines * HIGH + (HIGH / 2 if columns > 1 else 0) + 8
    return Picture(width, height, parts)


def _tile(row: dict[str, Any], column: int, line: int, address: str) -> Tile:
    x = 4 + WIDE / 2 + column * WIDE * 0.75
    y = 4 + HIGH / 2 + line * HIGH + (HIGH / 2 if column % 2 else 0)
    corners = [(-0.5, 0.0), (-0.25, -0.5), (0.25, -0.5), (0.5, 0.0), (0.25, 0.5), (-0.25, 0.5)]
    points = " ".join(f"{x + dx * WIDE:g},{y + dy * HIGH:g}" for dx, dy in corners)
    names, facts = _broken(row["area"].name, IN_TILE), _facts(row)
    top = y - 22 if len(names) > 1 else y - 14
    texts = [Text(x, top + 18 * place, name, "name") for place, name in enumerate(names)]
    below = top + 18 * len(names) + 4
    texts += [Text(x, below + 20 * place, fact) for place, fact in enumerate(facts)]
    panel, pattern = (x - PANEL_WIDE / 2, y - PANEL_HIGH / 2), pattern_of(row)
    said = f"{row['area'].name}: {_(', ').join([*facts, legend([pattern])[0][1]])}"
    return Tile(points, *panel, texts, pattern, said, address)


def _facts(row: dict[str, Any]) -> list[str]:
    given = {name: "–" if row[name] is None else row[name] for name in ("watched", "waiting")}
    return [_("watched %(watched)s") % given, _("waiting %(waiting)s") % given]


def pattern_of(row: dict[str, Any]) -> str:
    """Return how an area stands: covered, half, little, nobody; or that it is not shown."""
    watched, waiting = row["watched"], row["waiting"]
    if watched is None or waiting is None:
        return "hidden"
    if not watched + waiting:
        return "nobody"
    share = watched / (watched + waiting)
    if share >= WELL:
        return "well"
    return "half" if share >= HALF else "little"


def _broken(name: str, most: int) -> list[str]:
    """Break a name into two lines at most; what does not fit is left out and said so."""
    if len(name) <= most:
        return [name]
    rest = name[most:]
    return [name[:most], rest if len(rest) <= most else f"{rest[: most - 1]}…"]


#: A box of the network, the gap between two, and where the right column begins.
BOX, BOX_HIGH, GAP, RIGHT = 166, 48, 10, 226


@dataclass(frozen=True, slots=True)
class Box:
    """Somebody in the network; `alone` stands out by its double border and its words."""

    x: float
    y: float
    name: str
    remark: str
    alone: bool
    address: str

    @property
    def said(self) -> str:
        """Everything that the box says, the name in full."""
        return f"{self.name} {self.remark}".strip()

    @property
    def middle(self) -> float:
        """Where lines end."""
        return self.y + BOX_HIGH / 2

    @property
    def inner(self) -> tuple[float, float]:
        """Where the second border begins."""
        return self.x + 4, self.y + 4

    @property
    def texts(self) -> list[Text]:
        """The name, and below it what to look at."""
        if not self.remark:
            return [Text(self.x + 12, self.middle + 6, _short(self.name))]
        remark = Text(self.x + 12, self.middle + 16, f"▲ {self.remark}", "remark")
        return [Text(self.x + 12, self.middle - 3, _short(self.name)), remark]


@dataclass(frozen=True, slots=True)
class Line:
    """Who looks in on whom; whoever stands by is drawn dashed."""

    x1: float
    y1: float
    x2: float
    y2: float
    kind: str


def web(network: Network) -> Picture:
    """Lay out residents on the left, whoever looks in or stands by on the right, near each other."""
    watches = sorted(network.watches, key=lambda each: (str(each.watcher or ""), each.pk))
    places = {each.pk: number for number, each in enumerate(watches)}
    seen: dict[Any, list[int]] = {}
    names: dict[Any, str] = {}
    for each in watches:
        for person in (each.watcher, each.backup):
            if person:
                seen.setdefault(person.pk, []).append(places[each.pk])
                names[person.pk] = person.name
    order = sorted(seen, key=lambda pk: (sum(seen[pk]) / len(seen[pk]), str(pk)))
    step = BOX_HIGH + GAP
    apart = max(step, step * len(watches) / (len(order) or 1))
    top = max(0.0, (step * len(watches) - apart * len(order)) / 2)
    burdened = {
        each.watcher_id for each in watches if ReviewRule.OVERLOADED in network.rules[each.pk]
    }
    left = {each.pk: _resident(each, places[each.pk] * step, network) for each in watches}
    right = {
        pk: Box(RIGHT, 4 + top + number * apart, names[pk],
                _("too many") if pk in burdened else "", pk in burdened,
                f"{reverse('staff-review-watches')}?{urlencode({'person': pk})}")
        for number, pk in enumerate(order)
    }  # fmt: skip
    lines = [
        Line(BOX + 4, left[each.pk].middle, RIGHT, right[person].middle, kind)
        for each in watches
        for person, kind in ((each.watcher_id, "looks-in"), (each.backup_id, "stands-by"))
        if person
    ]
    height = max(step * len(watches), apart * len(order)) + 8
    return Picture(RIGHT + BOX + 8, height, [*left.values(), *right.values()], lines)


def _resident(watch: Any, y: float, network: Network) -> Box:
    alone = ReviewRule.NO_BACKUP in network.rules[watch.pk]
    remark = _("one person only") if alone else ""
    if watch.watcher is None:
        remark, alone = _("nobody looks in"), True
    address = reverse("staff-watch", args=[watch.pk])
    return Box(4, 4 + y, watch.resident.name, remark, alone, address)


def _short(name: str) -> str:
    return name if len(name) <= IN_BOX else f"{name[: IN_BOX - 1]}…"


def legend(kinds: Iterable[str]) -> list[tuple[str, str]]:
    """Return what each pattern says, of those that are drawn."""
    said = {
        "well": _("at least 80 % of those who want it are watched over"),
        "half": _("at least half"),
        "little": _("less than half"),
        "nobody": _("nobody is watched over or waits"),
        "hidden": _("too few to be shown"),
    }
    drawn = set(kinds)
    return [(kind, words) for kind, words in said.items() if kind in drawn]

"""The map as numbers: where each area lies, or a tile for each. A template makes SVG of them.

An area is joined from the cells of its towns where their positions are known, else it is a hexagon.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from math import cos, hypot, radians
from statistics import mean
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from carenet.areas.selectors import PlacedTown
from carenet.staff.pages.review.cells import Point, cells

#: A hexagon that lies on its side, and how many stand in a row: a picture fits a telephone.
WIDE, HIGH, COLUMNS = 152, 134, 3
#: As many characters of a name as fit on one line of a tile.
IN_TILE = 7
#: From which share of the listed on an area counts as visited, and as half visited.
WELL, HALF = 0.8, 0.5
#: As wide as a map is, and how far the outermost places lie from its sides.
ACROSS, MARGIN = 400.0, 20.0
#: With fewer areas whose positions are known there is no map.
FEWEST = 3
#: As long as an ending is that is left out where all names have it.
LEAST_ENDING = 3
#: The last character of the Latin alphabets: what comes after is as wide as it is high.
LATIN = 0x2FF


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
    """One area: its shape, the panel, its words, and the pattern that says how it stands.

    `shape` and `border` are paths. Without an address it leads nowhere.
    """

    shape: str
    border: str
    panel: tuple[float, float, float, float]
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


Leading = Callable[[dict[str, Any]], str]


def ward_map(
    rows: Sequence[dict[str, Any]], towns: Sequence[PlacedTown], leading: Leading
) -> tuple[Picture, bool]:
    """Return the map, and whether it shows where areas lie.

    Areas of which no position is known stand below it as tiles; with few positions all of them do.
    `leading` says where an area leads; nowhere for who may not see its people.
    """
    known = {row["area"].pk: row for row in rows}
    sites = _sites(towns, set(known))
    placed = {area for _at, area in sites}
    if len(placed) < FEWEST:
        return tiles(rows, leading), False
    shapes, high = _shapes(sites)
    short = _shortener([row["area"].name for row in rows])
    panels = _apart({area: _panel(known[area], short, at) for area, (_s, _b, at) in shapes.items()})
    parts = [
        _area(known[area], short, shape, border, panels[area], leading(known[area]))
        for area, (shape, border, _at) in shapes.items()
    ]
    below = tiles([row for row in rows if row["area"].pk not in placed], leading, top=high)
    return Picture(ACROSS, max(high, below.height), [*parts, *below.parts]), True


def _sites(towns: Sequence[PlacedTown], areas: set[UUID]) -> list[tuple[Point, UUID]]:
    """Return the towns of these areas on a plane as wide as the picture, each place once."""
    found = [(each, area) for each in towns for area in each.areas & areas]
    if not found:
        return []
    middle = radians(mean(each.latitude for each, _area in found))
    flat = [(each.longitude * cos(middle), -each.latitude) for each, _area in found]
    left, top = min(x for x, _y in flat), min(y for _x, y in flat)
    wide = max(max(x for x, _y in flat) - left, max(y for _x, y in flat) - top) or 1.0
    scale = (ACROSS - 2 * MARGIN) / wide
    places: dict[Point, UUID] = {}
    for (x, y), (_town, area) in zip(flat, found, strict=True):
        at = (round(MARGIN + (x - left) * scale, 1), round(MARGIN + (y - top) * scale, 1))
        places.setdefault(at, area)
    return list(places.items())


def _shapes(sites: list[tuple[Point, UUID]]) -> tuple[dict[UUID, tuple[str, str, Point]], float]:
    """Return for each area its shape, its border and where its words go; and how high all of it is."""
    divided = cells(tuple(at for at, _area in sites))
    owner = [area for _at, area in sites]
    corners = [side.start for cell in divided for side in cell]
    left, right = min(x for x, _y in corners), max(x for x, _y in corners)
    top, bottom = min(y for _x, y in corners), max(y for _x, y in corners)
    scale = (ACROSS - 8) / (right - left)

    def put(point: Point) -> str:
        return f"{4 + (point[0] - left) * scale:.1f} {4 + (point[1] - top) * scale:.1f}"

    found: dict[UUID, tuple[str, str, Point]] = {}
    for area in dict.fromkeys(owner):
        own = [place for place, each in enumerate(owner) if each == area]
        shape = "".join(
            "M" + "L".join(put(side.start) for side in divided[place]) + "Z" for place in own
        )
        border = "".join(
            f"M{put(side.start)}L{put(side.end)}"
            for place in own
            for side in divided[place]
            if side.beyond is None or owner[side.beyond] != area
        )
        x, y = _middle([sites[place][0] for place in own])
        found[area] = (shape, border, (4 + (x - left) * scale, 4 + (y - top) * scale))
    return found, 8 + (bottom - top) * scale


def _middle(points: list[Point]) -> Point:
    """Return the point that lies nearest to the middle of all: it is inside, a middle need not be."""
    x, y = mean(x for x, _y in points), mean(y for _x, y in points)
    return min(points, key=lambda point: hypot(point[0] - x, point[1] - y))


def _shortener(names: list[str]) -> Callable[[str], str]:
    """Return what leaves out how most names end: 地域ケアプラザ, where nearly all are one."""
    endings = Counter(name[at:] for name in names for at in range(1, len(name) - LEAST_ENDING + 1))
    common = [each for each, number in endings.items() if number > 1 and number * 2 > len(names)]
    said = max(common, key=len, default="")
    return lambda name: name.removesuffix(said)


def _panel(row: dict[str, Any], short: Callable[[str], str], at: Point) -> list[float]:
    """Return where the panel of an area begins, and how large it is."""
    longest = max(_wide(short(row["area"].name)), _wide(_share(row)))
    wide, high = longest + 10, 38.0
    left = min(max(at[0] - wide / 2, 2), ACROSS - wide - 2)
    return [left, max(at[1] - high / 2, 2), wide, high]


def _wide(words: str) -> float:
    """Return about how wide words are: a Japanese character is as wide as it is high."""
    return sum(13 if ord(each) > LATIN else 7.5 for each in words)


def _apart(panels: dict[UUID, list[float]]) -> dict[UUID, list[float]]:
    """Move panels that lie on each other down, those from the top first."""
    placed: list[list[float]] = []
    for panel in sorted(panels.values(), key=lambda each: each[1]):
        for other in sorted(placed, key=lambda each: each[1]):
            beside = panel[0] + panel[2] < other[0] or other[0] + other[2] < panel[0]
            if not beside and panel[1] < other[1] + other[3] + 2 and other[1] < panel[1] + panel[3]:
                panel[1] = other[1] + other[3] + 2
        placed.append(panel)
    return panels


def _area(
    row: dict[str, Any],
    short: Callable[[str], str],
    shape: str,
    border: str,
    panel: list[float],
    address: str,
) -> Tile:
    left, top, wide, high = panel
    middle = left + wide / 2
    texts = [
        Text(middle, top + 16, short(row["area"].name), "name"),
        Text(middle, top + 32, _share(row)),
    ]
    return Tile(shape, border, (left, top, wide, high), texts, pattern_of(row), _said(row), address)


def tiles(rows: Sequence[dict[str, Any]], leading: Leading, top: float = 0.0) -> Picture:
    """Lay the areas out as hexagons, column by column, each second column half a tile lower."""
    columns = min(COLUMNS, len(rows)) or 1
    parts = [
        _tile(row, number % columns, number // columns, top, leading(row))
        for number, row in enumerate(rows)
    ]
    lines = -(-len(rows) // columns)
    width = (columns - 1) * WIDE * 0.75 + WIDE + 8
    height = top + lines * HIGH + (HIGH / 2 if columns > 1 else 0) + 8 if rows else top
    return Picture(width, height, parts)


def _tile(row: dict[str, Any], column: int, line: int, top: float, address: str) -> Tile:
    x = 4 + WIDE / 2 + column * WIDE * 0.75
    y = top + 4 + HIGH / 2 + line * HIGH + (HIGH / 2 if column % 2 else 0)
    corners = [(-0.5, 0.0), (-0.25, -0.5), (0.25, -0.5), (0.5, 0.0), (0.25, 0.5), (-0.25, 0.5)]
    ring = "M" + "L".join(f"{x + dx * WIDE:g} {y + dy * HIGH:g}" for dx, dy in corners) + "Z"
    names, facts = _broken(row["area"].name, IN_TILE), [_share(row)]
    begin = y - 22 if len(names) > 1 else y - 14
    texts = [Text(x, begin + 18 * place, name, "name") for place, name in enumerate(names)]
    below = begin + 18 * len(names) + 4
    texts += [Text(x, below + 20 * place, fact) for place, fact in enumerate(facts)]
    panel = (x - PANEL_WIDE / 2, y - PANEL_HIGH / 2, PANEL_WIDE, PANEL_HIGH)
    return Tile(ring, ring, panel, texts, pattern_of(row), _said(row), address)


def _share(row: dict[str, Any]) -> str:
    """Return how many of those on the list were visited, as short as a map needs it."""
    if row["outside"]:
        return _("out of view")
    return f"{_number(row['visited'])} / {_number(row['listed'])}"


def _said(row: dict[str, Any]) -> str:
    """Return an area in words, for who does not see it."""
    name, stands = row["area"].name, legend([pattern_of(row)])[0][1]
    if row["outside"]:
        return f"{name}: {stands}"
    given = {each: _number(row[each]) for each in ("visited", "listed", "watched", "waiting")}
    facts = [
        _("visited %(visited)s of %(listed)s") % given,
        _("watched %(watched)s") % given,
        _("waiting %(waiting)s") % given,
    ]
    return f"{name}: {_(', ').join([*facts, stands])}"


def _number(number: int | None) -> str:
    return "–" if number is None else str(number)


def pattern_of(row: dict[str, Any]) -> str:
    """Return how an area stands: visited, half, little, nobody listed; hidden, or out of view."""
    if row["outside"]:
        return "outside"
    visited, listed = row["visited"], row["listed"]
    if visited is None or listed is None:
        return "hidden"
    if not listed:
        return "nobody"
    share = visited / listed
    if share >= WELL:
        return "well"
    return "half" if share >= HALF else "little"


def _broken(name: str, most: int) -> list[str]:
    """Break a name into two lines at most; what does not fit is left out and said so."""
    if len(name) <= most:
        return [name]
    rest = name[most:]
    return [name[:most], rest if len(rest) <= most else f"{rest[: most - 1]}…"]


def legend(kinds: Iterable[str]) -> list[tuple[str, str]]:
    """Return what each pattern says, of those that are drawn."""
    said = {
        "well": _("at least 80 % of those on the list were visited"),
        "half": _("at least half"),
        "little": _("less than half"),
        "nobody": _("nobody is on a list"),
        "hidden": _("too few to be shown"),
        "outside": _("out of view: others answer there"),
    }
    drawn = set(kinds)
    return [(kind, words) for kind, words in said.items() if kind in drawn]

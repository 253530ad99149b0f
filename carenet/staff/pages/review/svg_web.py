"""The network of an area as a picture: who looks in on whom, each a box with lines between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from carenet.staff.pages.review.svg_maps import Picture, Text
from carenet.watchover.rules import ReviewRule
from carenet.watchover.selectors.network import Network

#: As many characters of a name as fit in a box.
IN_BOX = 11
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

"""Coverage: the areas as a schematic map with their table, and the network of one area."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from carenet.areas.models import Area, AreaKind
from carenet.audit.actions import log_read
from carenet.staff.pages.review import svg_maps
from carenet.staff.pages.review.base import log_watch_reads, wanted_id
from carenet.staff.pages.review.csv_pages import SheetPage, Table, name_of
from carenet.watchover.selectors import network, review


class CoverageView(SheetPage):
    """How far the people of each area are watched over; small counts as the reader may see them.

    Its sheet has every kind of area.
    """

    abilities = {"get": "watch.count"}
    sheet_name = "coverage"

    def page(self) -> HttpResponse:
        rows, complete = review.coverage(self.actor, everywhere=True)
        there = {row["area"].kind for row in rows if row["area"]}
        kinds = [each for each in AreaKind if each in there]
        wanted = self.request.GET.get("kind", "")
        kind = wanted if wanted in kinds else (kinds[0] if kinds else "")
        shown = [row for row in rows if row["area"] and row["area"].kind == kind]
        picture = svg_maps.tiles(shown, self.leading)
        context = {
            "rows": shown,
            "nowhere": next((row for row in rows if not row["area"]), None),
            "complete": complete,
            "kinds": kinds,
            "kind": kind,
            "picture": picture,
            "panel": {"wide": svg_maps.PANEL_WIDE, "high": svg_maps.PANEL_HIGH},
            "legend": svg_maps.legend(tile.pattern for tile in picture.parts),
        }
        return self.show("staff/review/coverage.html", context)

    def leading(self, area: Area) -> str:
        """Return where the network of an area is shown; nothing for who may not see its people."""
        if not self.actor.may("watch.review"):
            return ""
        return f"{reverse('staff-review-network')}?{urlencode({'area': str(area.pk)})}"

    def table(self, of: str) -> Table:
        rows, _complete = review.coverage(self.actor, everywhere=True)
        header = [_("kind of area"), _("area"), _("watched"), _("waiting"), _("Refused")]
        return header, map(_cells, rows)


def _cells(row: dict[str, Any]) -> list[object]:
    area = row["area"]
    where = [AreaKind(area.kind).label, area.name] if area else ["", _("in none")]
    numbers = [row[name] for name in ("watched", "waiting", "refused")]
    return [*where, *(_("not shown") if each is None else each for each in numbers)]


class NetworkView(SheetPage):
    """Who looks in on whom in an area: what rests on one person stands out."""

    abilities = {"get": "watch.review"}
    sheet_name = "network"

    def page(self) -> HttpResponse:
        area = self.area()
        found = self.found(area)
        log_watch_reads(found.watches)
        for each in found.watchers:
            log_read("user", each.key)
        context = {
            "area": area,
            "network": found,
            "picture": svg_maps.web(found),
            "rows": [(each, found.rules[each.pk]) for each in found.watches],
            "box": {"wide": svg_maps.BOX, "high": svg_maps.BOX_HIGH},
        }
        return self.show("staff/review/network.html", context)

    def table(self, of: str) -> Table:
        found = self.found(self.area())
        header = [_("code"), _("name"), _("Watcher"), _("Backup"), _("Remark")]
        log_watch_reads(found.watches)
        return header, (
            [
                each.code, each.resident.name, name_of(each.watcher), name_of(each.backup),
                " ".join(str(rule.label) for rule in found.rules[each.pk]),
            ]
            for each in found.watches
        )  # fmt: skip

    def found(self, area: Area | None) -> network.Network:
        """Return the part of an area's network that the address names."""
        town = self.request.GET.get("town", "")
        return network.network(self.actor, area, wanted_id(self.request, "watcher"), town)

    def area(self) -> Area | None:
        """Return the area that is asked for; None for addresses that lie in none."""
        if self.request.GET.get("area") == "none":
            return None
        wanted = wanted_id(self.request, "area")
        if wanted is None:
            raise Http404
        return get_object_or_404(network.areas(self.actor), pk=wanted)

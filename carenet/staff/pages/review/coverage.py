"""Coverage: the areas as a schematic map with their table, and the network of one area."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from carenet.areas.address_table import AddressTable
from carenet.areas.models import Area, AreaKind
from carenet.areas.selectors import placed_towns
from carenet.audit.actions import log_read
from carenet.core import clock
from carenet.staff.pages.review import svg_maps, svg_web
from carenet.staff.pages.review.base import log_watch_reads, wanted_id
from carenet.staff.pages.review.csv_pages import SheetPage, Table, name_of
from carenet.watchlists.selectors import visited_of_listed
from carenet.watchover.policy import counts_ward
from carenet.watchover.selectors import network, review


class CoverageView(SheetPage):
    """How far the people of each area were come to and are watched over, as the reader may see it.

    Its sheet has every kind of area.
    """

    abilities = {"get": "watch.count"}
    sheet_name = "coverage"

    def page(self) -> HttpResponse:
        rows, complete = self.rows()
        there = {row["area"].kind for row in rows if row["area"]}
        kinds = [each for each in AreaKind if each in there]
        wanted = self.request.GET.get("kind", "")
        kind = wanted if wanted in kinds else (kinds[0] if kinds else "")
        shown = [row for row in rows if row["area"] and row["area"].kind == kind]
        towns = placed_towns(self.actor.agency.municipality_code, self.addresses)
        picture, placed = svg_maps.ward_map(shown, towns, self.leading)
        context = {
            "rows": shown,
            "nowhere": next((row for row in rows if not row["area"]), None),
            "complete": complete,
            "partial": not counts_ward(self.actor),
            "kinds": kinds,
            "kind": kind,
            "picture": picture,
            "placed": placed,
            "legend": svg_maps.legend(tile.pattern for tile in picture.parts),
        }
        return self.show("staff/review/coverage.html", context)

    @cached_property
    def addresses(self) -> AddressTable:
        """Return the address table of the reader's municipality, read once for all of the page."""
        return AddressTable.on(clock.today(), self.actor.agency.municipality_code)

    def rows(self) -> tuple[list[dict[str, Any]], bool]:
        """Return the areas with what is counted in each, and whether that is all of it.

        `outside` are those of which the reader may count nobody: they have no numbers, not nought.
        """
        rows, complete = review.coverage(self.actor, everywhere=True, table=self.addresses)
        figures, all_listed = visited_of_listed(self.actor, self.addresses)
        outside = review.out_of_view(self.actor, rows)
        nobody = (0, 0) if self.actor.may("watch.review") else (None, None)
        for row in rows:
            row["listed"], row["visited"] = figures.get(row["area"], nobody)
            row["outside"] = bool(row["area"]) and row["area"].pk in outside and not row["listed"]
            if row["outside"]:
                row.update(dict.fromkeys(_NUMBERS))
        return rows, complete and all_listed

    def leading(self, row: dict[str, Any]) -> str:
        """Return where the network of an area is shown; nothing for who may not see its people."""
        if row["outside"] or not self.actor.may("watch.review"):
            return ""
        return f"{reverse('staff-review-network')}?{urlencode({'area': str(row['area'].pk)})}"

    def table(self, of: str) -> Table:
        rows, _complete = self.rows()
        header = [
            _("kind of area"), _("area"), _("listed"), _("visited"), _("watched"), _("waiting"),
            _("Refused"),
        ]  # fmt: skip
        return header, map(_cells, rows)


_NUMBERS = ("listed", "visited", "watched", "waiting", "refused")


def _cells(row: dict[str, Any]) -> list[object]:
    area = row["area"]
    where = [AreaKind(area.kind).label, area.name] if area else ["", _("in none")]
    hidden = _("out of view") if row["outside"] else _("not shown")
    return [*where, *(hidden if row[name] is None else row[name] for name in _NUMBERS)]


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
            "picture": svg_web.web(found),
            "rows": [(each, found.rules[each.pk]) for each in found.watches],
            "box": {"wide": svg_web.BOX, "high": svg_web.BOX_HIGH},
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

"""Coverage: the areas as a schematic map with their table, and the network of one area."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from carenet.agencies.areas import AreaKind
from carenet.rest.sheets import sheet
from carenet.staff.pages.base import StaffView
from carenet.staff.pages.review import drawing
from carenet.staff.pages.review.base import saw_watches, wanted_id
from carenet.watchover.selectors import network, review

if TYPE_CHECKING:
    from django.http import HttpRequest

    from carenet.agencies.areas import Area


class CoverageView(StaffView):
    """How far the people of each area are watched over; small counts as the reader may see them."""

    abilities = {"get": "watch.count"}

    def get(self, request: HttpRequest) -> HttpResponse:
        rows, complete = review.coverage(self.actor, everywhere=True)
        there = {row["area"].kind for row in rows if row["area"]}
        kinds = [each for each in AreaKind if each in there]
        wanted = request.GET.get("kind", "")
        kind = wanted if wanted in kinds else (kinds[0] if kinds else "")
        shown = [row for row in rows if row["area"] and row["area"].kind == kind]
        picture = drawing.tiles(shown)
        context = {
            "rows": shown,
            "nowhere": next((row for row in rows if not row["area"]), None),
            "complete": complete,
            "kinds": kinds,
            "kind": kind,
            "picture": picture,
            "panel": {"wide": drawing.PANEL_WIDE, "high": drawing.PANEL_HIGH},
            "legend": drawing.legend(tile.pattern for tile in picture.parts),
        }
        return self.show("staff/review/coverage.html", context)


class CoverageSheetView(StaffView):
    """The same as CSV, every kind of area; no cell can begin a formula."""

    abilities = {"get": "watch.count"}

    def get(self, request: HttpRequest) -> HttpResponse:
        rows, _complete = review.coverage(self.actor, everywhere=True)
        header = [_("kind of area"), _("area"), _("watched"), _("waiting"), _("refused")]
        return as_sheet("coverage", header, [_cells(row) for row in rows])


def as_sheet(name: str, header: list[str], rows: list[list[object]]) -> HttpResponse:
    """Return a table to keep, named by what it is and the day, never by a person."""
    response = HttpResponse(sheet(header, rows), content_type="text/csv; charset=utf-8")
    dated = f"{name}-{timezone.localdate():%Y-%m-%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{dated}"'
    return response


def _cells(row: dict[str, Any]) -> list[object]:
    area = row["area"]
    where = [AreaKind(area.kind).label, area.name] if area else ["", _("in none")]
    numbers = [row[name] for name in ("watched", "waiting", "refused")]
    return [*where, *(_("not shown") if each is None else each for each in numbers)]


class NetworkView(StaffView):
    """Who looks in on whom in an area: what rests on one person stands out."""

    abilities = {"get": "watch.review"}

    def get(self, request: HttpRequest) -> HttpResponse:
        area = self.area()
        found = network.network(self.actor, area)
        saw_watches(found.watches)
        context = {
            "area": area,
            "network": found,
            "picture": drawing.web(found),
            "rows": [(each, found.rules[each.pk]) for each in found.watches],
            "box": {"wide": drawing.BOX, "high": drawing.BOX_HIGH},
        }
        return self.show("staff/review/network.html", context)

    def area(self) -> Area | None:
        """Return the area that is asked for; None for addresses that lie in none."""
        if self.request.GET.get("area") == "none":
            return None
        wanted = wanted_id(self.request, "area")
        if wanted is None:
            raise Http404
        return get_object_or_404(network.areas(self.actor), pk=wanted)


class NetworkSheetView(NetworkView):
    """The same as CSV: every watch of the picture with the rules that hold it up."""

    def get(self, request: HttpRequest) -> HttpResponse:
        found = network.network(self.actor, self.area())
        saw_watches(found.watches)
        header = [_("code"), _("name"), _("watcher"), _("backup"), _("remark")]
        rows: list[list[object]] = [
            [
                each.code,
                each.resident.name,
                each.watcher.name if each.watcher else "",
                each.backup.name if each.backup else "",
                " ".join(str(rule.label) for rule in found.rules[each.pk]),
            ]
            for each in found.watches
        ]
        return as_sheet("network", header, rows)

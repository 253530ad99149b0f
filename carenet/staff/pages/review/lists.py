"""The ward office's lists in the review: how far the people of each area have been come to."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from carenet.areas.models import Area, AreaKind
from carenet.audit.actions import log_out_of_reach, log_read
from carenet.staff.pages.review.base import paged, wanted_id
from carenet.staff.pages.review.csv_pages import MOST_LINES, SheetPage, Table, moment, name_of
from carenet.staff.pages.review.svg_bars import Piece, Row, stepped
from carenet.watchlists import selectors
from carenet.watchlists.models import ListEntry, WatchList
from carenet.watchlists.selectors import Stage
from carenet.watchover.selectors import network

#: What the address says for people whose address lies in no area.
NOWHERE = "none"


class ListsFunnelView(SheetPage):
    """How many of a list have been visited, asked, and are watched over, by area.

    Small counts are left out for readers who may not see persons, and no total is given.
    """

    abilities = {"get": "watch.count"}
    sheet_name = "list-funnel"

    @cached_property
    def found(self) -> tuple[list[dict[str, Any]], bool]:
        """Return the figures of every list, and whether they are of all who are listed."""
        return selectors.funnel(self.actor)

    @cached_property
    def chosen(self) -> dict[str, Any] | None:
        """Return the figures of the list that the address names, else those of all together.

        Where they may not be added up, or there is one list alone, the newest.
        """
        there, _complete = self.found
        wanted = wanted_id(self.request, "list")
        named = [each for each in there if each["watch_list"].pk == wanted]
        if wanted and not named:
            log_out_of_reach("watchlist", wanted)
        if not named and self.adds_up:
            return {"watch_list": None, "areas": selectors.total(there)}
        return next(iter(named or there), None)

    @cached_property
    def adds_up(self) -> bool:
        """Whether a total of several lists is given: never to who may not see persons."""
        return len(self.found[0]) > 1 and bool(self.actor.may("watch.review"))

    def page(self) -> HttpResponse:
        there, complete = self.found
        areas = self.chosen["areas"] if self.chosen else []
        kinds = [kind for kind in AreaKind if any(_is_of(row, kind) for row in areas)]
        given = self.request.GET.get("kind", "")
        kind = given if given in kinds else (kinds[0] if kinds else "")
        shown = [row for row in areas if not row["area"] or row["area"].kind == kind]
        rows = [self.row(row) for row in shown]
        context = {
            "lists": sorted((each["watch_list"] for each in there), key=_by_agency),
            "chosen": self.chosen["watch_list"] if self.chosen else None,
            "total": self.chosen is not None and self.chosen["watch_list"] is None,
            "adds_up": self.adds_up,
            "complete": complete,
            "kinds": kinds,
            "kind": kind,
            "stages": list(stage_label().values()),
            "rows": [(row, self.cells(given)) for row, given in zip(rows, shown, strict=True)],
            "sums": _sums(shown) if self.actor.may("watch.review") else [],
            "picture": stepped(rows),
            "title": _("How far the people of a list have been come to: the table says the same"),
            "legend": [
                ("well", _("so many were reached")),
                *(
                    [("hidden", _("too few to be shown"))]
                    if any(r["hidden"] for r in shown)
                    else []
                ),
            ],
        }
        return self.show("staff/review/lists.html", context)

    def row(self, row: dict[str, Any]) -> Row:
        """Return an area as the picture shows it."""
        pieces = [
            Piece("well", words, selectors.come_to(row, stage))
            for stage, words in stage_label().items()
        ]
        return Row(_named(row["area"]), self.leading(Stage.LISTED, row), pieces)

    def cells(self, row: dict[str, Any]) -> list[tuple[str, int | None]]:
        """Return where each number leads, and the number."""
        return [
            (self.leading(stage, row), selectors.come_to(row, stage)) for stage in stage_label()
        ]

    def leading(self, stage: Stage, row: dict[str, Any]) -> str:
        """Return where the people of a figure are shown; nothing for who may not see them.

        Nor for a figure that is of several lists.
        """
        if not self.chosen or not self.actor.may("watch.review"):
            return ""
        of = row.get("lists") or [self.chosen["watch_list"]]
        if len(of) > 1:
            return ""
        area = row["area"]
        query = {"list": of[0].pk, "stage": stage, "area": area.pk if area else NOWHERE}
        return f"{reverse('staff-review-listed')}?{urlencode(query)}"

    def table(self, of: str) -> Table:
        rows, _complete = self.found
        header = [
            _("list"), _("delivered on"), _("kind of area"), _("area"), *stage_label().values(),
        ]  # fmt: skip
        return header, (
            [
                each["watch_list"].name,
                each["watch_list"].delivered_on.isoformat(),
                AreaKind(row["area"].kind).label if row["area"] else "",
                _named(row["area"]),
                *(
                    _("not shown") if number is None else number
                    for _address, number in self.cells(row)
                ),
            ]
            for each in rows
            for row in each["areas"]
        )


class EntriesView(SheetPage):
    """Base of the pages that name people of the lists. Subclasses say which, and what they are."""

    abilities = {"get": "watch.review"}

    def entries(self) -> QuerySet[ListEntry]:
        """Return the entries that the page shows."""
        raise NotImplementedError

    def words(self) -> dict[str, Any]:
        """Return what the page says of its people."""
        raise NotImplementedError

    def page(self) -> HttpResponse:
        words = self.words()
        page = paged(self.request, self.entries())
        lines = [(each, person_of(each)) for each in page["rows"]]
        return self.show("staff/review/listed.html", {**page, "lines": lines, **words})

    def table(self, of: str) -> Table:
        header = [_("line"), _("name"), _("Status"), _("visited on"), _("visited by")]
        return header, (
            [
                each.key,
                person_of(each),
                each.get_state_display(),
                moment(each.visited_at),
                name_of(each.visited_by),
            ]
            for each in self.entries()[: MOST_LINES + 1]
        )


class ToVisitView(EntriesView):
    """Who waits for a first visit, on whichever list, the longest wait first."""

    sheet_name = "to-visit"

    def entries(self) -> QuerySet[ListEntry]:
        return selectors.to_visit(self.actor)

    def words(self) -> dict[str, Any]:
        return {"stage": _("listed and not yet visited")}


class ListedView(EntriesView):
    """The people of a list whom a figure counts."""

    sheet_name = "list"

    def words(self) -> dict[str, Any]:
        watch_list, stage, area = self.wanted
        return {"list": watch_list, "area": _named(area), "stage": stage_label()[stage]}

    @cached_property
    def wanted(self) -> tuple[WatchList, Stage, Area | None]:
        """Return list, stage and area; raises `Http404` for what is none of the actor's."""
        try:
            stage, pk = Stage(self.request.GET.get("stage", "")), self.request.GET.get("list", "")
            found = get_object_or_404(selectors.watch_lists(self.actor), pk=UUID(pk))
        except ValueError:
            raise Http404 from None
        if self.request.GET.get("area") == NOWHERE:
            return found, stage, None
        area = wanted_id(self.request, "area")
        return found, stage, get_object_or_404(network.areas(self.actor), pk=area)

    def entries(self) -> QuerySet[ListEntry]:
        watch_list, stage, area = self.wanted
        return selectors.at_stage(self.actor, watch_list.pk, stage, area)


def person_of(entry: ListEntry) -> str:
    """Return whom a line is about, who counts as seen; nobody where it is unclear who is meant."""
    log_read("listentry", entry.pk)
    if entry.resident is None:
        return _("not clear who is meant")
    log_read("resident", entry.resident.pk)
    return entry.resident.name


def stage_label() -> dict[Stage, str]:
    """Return each stage in words, in their order."""
    return {
        Stage.LISTED: pgettext("list", "listed"),
        Stage.VISITED: pgettext("list", "visited"),
        Stage.ASKED: pgettext("list", "asked"),
        Stage.WANTS: pgettext("list", "wants it"),
        Stage.WATCHED: pgettext("list", "watched over"),
    }


def _sums(rows: list[dict[str, Any]]) -> list[int]:
    """Return the figures of all areas of a kind together."""
    return [sum(selectors.come_to(row, stage) or 0 for row in rows) for stage in stage_label()]


def _by_agency(watch_list: WatchList) -> tuple[str, str, int]:
    """Sort lists by whom they were delivered to, the newest first."""
    agency = watch_list.agency
    return agency.name_kana, agency.name, -watch_list.delivered_on.toordinal()


def _named(area: Area | None) -> str:
    return area.name if area else _("in none")


def _is_of(row: dict[str, Any], kind: AreaKind) -> bool:
    return bool(row["area"]) and row["area"].kind == kind

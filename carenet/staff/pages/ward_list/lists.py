"""The lists of the ward office, by what waits on each; and the lines behind every number."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from carenet.areas.models import Area
from carenet.staff.pages.base import StaffView
from carenet.staff.pages.ward_list.base import (
    Filter,
    lines_address,
    lists_named,
    note_list_out_of_reach,
    shown,
)
from carenet.staff.pages.ward_list.forms import EXPECTED, STEPS
from carenet.staff.pages.ward_list.many import done_many
from carenet.watchlists import selectors
from carenet.watchlists.models import WatchList
from carenet.watchlists.selectors import ListStep
from carenet.watchlists.selectors.steps import WAITING

#: As many lines as a page shows; as many areas as its filter offers.
LINES, MOST_AREAS = 50, 500


class WardListsView(StaffView):
    """Every list that one has lines of, and how many lines wait for which step."""

    abilities = {"get": "lists.view"}

    def get(self, request: HttpRequest) -> HttpResponse:
        counts = selectors.count_by_list(self.actor)
        lists = lists_named(counts)
        totals = {step: sum(each[step] for each in counts.values()) for step in ListStep}
        told = [step for step in ListStep if totals[step]]
        rows = [
            (each, _cells(counts[each.pk], told, list=each.pk))
            for each in sorted(lists.values(), key=_by_agency)
        ]
        context = {
            "rows": rows,
            "steps": [step.label for step in told],
            "waiting": [
                (step.label, lines_address(step=step), totals[step])
                for step in WAITING
                if totals[step]
            ],
            "totals": _cells(totals, told),
        }
        return self.show("staff/ward_list/lists.html", context)


class LinesView(StaffView):
    """The lines of a filter; those at one step may be led on together."""

    abilities = {"get": "lists.view"}

    def get(self, request: HttpRequest) -> HttpResponse:
        wanted = Filter.of(request)
        counts = selectors.count_by_list(self.actor)
        note_list_out_of_reach(wanted.list, counts)
        lists = lists_named(counts)
        page = Paginator(wanted.lines(self.actor), LINES).get_page(request.GET.get("page"))
        lines = [shown(each) for each in page]
        context = {
            "lists": sorted(lists.values(), key=_by_agency),
            "list": lists.get(wanted.list) if wanted.list else None,
            "areas": self.areas(),
            "filter": wanted,
            "tabs": self.tabs(wanted, counts),
            "lines": lines,
            "count": page.paginator.count,
            "several": not wanted.list and len(lists) > 1,
            "many": self.many(wanted, lines),
            "query": wanted.query,
            "done": done_many(request),
            **_turned(request, page),
        }
        return self.show("staff/ward_list/lines.html", context)

    def areas(self) -> list[Area]:
        """Return the areas of the municipality, those that a filter offers."""
        code = self.actor.agency.municipality_code
        found = Area.objects.filter(municipality_code=code).order_by("kind", "name")
        return list(found[:MOST_AREAS])

    def tabs(
        self, wanted: Filter, counts: dict[UUID, dict[ListStep, int]]
    ) -> list[tuple[str, str, int | None, bool]]:
        """Return the steps as tabs: words, address, number, whether it is the one shown.

        With an area no numbers: those of the table are of whole lists.
        """
        of = [counts[wanted.list]] if wanted.list in counts else list(counts.values())
        kept = {"list": wanted.list, "area": wanted.area}
        numbers = {step: sum(each[step] for each in of) for step in ListStep}
        everything = (_("all"), lines_address(**kept), sum(numbers.values()), wanted.step is None)
        found = [everything] + [
            (str(step.label), lines_address(**kept, step=step), numbers[step], step == wanted.step)
            for step in ListStep
            if numbers[step] or step == wanted.step
        ]
        return [
            (words, to, None if wanted.area else number, here) for words, to, number, here in found
        ]

    def many(self, wanted: Filter, lines: list[Any]) -> list[dict[str, Any]]:
        """Return the steps that may be taken with many lines at once, the expected one first."""
        keeps = any(each.entry.kept for each in lines)
        if wanted.step is None or not lines or not keeps:
            return []
        expected = EXPECTED.get(wanted.step, "")
        offered = sorted(
            (code for code, step in STEPS.items() if wanted.step in step.steps),
            key=lambda code: code != expected,
        )
        ways = [
            {"address": reverse(f"staff-list-many-{code}"), "label": STEPS[code].label,
             "expected": code == expected}
            for code in offered
        ]  # fmt: skip
        if wanted.step == ListStep.TO_ASSIGN:
            assign = {"address": reverse("staff-list-many-assign"), "label": _("Propose the watch")}
            suggested = {
                "address": reverse("staff-list-suggestions"),
                "label": _("Show suggestions"),
                "expected": True,
            }
            return [suggested, {**assign, "expected": False}, *ways]
        if wanted.step == ListStep.TO_BEGIN:
            begin = {"address": reverse("staff-list-many-begin"), "label": _("Begin the watches")}
            return [{**begin, "expected": True}]
        return ways


def _cells(
    counts: dict[ListStep, int], steps: list[ListStep], **kept: Any
) -> list[tuple[str, int]]:
    """Return the numbers of a row, and where each leads."""
    return [(lines_address(**kept, step=step), counts[step]) for step in steps]


def _turned(request: HttpRequest, page: Any) -> dict[str, str]:
    query = {name: value for name, value in request.GET.items() if name != "page"}
    turned = {}
    if page.has_previous():
        turned["previous"] = urlencode({**query, "page": page.previous_page_number()})
    if page.has_next():
        turned["next"] = urlencode({**query, "page": page.next_page_number()})
    return turned


def _by_agency(watch_list: WatchList) -> tuple[str, str, int, str]:
    """Sort lists by whom they were delivered to, the newest first."""
    agency = watch_list.agency
    day = -watch_list.delivered_on.toordinal()
    return agency.name_kana, agency.name, day, watch_list.name

"""Watches as lists: what a rule of the review holds up, all of them, and who has taken on how many."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, ClassVar

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from carenet.agencies.actors import Actor
from carenet.audit.actions import log_read
from carenet.staff.pages.review.base import log_watch_reads, paged, wanted_id
from carenet.staff.pages.review.csv_pages import MOST_LINES, SheetPage, Table, name_of
from carenet.watchover.models import WatchAssignment
from carenet.watchover.rules import ReviewRule
from carenet.watchover.selectors import review, single_points

#: What is said of what was done just now, by the code in the address.
_DONE = {"hands": gettext_lazy("The watches were put into these hands.")}


class LoadView(SheetPage):
    """Who looks in on how many, the most burdened first."""

    abilities = {"get": "watch.review"}
    sheet_name = "load"

    def page(self) -> HttpResponse:
        return self.show("staff/review/load.html", {"rows": self.rows()})

    def rows(self) -> list[dict[str, Any]]:
        """Return who has taken on how many; they count as seen."""
        rows = review.load(self.actor)
        for row in rows:
            log_read("user", row["watcher"].pk)
        return rows

    def table(self, of: str) -> Table:
        header = [_("Watcher"), _("Looks in on"), _("Stands by for"), _("Remark")]
        return header, (
            [
                row["watcher"].name, row["watches"], row["stands_by"],
                _("too many for one person") if row["overloaded"] else "",
            ]
            for row in self.rows()
        )  # fmt: skip


class WatchListView(SheetPage):
    """Base of the lists of watches, each with the rules that hold it up."""

    abilities = {"get": "watch.review"}
    heading: ClassVar[Any]

    def watches(self) -> tuple[QuerySet[WatchAssignment], review.Rules]:
        """Return the watches, and the rules by watch."""
        raise NotImplementedError

    def page_of(self, rows: QuerySet[WatchAssignment], rules: review.Rules) -> dict[str, Any]:
        """Return a page of the watches, and what leads to its neighbours."""
        return paged(self.request, rows)

    def page(self) -> HttpResponse:
        rows, rules = self.watches()
        page = self.page_of(rows, rules)
        log_watch_reads(page["rows"])
        context = {
            **page,
            "heading": self.heading,
            "of_one": getattr(self, "of_one", False),
            "done": _DONE.get(self.request.GET.get("done", ""), ""),
            "watches": [(each, rules.get(each.pk, [])) for each in page["rows"]],
        }
        return self.show("staff/review/watches.html", context)

    def table(self, of: str) -> Table:
        header = [
            _("code"), _("name"), _("Status"), _("Watcher"), _("Backup"), _("Answers for it"),
            _("Term until"), _("Basis until"), _("Remark"),
        ]  # fmt: skip
        rows, rules = self.watches()
        return header, (_cells(each, rules.get(each.pk, [])) for each in rows[: MOST_LINES + 1])


class FlaggedView(WatchListView):
    """Watches that a rule of the review holds up, each with the rule in words."""

    found: ClassVar[Callable[[Actor], tuple[QuerySet[WatchAssignment], review.Rules]]]

    def watches(self) -> tuple[QuerySet[WatchAssignment], review.Rules]:
        return type(self).found(self.actor)

    def page_of(self, rows: QuerySet[WatchAssignment], rules: review.Rules) -> dict[str, Any]:
        """Return a page of them: the rules say which, so that only its rows are asked for."""
        page = paged(self.request, sorted(rules, reverse=True))
        return {**page, "rows": list(rows.filter(pk__in=page["rows"]))}


class SinglePointsView(FlaggedView):
    """What rests on one person: by watcher; with a watcher in the address, their watches."""

    heading = gettext_lazy("Single points")
    sheet_name = "single-points"
    found = review.single_points

    @property
    def of_one(self) -> bool:
        """Whether the address names a watcher, or nobody as one."""
        return "watcher" in self.request.GET

    def watches(self) -> tuple[QuerySet[WatchAssignment], review.Rules]:
        if not self.of_one:
            return super().watches()
        return single_points.of_watcher(self.actor, wanted_id(self.request, "watcher"))

    def page(self) -> HttpResponse:
        if self.of_one:
            return super().page()
        page = paged(self.request, single_points.by_watcher(self.actor))
        single_points.with_names(self.actor, page["rows"])
        for each in page["rows"]:
            log_watch_reads(each.first)
            if each.pk:
                log_read("user", each.pk)
        return self.show("staff/review/single_points.html", page)


class TermsView(FlaggedView):
    """What ends before long."""

    heading = gettext_lazy("Terms that end")
    sheet_name = "terms"
    found = review.ending


class SignalsView(FlaggedView):
    """What the last check-ins hint at."""

    heading = gettext_lazy("Weakening signals")
    sheet_name = "signals"
    found = review.weak_signals


class WatchesView(WatchListView):
    """All watches that the actor keeps, or those of one watcher, or person: who may stand by, too."""

    heading = gettext_lazy("Watches")
    sheet_name = "watches"

    def watches(self) -> tuple[QuerySet[WatchAssignment], review.Rules]:
        watcher, person = (wanted_id(self.request, name) for name in ("watcher", "person"))
        found = review.watches(self.actor)
        if watcher:
            found = found.filter(watcher=watcher)
        if person:
            found = found.filter(Q(watcher=person) | Q(backup=person))
        return found, {}


def _cells(watch: WatchAssignment, rules: list[ReviewRule]) -> list[object]:
    log_watch_reads([watch])
    return [
        watch.code, watch.resident.name, watch.get_status_display(),
        name_of(watch.watcher), name_of(watch.backup), watch.responsible_agency.name,
        _day(watch.term_until), _day(watch.basis_until),
        " ".join(str(rule.label) for rule in rules),
    ]  # fmt: skip


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""

"""What the pages of the review share: turning pages, the watch in question, whom one has seen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property

from carenet.audit.actions import log_read
from carenet.staff.pages.base import StaffView
from carenet.watchover.models import WatchAssignment
from carenet.watchover.selectors import review

#: As many lines as a page shows.
LINES = 25


class OfWatch:
    """The watch that the address names, among those that the actor keeps."""

    @cached_property
    def watch(self: Any) -> WatchAssignment:
        """Raises `Http404` for a watch that somebody else keeps."""
        found: WatchAssignment = get_object_or_404(review.watches(self.actor), pk=self.kwargs["id"])
        log_watch_reads([found])
        return found


class WatchView(OfWatch, StaffView):
    """Base of the pages about one watch."""


def paged(request: HttpRequest, rows: QuerySet[Any] | Sequence[Any]) -> dict[str, Any]:
    """Return a page of rows, and what leads to its neighbours; the filters stay as they are."""
    page = Paginator(rows, LINES).get_page(request.GET.get("page"))
    query = request.GET.copy()
    turned = {}
    if page.has_previous():
        query["page"] = str(page.previous_page_number())
        turned["previous"] = query.urlencode()
    if page.has_next():
        query["page"] = str(page.next_page_number())
        turned["next"] = query.urlencode()
    return {"rows": list(page), "count": page.paginator.count, **turned}


def wanted_id(request: HttpRequest, name: str) -> UUID | None:
    """Return an id of the query; None without one, and for what is none."""
    try:
        return UUID(request.GET.get(name, ""))
    except ValueError:
        return None


def log_watch_reads(watches: Iterable[WatchAssignment]) -> None:
    """Note whose data a page shows: the resident's, and of whoever looks in."""
    for watch in watches:
        log_read("watchassignment", watch.pk)
        log_read("resident", watch.resident_id)

"""Where an auditor begins: what was refused, what waits for them, and what is out of the ordinary."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from carenet.audit.actions import log_read
from carenet.core import clock
from carenet.core.errors import Invalid
from carenet.jobs.selectors import to_release
from carenet.oversight.models import IncidentState
from carenet.oversight.selectors.named import names_of
from carenet.oversight.selectors.overview import (
    counts_of,
    listed_incidents,
    open_incidents,
    read_most,
    refused_most,
)
from carenet.staff.pages.auditor.sentences import EXPORTED, PRINTED
from carenet.staff.pages.base import StaffView
from carenet.staff.pages.pagination import Lists

#: As many incidents as are listed at once.
MOST = 50


class Tile(NamedTuple):
    """A number that leads to what it counts."""

    number: int
    words: str
    address: str
    urgent: bool


class Named(NamedTuple):
    """Somebody with a number, and the entries of the trail behind it."""

    who: str
    agency: str
    number: int
    last: Any
    address: str


class OverviewView(StaffView):
    """The auditor's first page."""

    abilities = {"get": "audit.view"}

    def get(self, request: HttpRequest) -> HttpResponse:
        today = clock.today()
        day = {"since": today.isoformat(), "until": today.isoformat()}
        counts = counts_of(self.actor, today, [*EXPORTED, *PRINTED])
        waiting, incidents = to_release(self.actor).count(), open_incidents(self.actor)
        refused, read = list(refused_most(self.actor, today)), list(read_most(self.actor, today))
        names = _names([*refused, *read])
        context = {
            "tiles": [
                Tile(
                    counts["denials"], _("refused today"), _trail(deed="denial", **day),
                    counts["denials"] > 0,
                ),
                Tile(waiting, _("exports wait for you to agree"), reverse("staff-work"), waiting > 0),
                Tile(
                    incidents, _("incidents wait for a finding"),
                    f"{reverse('staff-incidents')}?state=open", incidents > 0,
                ),
                Tile(
                    counts["left"], _("times shown on paper or as a file today"),
                    _trail(deed="left", **day), False,
                ),
            ],
            "refused": [_named(each, names, deed="denial") for each in refused],
            "read": [_named(each, names, deed="read", **day) for each in read],
        }  # fmt: skip
        return self.show("staff/auditor/overview.html", context)


class IncidentsView(StaffView):
    """The incidents, from opening to closing."""

    abilities = {"get": "incidents.view"}

    def get(self, request: HttpRequest) -> HttpResponse:
        state = request.GET.get("state", "")
        if state and state not in IncidentState.values:
            raise Invalid({"state": _("Choose one of the list.")})
        lists = Lists(request)
        found = lists.first("incidents", listed_incidents(self.actor, state), MOST)
        for each in found:
            log_read("incident", each.pk)
        context = {"incidents": found, "state": state, "cuts": lists.cuts}
        return self.show("staff/incidents/list.html", context)


def _names(rows: Iterable[dict[str, Any]]) -> Any:
    found = list(rows)
    return names_of(
        {each["actor_id"] for each in found if each["actor_kind"] == "user"},
        {each["agency_id"] for each in found if each["agency_id"]},
    )


def _named(row: Any, names: Any, **query: str) -> Named:
    return Named(
        names.actor(row["actor_kind"], row["actor_id"]),
        names.agency(row["agency_id"]),
        row["number"],
        row["last"],
        _trail(by=row["actor_id"], **query),
    )


def _trail(**query: str) -> str:
    return f"{reverse('staff-trail')}?{urlencode(query)}"

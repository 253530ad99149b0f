"""An agency as everybody of the network sees it: whom to call, when it works, what it takes on."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from carenet.agencies import selectors
from carenet.agencies.models import ATTRIBUTION, Agency
from carenet.agencies.selectors import calendar_of
from carenet.agencies.selectors.closed_days import changed_days
from carenet.core import clock
from carenet.core.models import get_visible
from carenet.staff.pages.base import StaffView

#: As many of the days ahead as a partner needs to know.
DAYS_SHOWN = 10


class AgencyView(StaffView):
    """One agency of the directory."""

    abilities = {"get": "agencies.view"}

    def get(self, request: HttpRequest, id: UUID) -> HttpResponse:
        agency: Agency = get_visible(
            selectors.directory(self.actor).prefetch_related("calendar_exceptions"), pk=id
        )
        today = clock.today()
        days = changed_days(agency, today)
        context: dict[str, Any] = {
            "agency": agency,
            "own": agency.pk == self.actor.agency_id,
            "capacity": agency.capacity_now,
            "week": closed_week(agency),
            "open_today": calendar_of(agency).is_open(today),
            "days": days[:DAYS_SHOWN],
            "services": list(agency.services.all()),
            "attribution": ATTRIBUTION if agency.shows_open_data else "",
        }
        return self.show("staff/own_agency/agency.html", context)


def closed_week(agency: Agency) -> str:
    """Say on which days of every week an agency is closed."""
    names = [str(WEEKDAYS[day]) for day in sorted(agency.closed_weekdays)]
    names += [_("public holidays")] if agency.closed_on_holidays else []
    names += [_("29 December to 3 January")] if agency.closed_at_new_year else []
    return _(", ").join(names) or _("open every day")

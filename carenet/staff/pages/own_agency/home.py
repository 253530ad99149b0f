"""Where a manager begins: who is here, what waits at whom, what the agency says of itself."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy

from carenet.agencies import policy, selectors
from carenet.agencies.models import Agency, Invitation, Membership
from carenet.agencies.selectors import calendar_of
from carenet.agencies.selectors.closed_days import changed_days
from carenet.audit.actions import log_read
from carenet.cases.selectors.untriaged import received
from carenet.core import clock
from carenet.jobs.selectors import running_in_agency
from carenet.staff.pages.base import StaffView
from carenet.staff.pages.own_agency.work_by_person import Work, work_by_person

#: So many of the days ahead.
DAYS_SHOWN = 3
#: What the page says of what was done just now.
DONE: dict[str, Any] = {
    "capacity": gettext_lazy("Published: partners see it from now on."),
    "settings": gettext_lazy("Saved: it holds for what is sent from now on."),
}


class OwnAgencyView(StaffView):
    """The manager's own page."""

    abilities = {"get": "agencies.manage_members"}

    def get(self, request: HttpRequest) -> HttpResponse:
        members = self.members()
        agency, today = self.facts(), clock.today()
        work, more = work_by_person(self.actor)
        context = {
            "agency": agency,
            "open_today": calendar_of(agency).is_open(today),
            "days": [each for each in changed_days(agency, today) if each.on > today][:DAYS_SHOWN],
            "capacity": agency.capacity_now,
            "here": [each for each in members if each.user.is_active and not _is_away(each)],
            "away": [each for each in members if _is_away(each)],
            "work": rows_of(work, members),
            "more": more,
            "takes_calls": bool(self.actor.may("consultations.record")),
            "may_move": bool(policy.can_move_to_sections(self.actor)),
            "done": DONE.get(request.GET.get("done", ""), ""),
        }
        for each in members:
            log_read("user", each.user_id)
        return self.show("staff/own_agency/home.html", context)

    def members(self) -> list[Membership]:
        """Return the members by name, with whether they are away now: one statement."""
        away = selectors.away(self.actor).filter(membership=OuterRef("pk"))
        found = selectors.members(self.actor).annotate(is_away=Exists(away))
        return list(found.order_by("user__name_kana", "user__name", "id"))

    def facts(self) -> Agency:
        """Return the agency with what is counted of it, and with its calendar: two statements."""
        invited = Invitation.objects.open().filter(agency=OuterRef("pk"))
        agencies = Agency.objects.select_related("capacity").annotate(
            invited=_count_of(invited),
            running=_count_of(running_in_agency(self.actor)),
            calls=_count_of(received(self.actor)),
        )
        return agencies.prefetch_related("calendar_exceptions").get(pk=self.actor.agency_id)


def rows_of(
    work: dict[Any, Work], members: list[Membership]
) -> list[tuple[Membership | None, Work]]:
    """Return what each member has, what is overdue first; at last what nobody here has by name."""
    by_user = {each.user_id: each for each in members}
    nobody = Work()
    found: list[tuple[Membership | None, Work]] = []
    for person, each in work.items():
        if person in by_user:
            found.append((by_user[person], each))
            continue
        for name in ("cases", "referrals", "tasks", "overdue"):
            setattr(nobody, name, getattr(nobody, name) + getattr(each, name))
    found.sort(key=lambda row: (-row[1].overdue, -row[1].referrals - row[1].tasks))
    if nobody != Work():
        found.insert(0, (None, nobody))
    return found


def _is_away(membership: Membership) -> bool:
    away: bool = membership.is_away  # type: ignore[attr-defined]  # annotated
    return away


def _count_of(rows: QuerySet[Any]) -> Coalesce:
    counted = rows.order_by().annotate(one=Value(1)).values("one").annotate(n=Count("pk"))
    return Coalesce(Subquery(counted.values("n")), 0)

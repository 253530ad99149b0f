"""Referrals in the review: how long they wait at whom, how far they come, and which they are."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from carenet.agencies.models import Agency
from carenet.audit.actions import log_read
from carenet.core import clock
from carenet.referrals.models import Referral
from carenet.referrals.selectors import review, waited_working_days
from carenet.referrals.selectors.review import AGES, STAGES, Stage
from carenet.referrals.states import ReferralStatus
from carenet.staff.pages.review.base import paged
from carenet.staff.pages.review.csv_pages import MOST_LINES, SheetPage, Table, moment
from carenet.staff.pages.review.svg_bars import AGE_PATTERNS, Piece, Row, stacked, stepped

#: Since how many days what is counted was sent, and without a word in the address.
PERIODS, USUAL_PERIOD = (30, 90, 365), 90
#: What the address says where no agency has claimed a referral yet.
POOL = "pool"


class AgeingView(SheetPage):
    """For how many working days open referrals have been waiting at which agency."""

    abilities = {"get": "referrals.review"}
    sheet_name = "referrals-waiting"

    def page(self) -> HttpResponse:
        found = review.ageing(self.actor)
        bands = age_label()
        rows = [
            Row(
                named(each.agency),
                leading(Stage.TURN, each.agency),
                [
                    Piece(pattern, words, number)
                    for pattern, words, number in zip(AGE_PATTERNS, bands, each.by_age, strict=True)
                ],
            )
            for each in found
        ]
        context = {
            "rows": [
                (row, each, leading(Stage.PUT_OFF, each.agency))
                for row, each in zip(rows, found, strict=True)
            ],
            "bands": bands,
            "picture": stacked(rows),
            "title": _("How long referrals wait: the table below has the same numbers"),
            "legend": list(zip(AGE_PATTERNS, bands, strict=True)),
        }
        return self.show("staff/review/referrals_waiting.html", context)

    def table(self, of: str) -> Table:
        found = review.ageing(self.actor)
        header = [
            _("Agency"), *age_label(), _("Total"), _("overdue"), _("put off for long"),
            _("Mean"), _("Median"),
        ]  # fmt: skip
        return header, (
            [
                named(each.agency), *each.by_age, each.number, each.overdue, each.put_off,
                round(each.mean, 1), round(each.median, 1),
            ]
            for each in found
        )  # fmt: skip


class FunnelView(SheetPage):
    """How far the referrals of the last weeks or months have come, by who is to answer them."""

    abilities = {"get": "referrals.review"}
    sheet_name = "referrals-funnel"

    def page(self) -> HttpResponse:
        days = period_of(self.request)
        found = review.funnel(self.actor, since(days))
        words = stage_label()
        rows = [
            Row(
                named(each.agency),
                leading(Stage.SENT, each.agency, days),
                [
                    *(Piece("well", words[stage], each.reached[stage]) for stage in STAGES),
                    Piece("little", words[Stage.OTHER], each.reached[Stage.OTHER]),
                ],
            )
            for each in found
        ]
        shown = [
            (
                row,
                each,
                [(leading(stage, each.agency, days), each.reached[stage]) for stage in words],
            )
            for row, each in zip(rows, found, strict=True)
        ]
        context = {
            "rows": shown,
            "days": days,
            "periods": [(each, _("%(days)s days") % {"days": each}) for each in PERIODS],
            "stages": list(words.values()),
            "picture": stepped(rows),
            "title": _("How far referrals have come: the table below has the same numbers"),
            "legend": [("well", _("so many have come so far")), ("little", words[Stage.OTHER])],
        }
        return self.show("staff/review/referrals_funnel.html", context)

    def table(self, of: str) -> Table:
        found = review.funnel(self.actor, since(period_of(self.request)))
        words = stage_label()
        header = [
            _("Agency"), *words.values(), _("Working days until accepted: mean"), _("Median"),
        ]  # fmt: skip
        return header, (
            [
                named(each.agency),
                *(each.reached[stage] for stage in words),
                "" if each.mean is None else round(each.mean, 1),
                "" if each.median is None else round(each.median, 1),
            ]
            for each in found
        )


class ReferralsListView(SheetPage):
    """The referrals that a figure counts, whoever waits longest first."""

    abilities = {"get": "referrals.review"}
    sheet_name = "referrals"

    def page(self) -> HttpResponse:
        stage, agency = self.wanted()
        page = paged(self.request, self.found(stage, agency))
        today = clock.today()
        context = {
            **page,
            "lines": [(each, *state_of(each, today)) for each in page["rows"]],
            "heading": heading_of(stage),
            "back": reverse(_BACK.get(stage, "staff-review-funnel")),
        }
        return self.show("staff/review/referrals_list.html", context)

    def table(self, of: str) -> Table:
        header = [
            _("code"), _("name"), _("Status"), _("Whose turn"),
            _("Working days waiting"), _("Due"), _("overdue"),
        ]  # fmt: skip
        today = clock.today()
        return header, (
            [
                each.code, each.resident.name, *state_of(each, today),
                moment(each.due_at), _("overdue") if each.overdue else "",  # type: ignore[attr-defined]
            ]
            for each in self.found(*self.wanted())[: MOST_LINES + 1]
        )  # fmt: skip

    def wanted(self) -> tuple[Stage, UUID | None]:
        """Return the figure that is asked for; raises `Http404` for none that there is."""
        given = self.request.GET.get("agency", "")
        try:
            stage = Stage(self.request.GET.get("stage", ""))
            return stage, None if given == POOL or stage is Stage.OVERDUE else UUID(given)
        except ValueError:
            raise Http404 from None

    def found(self, stage: Stage, agency: UUID | None) -> QuerySet[Referral]:
        begun = None if stage in _BACK else since(period_of(self.request))
        return review.at_stage(self.actor, stage, agency, begun)


#: What waits now, whenever it was sent: figures of the other page.
_BACK = dict.fromkeys((Stage.TURN, Stage.PUT_OFF, Stage.OVERDUE), "staff-review-referrals")


def state_of(referral: Referral, today: Any) -> tuple[str, str, int | str]:
    """Say where it stands, whose turn it is, and for how many working days; it counts as seen."""
    log_read("referral", referral.pk)
    log_read("resident", referral.resident_id)
    days = waited_working_days(referral, today)
    if referral.waits_in_pool:
        turn = named(None)
    else:
        turn = referral.waits_by.name if referral.turn else _("nobody's")
    return str(ReferralStatus(referral.status).label), turn, "" if days is None else days


def period_of(request: HttpRequest) -> int:
    """Return how many days back the figures go."""
    given = request.GET.get("days", "")
    return next((each for each in PERIODS if str(each) == given), USUAL_PERIOD)


def since(days: int) -> datetime:
    """Return the moment from which on is counted."""
    return clock.now() - timedelta(days=days)


def named(agency: Agency | None) -> str:
    """Return an agency by its name."""
    return agency.name if agency else _("an agency of the pool")


def leading(stage: Stage, agency: Agency | None, days: int = 0) -> str:
    """Return where the referrals of a figure are shown."""
    query: dict[str, Any] = {"stage": stage, "agency": agency.pk if agency else POOL}
    if days:
        query["days"] = days
    return f"{reverse('staff-review-referrals-list')}?{urlencode(query)}"


def age_label() -> list[str]:
    """Return in words for how many working days something has waited, the shortest first."""
    return [*(_("up to %(days)s days") % {"days": each} for each in AGES), _("longer")]


def stage_label() -> dict[Stage, str]:
    """Return each stage in words, in their order."""
    return {
        Stage.SENT: pgettext("stage", "sent"),
        Stage.RECEIVED: pgettext("stage", "received"),
        Stage.ACCEPTED: pgettext("stage", "accepted"),
        Stage.STARTED: pgettext("stage", "started"),
        Stage.CLOSED: pgettext("stage", "closed"),
        Stage.OTHER: pgettext("stage", "ended otherwise"),
    }


def heading_of(stage: Stage) -> str:
    """Return what a list of referrals is a list of."""
    if stage is Stage.TURN:
        return _("Referrals that wait")
    if stage is Stage.OVERDUE:
        return _("Referrals that are overdue")
    if stage is Stage.PUT_OFF:
        return _("Referrals that are put off for longer than usual")
    return _("Referrals: %(stage)s") % {"stage": stage_label()[stage]}

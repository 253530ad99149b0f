"""Today (今日): what waits for me and my agency, oldest first, whose turn it is, and since when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from carenet.agencies.selectors import calendar_of
from carenet.cases import selectors as cases
from carenet.cases.states import ConsultationStatus
from carenet.referrals import selectors as referrals
from carenet.referrals.states import ReferralStatus
from carenet.reminders import actions, selectors
from carenet.reminders.registry import kind_named
from carenet.staff.pages.base import StaffView, go

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from carenet.agencies.calendars import WorkingCalendar
    from carenet.reminders.models import InboxEntry

#: As much as one look takes in; the whole lists have pages of their own.
MOST = 50


@dataclass(frozen=True, slots=True)
class Waiting:
    """One line: what it is, where it stands, whose turn it is, since how many working days."""

    kind: str
    text: str
    state: str
    turn: str
    since: datetime
    days: int | None
    overdue: bool = False
    entry: InboxEntry | None = None
    may_read: bool = False


class TodayView(StaffView):
    """The first page after signing in."""

    abilities = {"get": "reminders.view"}

    def get(self, request: HttpRequest) -> HttpResponse:
        lines = sorted(self.lines(), key=lambda line: line.since)
        return self.show("staff/today/today.html", {"lines": lines, "most": MOST})

    def lines(self) -> Iterator[Waiting]:
        """Put together what the rooms say, each by its own visible set."""
        yield from self.told()
        if self.actor.may("referrals.view"):
            yield from self.referrals()
        if self.actor.may("consultations.view"):
            yield from self.consultations()

    def told(self) -> Iterator[Waiting]:
        open_ones = selectors.inbox(self.actor).filter(selectors.still_open())
        for entry in open_ones.order_by("arrived_at")[:MOST]:
            yield Waiting(
                kind=_("Reminder"),
                text=text_of(entry),
                state=_("taken on") if entry.reminder.holder_id else "",
                turn=_("you"),
                since=entry.arrived_at,
                days=self.days(entry.arrived_at),
                entry=entry,
                may_read=entry.read_at is None,
            )

    def referrals(self) -> Iterator[Waiting]:
        today = timezone.localdate()
        for each in referrals.waiting(self.actor, limit=MOST):
            yield Waiting(
                kind=_("Referral"),
                text=each.code,
                state=str(ReferralStatus(each.status).label),
                turn=each.waits_by.name,
                since=each.turn_since,
                days=referrals.waited_working_days(each, today),
                overdue=bool(each.due_at and each.due_at < timezone.now()),
            )

    def consultations(self) -> Iterator[Waiting]:
        received = cases.consultations(self.actor).filter(status=ConsultationStatus.RECEIVED)
        for each in received.order_by("received_at")[:MOST]:
            yield Waiting(
                kind=_("Consultation"),
                text=str(each.get_main_topic_display()),
                state=str(each.get_urgency_display()),
                turn=self.actor.agency.name,
                since=each.received_at,
                days=self.days(each.received_at),
            )

    def days(self, since: datetime) -> int:
        return self.calendar.working_days_between(timezone.localdate(since), timezone.localdate())

    @cached_property
    def calendar(self) -> WorkingCalendar:
        """The agency's own: asked once for all lines."""
        return calendar_of(self.actor.agency)


class EntryStep(StaffView):
    """One tap on a line of Today; afterwards the page again, or htmx takes the line out."""

    abilities = {"post": "reminders.respond"}

    def post(self, request: HttpRequest, id: UUID) -> HttpResponse:
        entry = get_object_or_404(selectors.inbox(self.actor), pk=id)
        self.step(entry)
        if getattr(request, "htmx", False):
            return self.show("staff/parts/done.html", {"message": self.done()})
        return go(request, reverse("staff-today"))

    def step(self, entry: InboxEntry) -> None:
        raise NotImplementedError

    def done(self) -> str:
        raise NotImplementedError


class ReadView(EntryStep):
    """Say that one has read it."""

    def step(self, entry: InboxEntry) -> None:
        actions.mark_read(actor=self.actor, entry=entry)

    def done(self) -> str:
        return _("Marked as read.")


class AcknowledgeView(EntryStep):
    """Take it on: nobody else is chased for some working days."""

    def step(self, entry: InboxEntry) -> None:
        actions.acknowledge(actor=self.actor, entry=entry)

    def done(self) -> str:
        return _("You have taken it on.")


def text_of(entry: InboxEntry) -> str:
    """Return what a reminder says; its code where its kind is no longer known."""
    reminder = entry.reminder
    try:
        kind = kind_named(reminder.kind)
    except KeyError:
        return reminder.subject_code
    return str(kind.text(reminder.occurrence(entry.delivery.step)))

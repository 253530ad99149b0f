"""Today (今日): what waits for me and my agency, oldest first, whose turn it is, and since when."""

from __future__ import annotations

from itertools import islice
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from carenet.reminders import actions, selectors
from carenet.reminders.models import InboxEntry
from carenet.staff.pages import inbox
from carenet.staff.pages.base import StaffView
from carenet.staff.pages.form_keys import address_of
from carenet.staff.pages.redirects import redirect_to


class TodayView(StaffView):
    """The first page after signing in."""

    abilities = {"get": "reminders.view"}

    def get(self, request: HttpRequest) -> HttpResponse:
        board = inbox.Board(self.actor)
        lines = sorted(board.lines(), key=lambda line: line.since)
        cut = ""
        if board.cut:
            cut = _("More waits than fits here: of each kind you see the first %(most)d.") % {
                "most": inbox.MOST
            }
        context = {"lines": lines, "cut": cut, "recorded": self.recorded()}
        return self.show("staff/today/today.html", context)

    def recorded(self) -> str:
        """Return the page of the call that was recorded just now; empty where none was."""
        user: Any = self.actor.user
        try:
            key = UUID(self.request.GET.get("form", ""))
        except ValueError:
            return ""
        return address_of(user, key) or ""


class ReminderActionView(StaffView):
    """One tap on a line of Today.

    Then the page again; for htmx the line as it stands now, or what was done in its place.
    """

    abilities = {"post": "reminders.respond"}

    def post(self, request: HttpRequest, id: UUID) -> HttpResponse:
        entry = get_object_or_404(selectors.inbox(self.actor), pk=id)
        self.step(entry)
        if not getattr(request, "htmx", False):
            return redirect_to(request, reverse("staff-today"))
        about = entry.reminder.subject_id
        lines = (line for line in inbox.Board(self.actor).lines() if line.about == about)
        context = {"line": next(islice(lines, 1), None), "message": self.done()}
        return self.show("staff/today/step.html", context)

    def step(self, entry: InboxEntry) -> None:
        """Call the action."""
        raise NotImplementedError

    def done(self) -> str:
        """Return in words what has happened."""
        raise NotImplementedError


class ReadView(ReminderActionView):
    """Say that one has read it."""

    def step(self, entry: InboxEntry) -> None:
        actions.mark_read(actor=self.actor, entry=entry)

    def done(self) -> str:
        return _("Marked as read.")


class AcknowledgeView(ReminderActionView):
    """Take it on: nobody else is chased for some working days."""

    def step(self, entry: InboxEntry) -> None:
        actions.acknowledge(actor=self.actor, entry=entry)

    def done(self) -> str:
        return _("You have taken it on.")

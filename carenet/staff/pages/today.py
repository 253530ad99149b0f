"""Today (今日): what waits for me and my agency as a queue, and the steps that are taken in a line."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from carenet.agencies.models import User
from carenet.agencies.roles import ABILITIES
from carenet.agencies.selectors import calendar_of, members_in_roles
from carenet.core import clock
from carenet.core.errors import Invalid
from carenet.reminders import actions, selectors
from carenet.reminders.models import InboxEntry
from carenet.rest.problems import CLIENT_ERROR
from carenet.staff.pages import work_queue
from carenet.staff.pages.base import FormPage, StaffView
from carenet.staff.pages.form_fields import TypedDay, text_field
from carenet.staff.pages.form_keys import address_of
from carenet.staff.pages.inbox import text_of
from carenet.staff.pages.inbox_lines import Group, Part, Waiting, grouped
from carenet.staff.pages.redirects import redirect_to
from carenet.staff.pages.versions import seen_version
from carenet.staff.times import Direction
from carenet.tasks.actions import finish

MINE = "mine"
#: As many urgent things as are named above what is overdue.
MOST_NAMED = 3
#: What an address of Today says that was done just now.
DONE, FINISHED = "done", "finished"


def labels() -> dict[str, str]:
    """Return what each line says beside its values: looked up once for all lines."""
    return {
        "due": _("Due"),
        "since": _("Came in"),
        "days": _("Working days since"),
        "overdue": _("overdue"),
        "urgent": _("today"),
        "take_on": _("I take it on"),
        "read": _("I have read it"),
        "put_off": pgettext("step", "Later"),
        "hand_on": pgettext("step", "Hand on"),
        "take_back": _("Undo"),
    }


class TodayView(StaffView):
    """The first page after signing in."""

    abilities = {"get": "reminders.view"}

    def get(self, request: HttpRequest) -> HttpResponse:
        whose = request.GET.get("whose", "")
        if whose not in {"", MINE}:
            raise Invalid({"whose": _("Choose one of the list.")})
        board = work_queue.Board(self.actor)
        every = list(board.lines())
        mine = [line for line in every if line.mine]
        parts = grouped(mine if whose else every)
        later = [part for part in parts if part.group == Group.LATER]
        context = {
            "parts": [part for part in parts if part not in later],
            "later": later,
            "first": parts[0].lines[0] if parts else None,
            "whose": whose,
            "counts": {"every": waiting_in(every), "mine": waiting_in(mine)},
            "urgent": urgent_below(parts),
            "others": board.of_the_ward(),
            "cut": self.cut(board),
            "recorded": self.recorded(),
            "done": self.done(board),
            "labels": labels(),
        }
        return self.show("staff/today/today.html", context)

    @staticmethod
    def cut(board: work_queue.Board) -> str:
        """Say that there is more than the page shows; empty where that is all."""
        if not board.cut:
            return ""
        told = _("More waits than fits here: of each kind you see the first %(most)d.")
        return told % {"most": work_queue.MOST}

    def recorded(self) -> str:
        """Return the page of the call that was recorded just now; empty where none was."""
        user: Any = self.actor.user
        try:
            key = UUID(self.request.GET.get("form", ""))
        except ValueError:
            return ""
        return address_of(user, key) or ""

    def done(self, board: work_queue.Board) -> str:
        """Say what was done just now by a form without a script; empty where nothing was."""
        if FINISHED in self.request.GET:
            return _("The task is done.")
        chosen = self.request.GET.get(DONE, "")
        entry = next((each for each in board.entries if str(each.pk) == chosen), None)
        return said_done(entry) if entry else ""


def waiting_in(lines: list[Waiting]) -> int:
    """Count what waits now: what was put off does not."""
    return sum(not line.put_off for line in lines)


def urgent_below(parts: list[Part]) -> list[Waiting]:
    """Return what is to be seen to today, where it stands below what is overdue already."""
    below = [part for part in parts if part.group == Group.TODAY and part is not parts[0]]
    return below[0].lines[:MOST_NAMED] if below else []


def said_done(entry: InboxEntry) -> str:
    """Say what was last done about an entry of `last_notified`."""
    verb: str = entry.last_verb or ""  # type: ignore[attr-defined]  # annotated
    until = entry.reminder.due_at
    if verb == "snooze" and until:
        day = timezone.localdate(until)
        return _("Put off until %(day)s.") % {"day": f"{day.month}/{day.day}"}
    told = {
        "acknowledge": _("You have taken it on."),
        "delegate": _("Handed on: they have been told."),
        "take_back": _("Taken back: it stands as before."),
    }
    return told.get(verb, "")


class ReminderActionView(StaffView):
    """One tap on a line of Today.

    Then the page again; for htmx the line as it stands now, or what was done in its place.
    """

    abilities = {"post": "reminders.respond"}

    def post(self, request: HttpRequest, id: UUID) -> HttpResponse:
        entry = get_object_or_404(selectors.inbox(self.actor), pk=id)
        self.step(entry)
        if not getattr(request, "htmx", False):
            return redirect_to(request, after(entry))
        return line_again(self, entry, self.done())

    def step(self, entry: InboxEntry) -> None:
        """Call the action."""
        raise NotImplementedError

    def done(self) -> str:
        """Return in words what has happened; empty: what is said of the last that was done."""
        return ""


def after(entry: InboxEntry) -> str:
    """Return the address of Today that tells what was done about an entry."""
    return f"{reverse('staff-today')}?{DONE}={entry.pk}"


def line_again(view: StaffView, entry: InboxEntry, message: str) -> HttpResponse:
    """Answer with the line of an entry as it stands now, and with what was done."""
    board = work_queue.Board(view.actor)
    about = entry.reminder.subject_id
    line = next((line for line in board.lines() if line.about == about), None)
    now = next((each for each in board.entries if each.pk == entry.pk), None)
    said = message or (said_done(now) if now else "")
    context = {"line": line, "message": said, "labels": labels()}
    return view.show("staff/today/step.html", context)


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


class TakeBackView(ReminderActionView):
    """Undo that one has just taken it on or put it off."""

    def step(self, entry: InboxEntry) -> None:
        actions.take_back(actor=self.actor, entry=entry)


class ResponsePage(FormPage):
    """A response that asks for something: a form in its line, or a page of its own without a script."""

    abilities = {"get": "reminders.respond", "post": "reminders.respond"}
    heading: ClassVar[Any]

    @property
    def template(self) -> str:  # type: ignore[override]
        part = getattr(self.request, "htmx", False)
        return "staff/today/response.html" if part else "staff/today/respond.html"

    def entry(self) -> InboxEntry:
        return get_object_or_404(selectors.inbox(self.actor), pk=self.kwargs["id"])

    def context(self) -> dict[str, Any]:
        entry = self.entry()
        return {"entry": entry, "text": text_of(entry), "words": self.heading}

    def post(self, request: HttpRequest, **ids: Any) -> HttpResponse:
        answer = super().post(request, **ids)
        if answer.status_code == HTTPStatus.NO_CONTENT:
            return line_again(self, self.entry(), "")
        if request.htmx and answer.status_code >= CLIENT_ERROR:  # type: ignore[attr-defined]
            place = f"#response-{self.kwargs['id']}"
            answer["HX-Retarget"], answer["HX-Reswap"] = place, "innerHTML"
        return answer


class PutOff(forms.Form):
    """Until when, and why."""

    until = TypedDay(label=gettext_lazy("Until which day"), direction=Direction.AHEAD)
    reason = text_field(gettext_lazy("Reason"), 500, rows=2)


class SnoozeView(ResponsePage):
    """Put it off until the morning of a day."""

    form_class = PutOff
    heading = gettext_lazy("Put it off")

    def form(self, data: Any = None) -> forms.Form:
        day = calendar_of(self.actor.agency).add_working_days(clock.today(), 1)
        initial = {"until": f"{day.month}/{day.day}"}
        return PutOff(data, initial=initial, auto_id=f"later-{self.kwargs['id']}-%s")

    def act(self, form: Any) -> str:
        entry = self.entry()
        actions.snooze(actor=self.actor, entry=entry, **form.cleaned_data)
        return after(entry)


class HandOn(forms.Form):
    """To whom, and what they are told."""

    person = forms.ModelChoiceField(
        label=gettext_lazy("To whom"), queryset=User.objects.none(), empty_label=None
    )
    reason = text_field(gettext_lazy("A word to them"), 500, rows=2, required=False)


class DelegateView(ResponsePage):
    """Hand it on to a colleague, who is told at once."""

    form_class = HandOn
    heading = gettext_lazy("Hand it on to a colleague")

    def form(self, data: Any = None) -> forms.Form:
        form = HandOn(data, auto_id=f"hand-on-{self.kwargs['id']}-%s")
        field: Any = form.fields["person"]
        members = members_in_roles(self.actor.agency, ABILITIES["reminders.respond"].roles)
        me: Any = self.actor.user_id
        field.queryset = members.exclude(pk=me)
        field.label_from_instance = lambda user: user.name
        return form

    def act(self, form: Any) -> str:
        entry = self.entry()
        actions.delegate(actor=self.actor, entry=entry, **form.cleaned_data)
        return after(entry)


class TaskDoneView(StaffView):
    """Say that a task is done, from its line."""

    abilities = {"post": "tasks.work"}

    def post(self, request: HttpRequest, id: UUID) -> HttpResponse:
        version = seen_version(request, _("Open the task again, and do it from there."))
        finish(actor=self.actor, task_id=id, version=version)
        if not getattr(request, "htmx", False):
            return redirect_to(request, f"{reverse('staff-today')}?{FINISHED}")
        return self.show("staff/today/step.html", {"line": None, "message": _("The task is done.")})

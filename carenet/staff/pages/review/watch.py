"""One watch: who looks in, in which rhythm, what was found and what lies ahead; and its steps."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from carenet.audit.actions import log_read
from carenet.core import clock
from carenet.staff.pages.base import FormPage, StaffView
from carenet.staff.pages.form_fields import TypedMomentAhead
from carenet.staff.pages.pagination import Lists
from carenet.staff.pages.recurrence_text import rhythm_text
from carenet.staff.pages.redirects import redirect_to
from carenet.staff.pages.review.base import OfWatch, WatchView
from carenet.staff.pages.review.overview import shown
from carenet.staff.pages.review.watch_transitions import (
    DONE,
    event_text,
    expected_step,
    possible,
    stages,
)
from carenet.watchover import selectors
from carenet.watchover.actions import pauses
from carenet.watchover.models import WatchEvent
from carenet.watchover.selectors import review
from carenet.watchover.states import AlertOutcome, PauseReason, WatchStatus

#: As many check-ins and times ahead, and as much of the story, as one look takes in.
LAST, AHEAD, STORY = 10, 10, 50


class WatchPage(WatchView):
    """Everything of one watch on one page."""

    abilities = {"get": "watch.view"}

    def get(self, request: HttpRequest, id: UUID) -> HttpResponse:
        watch, actor = self.watch, self.actor
        lists = Lists(request)
        alerts = review.alerts(actor).filter(assignment=watch).order_by("-opened_at")
        ahead = selectors.expectations(actor).filter(assignment=watch, state="expected")
        pauses = selectors.pauses(actor).filter(resident=watch.resident_id)
        now = clock.now()
        rhythm = selectors.schedules(actor, watch).filter(effective_until=None).first()
        held = rhythm is not None
        steps = actor.may("watch.assign")
        context = {
            "watch": watch,
            "done": DONE.get(request.GET.get("done", "")),
            "expected": expected_step(watch, has_rhythm=held) if steps else ("", ""),
            "stages": (way := stages(watch, has_rhythm=held)),
            "now_at": next((words for words, done in way if not done), ""),
            "rhythm": rhythm,
            "rhythm_words": rhythm_text(rhythm) if rhythm else [],
            "check_ins": self.check_ins(lists),
            "ahead": lists.first("ahead", ahead.order_by("window_start"), AHEAD),
            "alerts": [shown(each) for each in lists.first("alerts", alerts, LAST)],
            "outcomes": AlertOutcome.choices,
            "pauses": [
                each for each in pauses.order_by("-since")
                if each.until is None or each.until > max(now, each.since)
            ],
            "story": list(self.story(lists)),
            "cuts": lists.cuts,
            "verbs": [*self.changes(has_rhythm=held), *(possible(watch) if steps else [])],
        }  # fmt: skip
        return self.show("staff/review/watch.html", context)

    def changes(self, *, has_rhythm: bool) -> list[tuple[str, Any]]:
        """Return what may be changed of the watch by who looks at it, as address and words."""
        watch, actor, ended = self.watch, self.actor, self.watch.status == WatchStatus.ENDED
        rhythm = _("Change the rhythm") if has_rhythm else _("Set the rhythm")
        offered = (
            ("people", _("Change who looks in"), "watch.assign", False),
            ("pause", _("Pause"), "watch.pause", False),
            ("rhythm", rhythm, "watch.assign", False),
            ("term", _("Change the last day"), "watch.assign", False),
            ("edit", _("Change how and on which basis"), "watch.assign", False),
            ("link", _("Make a link for one tap"), "watch.check_in", False),
            ("another", _("Propose another watch"), "watch.assign", True),
            ("rehearsal", _("Rehearse a missed visit"), "watch.view", False),
        )
        return [
            (reverse(f"staff-watch-{name}", args=[watch.pk]), words)
            for name, words, ability, even_ended in offered
            if actor.may(ability) and (even_ended or not ended)
        ]

    def check_ins(self, lists: Lists) -> list[Any]:
        found = selectors.check_ins(self.actor).filter(assignment=self.watch)
        rows = lists.first("check_ins", found.order_by("-observed_at", "-pk"), LAST)
        for each in rows:
            log_read("checkin", each.pk)
        return rows

    def story(self, lists: Lists) -> Iterator[tuple[WatchEvent, str]]:
        """Say what happened, newest first, each verb in the reader's language."""
        for event in lists.first("story", selectors.events(self.watch).order_by("-pk"), STORY):
            yield event, event_text(event)


class PauseForm(forms.Form):
    """When nobody needs to look in, and why."""

    reason = forms.ChoiceField(label=_("Why nobody needs to look in"), choices=PauseReason.choices)
    since = TypedMomentAhead(
        label=_("From when"),
        required=False,
        empty=_("Now, if you leave it empty."),
    )
    until = TypedMomentAhead(
        label=_("Until"),
        required=False,
        empty=_("Until further notice, if you leave it empty."),
    )


class PauseView(OfWatch, FormPage):
    """Say that nobody needs to look in for a while."""

    abilities = {"get": "watch.pause", "post": "watch.pause"}
    form_class = PauseForm
    template = "staff/review/pause.html"

    def context(self) -> dict[str, Any]:
        return {"watch": self.watch}

    def act(self, form: forms.Form) -> str:
        pauses.pause(actor=self.actor, assignment_id=self.watch.pk, **form.cleaned_data)
        return f"{reverse('staff-watch', args=[self.watch.pk])}?done=pause"


class EndPauseView(StaffView):
    """Say that somebody looks in again."""

    abilities = {"post": "watch.pause"}

    def post(self, request: HttpRequest, id: UUID) -> HttpResponse:
        pauses.end_pause(actor=self.actor, pause_id=id)
        came_from = back_to(request)
        if came_from and review.watches(self.actor).filter(pk=came_from).exists():
            return redirect_to(request, reverse("staff-watch", args=[came_from]))
        return redirect_to(request, reverse("staff-review-watches"))


def back_to(request: HttpRequest) -> UUID | None:
    """Return the watch from whose page somebody came; None for what is no id."""
    try:
        return UUID(request.POST.get("watch", ""))
    except ValueError:
        return None

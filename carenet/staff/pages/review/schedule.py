"""The rhythm of a watch: how often, on which days, from what time on; first tried, then set."""

from __future__ import annotations

from http import HTTPStatus
from itertools import islice
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property

from carenet.core import clock
from carenet.core.errors import Invalid
from carenet.staff.pages.base import blame
from carenet.staff.pages.recurrence_text import recurrence_text
from carenet.staff.pages.review.watch_transitions import WatchTransitionView
from carenet.staff.pages.rhythm_form import ScheduleForm, initial_of, usual_rhythm
from carenet.staff.pages.versions import version_in
from carenet.watchover import selectors
from carenet.watchover.actions.schedule import demand_readable, set_schedule
from carenet.watchover.models import WatchSchedule
from carenet.watchover.selectors.occurrences import next_times

#: As many times as are shown before a rhythm is set.
TRIED = 5


class ScheduleView(WatchTransitionView):
    """Try a rhythm, and let it hold: what is expected from then on is laid out anew."""

    abilities = {"get": "watch.assign", "post": "watch.assign"}
    template = "staff/review/rhythm.html"
    said = "rhythm"

    @cached_property
    def now_held(self) -> WatchSchedule | None:
        """Return the rhythm that holds until another one is set."""
        found = selectors.schedules(self.actor, self.watch)
        return found.filter(effective_until=None).first()

    def form(self, data: Any = None) -> ScheduleForm:
        held = self.now_held
        return ScheduleForm(data, initial=initial_of(held) if held else usual_rhythm())

    def context(self) -> dict[str, Any]:
        held = self.now_held
        return {**super().context(), "held": recurrence_text(held) if held else ""}

    def post(self, request: HttpRequest, **ids: Any) -> HttpResponse:
        """Set the rhythm where it was tried; else show the times to which it leads."""
        if "save" in request.POST:
            return super().post(request, **ids)
        form, tried = self.form(request.POST), None
        if form.is_valid():
            try:
                tried = self.tried(form)
            except Invalid as refused:
                blame(form, refused)
        context = {"form": form, "tried": tried, **self.context()}
        status = HTTPStatus.OK if form.is_valid() else HTTPStatus.UNPROCESSABLE_ENTITY
        return self.show(self.template, context, status=status)

    def tried(self, form: ScheduleForm) -> dict[str, Any]:
        """Return the rhythm in words and its next times; raises `Invalid` for one that cannot be."""
        rhythm = form.rhythm
        since = max(clock.now(), form.cleaned_data["effective_from"] or clock.now())
        demand_readable(rhythm, self.watch.responsible_agency, since=since)
        times = next_times(self.watch, rhythm.rule, rhythm.begins_at, rhythm.holiday_policy, since)
        words = recurrence_text(WatchSchedule(rule=rhythm.rule, begins_at=rhythm.begins_at))
        return {"words": words, "times": list(islice(times, TRIED))}

    def act(self, form: Any) -> str:
        set_schedule(
            actor=self.actor,
            assignment_id=self.watch.pk,
            rhythm=form.rhythm,
            effective_from=form.cleaned_data["effective_from"],
            version=version_in(self.request),
        )
        return self.done()

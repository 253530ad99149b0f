"""Who looks in and who stands by: named, changed, and for another watch over the same person."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.functional import cached_property

from carenet.staff.pages.review.watch_transitions import WatchTransitionView
from carenet.staff.pages.versions import version_in
from carenet.staff.pages.watch_forms import (
    PeopleForm,
    WatchForm,
    choices_among,
    named,
    proposal_in,
)
from carenet.watchover.actions.assignments import propose, reassign
from carenet.watchover.selectors.eligible_watchers import Candidate, candidates, place_named


class OfPeople(WatchTransitionView):
    """Base of the forms in which people are named."""

    @cached_property
    def people(self) -> dict[str, Candidate]:
        """Return who may be named, by what the form sends."""
        watch = self.watch
        found = {each.key: each for each in candidates(self.actor, watch)}
        for user, agency in (
            (watch.watcher, watch.watcher_agency),
            (watch.backup, watch.backup_agency),
        ):
            # Whoever is named now stays a choice, though others could not choose them any more.
            if user and agency:
                found.setdefault(place_named(user.pk, agency.pk), Candidate(user, agency))
        return found

    @property
    def choices(self) -> list[tuple[str, str]]:
        """Return what there is to choose from."""
        return choices_among(self.people)


class PeopleView(OfPeople):
    """Name a watcher and a backup, or put the watch into other hands."""

    abilities = {"get": "watch.assign", "post": "watch.assign"}
    template = "staff/review/people.html"
    said = "people"

    def form(self, data: Any = None) -> forms.Form:
        watch = self.watch
        now = {
            role: place_named(getattr(watch, f"{role}_id"), getattr(watch, f"{role}_agency_id"))
            for role in ("watcher", "backup")
        }
        return PeopleForm(data, self.choices, **now)

    def act(self, form: forms.Form) -> str:
        people: dict[str, Any] = {}
        for role in form.changed_data:
            people |= named(self.people, role, form.cleaned_data[role])
        if people:
            version = version_in(self.request)
            reassign(actor=self.actor, assignment_id=self.watch.pk, version=version, **people)
        return self.done()


class AnotherView(OfPeople):
    """Propose another watch over the same person, after this one or beside it."""

    abilities = {"get": "watch.assign", "post": "watch.assign"}
    template = "staff/review/another.html"

    def form(self, data: Any = None) -> forms.Form:
        watch = self.watch
        return WatchForm(
            data, self.choices, method=watch.method, sharing_basis=watch.sharing_basis,
            safety_note=watch.safety_note,
        )  # fmt: skip

    def act(self, form: forms.Form) -> str:
        proposed = propose(
            actor=self.actor,
            resident=self.watch.resident,
            responsible_agency=self.watch.responsible_agency,
            **proposal_in(form, self.people),
        )
        return f"{reverse('staff-watch', args=[proposed.pk])}?done=propose"

"""Who looks in and who stands by: named, changed, and for another watch over the same person."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from carenet.access.policy import choices_of_basis
from carenet.staff.pages.form_fields import TypedDay
from carenet.staff.pages.lawful_bases import basis_words
from carenet.staff.pages.review.watch_transitions import WatchTransitionView
from carenet.staff.pages.versions import version_in
from carenet.staff.times import Direction
from carenet.watchover.actions.assignments import propose, reassign
from carenet.watchover.selectors.eligible_watchers import Candidate, candidates, place_named
from carenet.watchover.states import WatchMethod

#: As long as `safety_note` of a watch may be.
LONGEST_NOTE = 500


class PeopleForm(forms.Form):
    """Who looks in, and who stands by."""

    watcher = forms.ChoiceField(label=_("Watcher"), required=False)
    backup = forms.ChoiceField(label=_("Backup"), required=False)

    def __init__(self, data: Any, choices: list[tuple[str, str]], **now: str) -> None:
        super().__init__(data, initial=now)
        for role in ("watcher", "backup"):
            self.fields[role].choices = [("", _("nobody")), *choices]  # type: ignore[attr-defined]


class AnotherForm(PeopleForm):
    """Another watch over the same person: by whom, how, on which basis and for which term."""

    method = forms.ChoiceField(label=_("How"), choices=WatchMethod.choices)
    sharing_basis = forms.ChoiceField(label=_("Basis"), choices=choices_of_basis)
    basis_words = basis_words()
    basis_until = TypedDay(direction=Direction.AHEAD, label=_("Basis until"), required=False)
    term_from = TypedDay(direction=Direction.AHEAD, label=_("Term from"), required=False)
    term_until = TypedDay(direction=Direction.AHEAD, label=_("Term until"), required=False)
    safety_note = forms.CharField(
        label=_("To know at the door"), max_length=LONGEST_NOTE, required=False
    )


class OfPeople(WatchTransitionView):
    """Base of the forms in which people are named."""

    @cached_property
    def people(self) -> dict[str, Any]:
        """Return who may be named: by what the form sends, the words, the person, the agency."""
        watch = self.watch
        found = candidates(self.actor, watch)
        known = {each.key for each in found}
        for user, agency in (
            (watch.watcher, watch.watcher_agency),
            (watch.backup, watch.backup_agency),
        ):
            # Whoever is named now stays a choice, though others could not choose them any more.
            if user and agency and place_named(user.pk, agency.pk) not in known:
                found.append(Candidate(user, agency))
        return {
            each.key: (f"{each.user.name}（{each.agency.name}）", each.user, each.agency)
            for each in found
        }

    @property
    def choices(self) -> list[tuple[str, str]]:
        """Return what there is to choose from."""
        return [(key, said) for key, (said, *_who) in self.people.items()]

    def named(self, role: str, key: str) -> dict[str, Any]:
        """Return whom a form names for a role, as the actions take it."""
        _said, person, agency = self.people.get(key, ("", None, None))
        return {role: person, f"{role}_agency": agency}


class PeopleView(OfPeople):
    """Name a watcher and a backup, or put the watch into other hands."""

    abilities = {"get": "watch.assign", "post": "watch.assign"}
    template = "staff/review/people.html"

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
            people |= self.named(role, form.cleaned_data[role])
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
        return AnotherForm(
            data, self.choices, method=watch.method, sharing_basis=watch.sharing_basis,
            safety_note=watch.safety_note,
        )  # fmt: skip

    def act(self, form: forms.Form) -> str:
        given = dict(form.cleaned_data)
        people = {
            name: who
            for role in ("watcher", "backup")
            for name, who in self.named(role, given.pop(role)).items()
        }
        proposed = propose(
            actor=self.actor,
            resident=self.watch.resident,
            responsible_agency=self.watch.responsible_agency,
            **people,
            **given,
        )
        return reverse("staff-watch", args=[proposed.pk])

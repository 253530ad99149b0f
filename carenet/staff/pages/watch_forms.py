"""Who looks in, how, on which basis, for which term: the form of a watch, wherever it is proposed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from carenet.access.policy import choices_of_basis
from carenet.staff.pages.form_fields import TypedDay
from carenet.staff.pages.lawful_bases import basis_words
from carenet.staff.times import Direction
from carenet.watchover.selectors.eligible_watchers import Candidate
from carenet.watchover.states import WatchMethod

#: As long as `safety_note` of a watch may be.
LONGEST_NOTE = 500
ROLES = ("watcher", "backup")


class PeopleForm(forms.Form):
    """Who looks in, and who stands by."""

    watcher = forms.ChoiceField(label=_("Watcher"), required=False)
    backup = forms.ChoiceField(label=_("Backup"), required=False)

    def __init__(self, data: Any, choices: Iterable[tuple[str, str]], **now: str) -> None:
        super().__init__(data, initial=now)
        offered = list(choices)
        for role in ROLES:
            self.fields[role].choices = [("", _("nobody")), *offered]  # type: ignore[attr-defined]


class BasisForm(forms.Form):
    """How somebody looks in, and on which basis."""

    method = forms.ChoiceField(label=_("How"), choices=WatchMethod.choices)
    sharing_basis = forms.ChoiceField(label=_("Basis"), choices=choices_of_basis)
    basis_words = basis_words()


class HowForm(BasisForm):
    """How somebody looks in, on which basis, and what they know at the door."""

    safety_note = forms.CharField(
        label=_("To know at the door"), max_length=LONGEST_NOTE, required=False
    )


class SameWatchForm(BasisForm):
    """What many watches have in common, but for who looks in."""

    basis_until = TypedDay(direction=Direction.AHEAD, label=_("Basis until"), required=False)
    term_from = TypedDay(direction=Direction.AHEAD, label=_("Term from"), required=False)
    term_until = TypedDay(direction=Direction.AHEAD, label=_("Term until"), required=False)


class WatchForm(PeopleForm):
    """A watch: by whom, how, on which basis and for which term."""

    method = forms.ChoiceField(label=_("How"), choices=WatchMethod.choices)
    sharing_basis = forms.ChoiceField(label=_("Basis"), choices=choices_of_basis)
    basis_words = basis_words()
    basis_until = TypedDay(direction=Direction.AHEAD, label=_("Basis until"), required=False)
    term_from = TypedDay(direction=Direction.AHEAD, label=_("Term from"), required=False)
    term_until = TypedDay(direction=Direction.AHEAD, label=_("Term until"), required=False)
    safety_note = forms.CharField(
        label=_("To know at the door"), max_length=LONGEST_NOTE, required=False
    )


def sentence_of(who: Candidate) -> str:
    """Return a person with the agency for which they look in."""
    return f"{who.user.name}（{who.agency.name}）"


def choices_among(people: Mapping[str, Candidate]) -> list[tuple[str, str]]:
    """Return who may be named, as a choice offers them."""
    return [(key, sentence_of(each)) for key, each in people.items()]


def named(people: Mapping[str, Candidate], role: str, key: str) -> dict[str, Any]:
    """Return whom a form names for a role, as the actions take it."""
    found = people.get(key)
    return {
        role: found.user if found else None,
        f"{role}_agency": found.agency if found else None,
    }


def proposal_in(form: forms.Form, people: Mapping[str, Candidate]) -> dict[str, Any]:
    """Return what a valid form says of a watch, as the actions take it."""
    given = dict(form.cleaned_data)
    for role in ROLES:
        given |= named(people, role, given.pop(role))
    return given

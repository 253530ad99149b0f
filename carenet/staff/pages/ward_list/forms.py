"""What the steps of a line of the list ask for; the same for one line and for many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from carenet.staff.pages.form_fields import TypedMoment, text_field
from carenet.watchlists.selectors import ListStep
from carenet.watchlists.states import ListVerb, ScreenReason
from carenet.watchover.selectors.eligible_watchers import Candidate

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

#: What is said of somebody who was visited and wants to think about it.
LATER = ""


class StepForm(forms.Form):
    """Base: what else is to be said."""

    note = text_field(_("Note"), 2000, rows=3, required=False)

    def said(self, people: Mapping[str, Candidate]) -> dict[str, Any]:
        """Return what the action takes, besides which lines and which verb; called on a valid form."""
        return dict(self.cleaned_data)


class ScreenForm(StepForm):
    """Why nobody needs to call on them."""

    because = forms.ChoiceField(
        label=_("Why nobody needs to call on them"),
        choices=[("", "–"), *ScreenReason.choices],
    )
    field_order = ("because", "note")


class AnswerForm(StepForm):
    """What the person has answered."""

    answer = forms.ChoiceField(
        label=_("What the person has answered"),
        choices=[
            (ListVerb.WANTS.value, _("wants to be watched over")),
            (ListVerb.REFUSE.value, _("does not want it")),
        ],
        widget=forms.RadioSelect,
    )
    field_order = ("answer", "note")

    def said(self, people: Mapping[str, Candidate]) -> dict[str, Any]:
        given = super().said(people)
        verb = ListVerb(given.pop("answer"))
        return {**given, "verb": verb}


class VisitForm(StepForm):
    """When somebody has called for the first time, who, and what came of it."""

    answer = forms.ChoiceField(
        label=_("What the person has answered"),
        choices=[
            (ListVerb.WANTS.value, _("wants to be watched over")),
            (ListVerb.REFUSE.value, _("does not want it")),
            (LATER, _("wants to think about it, or was not asked")),
        ],
        required=False,
        widget=forms.RadioSelect,
        initial=LATER,
    )
    at = TypedMoment(label=_("When"), required=False)
    by_visitor = forms.BooleanField(
        label=_("Whoever it was given to has visited, not you"), required=False
    )
    field_order = ("answer", "at", "by_visitor", "note")

    def said(self, people: Mapping[str, Candidate]) -> dict[str, Any]:
        given = super().said(people)
        answer = given.pop("answer")
        return {**given, "answer": ListVerb(answer) if answer else None}


class SendForm(forms.Form):
    """Who makes the first visit."""

    visitor = forms.ChoiceField(label=_("Who makes the first visit"), required=False)

    def __init__(self, data: Any, choices: Sequence[tuple[str, str]], **now: str) -> None:
        super().__init__(data, initial=now)
        field: Any = self.fields["visitor"]
        field.choices = [("", _("nobody")), *choices]

    def said(self, people: Mapping[str, Candidate]) -> dict[str, Any]:
        """Return whom the form names, as the action takes it."""
        found = people.get(self.cleaned_data["visitor"])
        return {
            "visitor": found.user if found else None,
            "visitor_agency": found.agency if found else None,
        }


@dataclass(frozen=True, slots=True)
class Step:
    """A step as pages offer it: its words, what it means, what is said once it is done, its form.

    `steps` are those at which it is offered for many lines at once.
    """

    verb: ListVerb
    label: StrOrPromise
    words: StrOrPromise
    done: StrOrPromise
    form: type[forms.Form]
    steps: frozenset[ListStep] = frozenset()


_L = ListStep
STEPS: dict[str, Step] = {
    "send": Step(
        ListVerb.SEND,
        _("Give the first visit to somebody"),
        _("They see name, address and telephone of these people from then on, and nothing else."),
        _("The first visit was given to somebody."),
        SendForm,
        frozenset({_L.TO_SEND, _L.TO_VISIT}),
    ),
    "visit": Step(
        ListVerb.VISIT,
        _("Record the first visit"),
        _("What the person has answered is recorded at once, if they have."),
        _("The first visit was recorded."),
        VisitForm,
        frozenset({_L.TO_VISIT, _L.TO_SEND}),
    ),
    "answer": Step(
        ListVerb.WANTS,
        _("Record the answer"),
        _("Whoever does not want it is asked again with the next list, not before."),
        _("The answer was recorded."),
        AnswerForm,
        frozenset({_L.TO_ASK}),
    ),
    "screen": Step(
        ListVerb.SCREEN,
        pgettext_lazy("list", "Nobody needs to call on them"),
        _("They stay on the list, with the reason; nobody is sent to them."),
        _("It was noted that nobody needs to call."),
        ScreenForm,
        frozenset({_L.TO_SEND, _L.TO_VISIT, _L.TO_ASK}),
    ),
    "undo": Step(
        ListVerb.UNDO,
        _("Take the last step back"),
        _("The line stands again where it stood before. What was recorded stays in its story."),
        _("The last step was taken back."),
        StepForm,
        frozenset({_L.TO_ASK, _L.TO_ASSIGN, _L.REFUSED, _L.SCREENED}),
    ),
}
#: What is said once something was done, by the code in the address.
DONE: dict[str, StrOrPromise] = {
    **{code: step.done for code, step in STEPS.items()},
    "assign": _("The watch was proposed. It needs a rhythm and the person's word to begin."),
    "begin": _("The watches have begun."),
    "match": _("It is clear now whom this line means."),
}
#: The step that is expected next, by where a line stands.
EXPECTED: dict[ListStep, str] = {
    _L.TO_SEND: "send",
    _L.TO_VISIT: "visit",
    _L.TO_ASK: "answer",
    _L.TO_ASSIGN: "assign",
}
#: What may be done with a line besides, by where it stands.
OTHERS: dict[ListStep, tuple[str, ...]] = {
    _L.UNCLEAR: ("screen",),
    _L.TO_SEND: ("visit", "screen"),
    _L.TO_VISIT: ("send", "screen"),
    _L.TO_ASK: ("screen", "undo"),
    _L.TO_ASSIGN: ("undo",),
    _L.OVER: ("undo",),
    _L.REFUSED: ("undo",),
    _L.SCREENED: ("undo",),
}
#: Steps that only who keeps the list may take; whoever is sent takes the others.
OF_KEEPERS = frozenset({"send", "screen", "assign"})

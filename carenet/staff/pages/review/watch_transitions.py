"""The steps of a watch: agreed to, begun, suspended, ended; and what colleagues did meanwhile."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from carenet.staff.pages.base import FormPage
from carenet.staff.pages.form_fields import text_field
from carenet.staff.pages.lawful_bases import (
    SAID,
    check_consent_said,
    consent_said,
    consent_said_given_by,
    consent_said_method,
)
from carenet.staff.pages.review.base import OfWatch
from carenet.staff.pages.versions import version_in
from carenet.watchover import selectors
from carenet.watchover.actions.transitions import move
from carenet.watchover.models import WatchAssignment, WatchEvent
from carenet.watchover.states import TABLE, AlertVerb, WatchEndReason, WatchVerb

#: As much of what happened meanwhile as a page tells.
MOST_TOLD = 10
_WORDS = {**dict(WatchVerb.choices), **dict(AlertVerb.choices)}


class WatchTransitionView(OfWatch, FormPage):
    """Base of the forms that change a watch: what lost a race is told with the events since.

    The form sends the version and the last event that were on the screen. Both are those of now when it
    comes back, so that whoever has read what happened may go on.
    """

    def context(self) -> dict[str, Any]:
        latest = selectors.events(self.watch).order_by("-pk").first()
        return {
            "watch": self.watch,
            "seen": latest.pk if latest else "",
            "happened": list(since_seen(self.request, self.watch)),
        }

    def done(self) -> str:
        """Return where to go after the step."""
        return reverse("staff-watch", args=[self.watch.pk])


def since_seen(request: HttpRequest, watch: WatchAssignment) -> Iterable[tuple[WatchEvent, str]]:
    """Say what happened to a watch since the event that was on the screen, the first one first."""
    try:
        seen = UUID(request.POST.get("seen", ""))
    except ValueError:
        return
    for event in selectors.events(watch).filter(pk__gt=seen).order_by("pk")[:MOST_TOLD]:
        yield event, event_text(event)


def event_text(event: WatchEvent) -> str:
    """Say what an event was, in the reader's language."""
    return str(_WORDS.get(event.verb, event.verb))


class NoteForm(forms.Form):
    """What else is to be said."""

    note = text_field(_("Note"), 2000, rows=3, required=False)


class AgreeForm(NoteForm):
    """What the person has agreed to, where that is not on record yet."""

    consent_said_method = consent_said_method()
    consent_said_given_by = consent_said_given_by()
    field_order = (*SAID, "note")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        check_consent_said(self)
        said = consent_said(given)
        return {**given, "consent_said": said}


class EndForm(NoteForm):
    """Why a watch is over."""

    reason = forms.ChoiceField(label=_("Why it ends"), choices=[("", "–"), *WatchEndReason.choices])
    field_order = ("reason", "note")


@dataclass(frozen=True, slots=True)
class Wording:
    """What a step is called, and what follows from it."""

    heading: Any
    follows: Any
    form_class: type[forms.Form] = NoteForm


WORDINGS = {
    WatchVerb.CONSENT: Wording(
        _("The person agrees"),
        _("From now on watcher and backup see name, address and telephone of this person."),
        AgreeForm,
    ),
    WatchVerb.ACTIVATE: Wording(
        _("Begin the watch"),
        _("From now on somebody is expected in its rhythm; where nobody comes, an alert follows."),
    ),
    WatchVerb.SUSPEND: Wording(
        _("Suspend the watch"),
        _("What is expected is taken back, and nobody is missed until it goes on."),
    ),
    WatchVerb.RESUME: Wording(
        _("Let the watch go on"), _("From now on somebody is expected again in its rhythm.")
    ),
    WatchVerb.END: Wording(
        _("End the watch"),
        _("What is expected is taken back. A watch that has ended does not begin again."),
        EndForm,
    ),
}


class MoveView(WatchTransitionView):
    """One verb of the watch, with a note; its end with a reason."""

    abilities = {"get": "watch.assign", "post": "watch.assign"}
    template = "staff/review/move.html"
    verb: ClassVar[WatchVerb] = WatchVerb.END

    def form(self, data: Any = None) -> forms.Form:
        return WORDINGS[self.verb].form_class(data)

    def context(self) -> dict[str, Any]:
        return {**super().context(), "wording": WORDINGS[self.verb]}

    def act(self, form: forms.Form) -> str:
        move(
            actor=self.actor,
            assignment_id=self.watch.pk,
            verb=self.verb,
            version=version_in(self.request),
            **form.cleaned_data,
        )
        return self.done()


def possible(watch: WatchAssignment) -> list[tuple[str, Any]]:
    """Return the verbs that fit where a watch stands, each with what it is called."""
    return [
        (reverse(f"staff-watch-{verb.value}", args=[watch.pk]), WORDINGS[verb].heading)
        for verb in TABLE
        if TABLE.leads(verb, watch.status)
    ]

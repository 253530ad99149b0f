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
from carenet.staff.watch_words import WATCH_DONE
from carenet.watchover import selectors
from carenet.watchover.actions.transitions import move
from carenet.watchover.models import WatchAssignment, WatchEvent
from carenet.watchover.states import TABLE, WatchEndReason, WatchStatus, WatchVerb

#: As much of what happened meanwhile as a page tells.
MOST_TOLD = 10


class WatchTransitionView(OfWatch, FormPage):
    """Base of the forms that change a watch: what lost a race is told with the events since.

    The form sends the version and the last event that were on the screen. Both are those of now when it
    comes back, so that whoever has read what happened may go on.
    """

    #: What the page of the watch says then has been done; a key of `DONE`.
    said: ClassVar[str] = ""

    def context(self) -> dict[str, Any]:
        latest = selectors.events(self.watch).order_by("-pk").first()
        return {
            "watch": self.watch,
            "seen": latest.pk if latest else "",
            "happened": list(since_seen(self.request, self.watch)),
        }

    def done(self) -> str:
        """Return where to go after the step."""
        address = reverse("staff-watch", args=[self.watch.pk])
        return f"{address}?done={self.said}" if self.said else address


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
    return str(WATCH_DONE.get(event.verb, event.verb))


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

    def done(self) -> str:
        return f"{reverse('staff-watch', args=[self.watch.pk])}?done={self.verb.value}"

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


#: What the page of a watch says of what was done just now, by the code in its address.
DONE = {
    "propose": _("The watch was proposed. It needs a rhythm and the person's word to begin."),
    "people": _("The people who look in were changed."),
    "rhythm": _("The rhythm holds."),
    "term": _("The last day was changed."),
    "edit": _("The watch was changed."),
    "pause": _("The pause was noted: nobody is missed meanwhile."),
    "consent": _("It was noted that the person agrees. Next: begin the watch."),
    "activate": _("The watch has begun. From now on somebody is expected."),
    "suspend": _("The watch is suspended: nobody is expected."),
    "resume": _("The watch goes on."),
    "end": _("The watch has ended."),
}
_BEFORE = (WatchStatus.PROPOSED, WatchStatus.CONSENTED)


def expected_step(watch: WatchAssignment, *, has_rhythm: bool) -> tuple[str, Any]:
    """Return the step that is expected next of a watch, as address and words; "" where none is."""
    of = [watch.pk]
    if watch.status in _BEFORE and watch.watcher_id is None:
        return reverse("staff-watch-people", args=of), _("Name who looks in")
    if watch.status in _BEFORE and not has_rhythm:
        return reverse("staff-watch-rhythm", args=of), _("Set the rhythm")
    verb = {
        WatchStatus.PROPOSED: WatchVerb.CONSENT,
        WatchStatus.CONSENTED: WatchVerb.ACTIVATE,
        WatchStatus.SUSPENDED: WatchVerb.RESUME,
    }.get(WatchStatus(watch.status))
    if verb:
        return reverse(f"staff-watch-{verb.value}", args=of), WORDINGS[verb].heading
    if watch.status == WatchStatus.ACTIVE and watch.backup_id is None:
        return reverse("staff-watch-people", args=of), _("Name a backup")
    return "", ""


def stages(watch: WatchAssignment, *, has_rhythm: bool) -> list[tuple[Any, bool]]:
    """Return what leads to a watch that has begun, each with whether it is done; nothing afterwards."""
    if watch.status not in _BEFORE:
        return []
    return [
        (_("Propose"), watch.watcher_id is not None),
        (_("Rhythm"), has_rhythm),
        (_("The person agrees"), watch.status == WatchStatus.CONSENTED),
        (_("Begin"), False),
    ]

"""An entry of the record: what it asks for, and its correction, which is an entry of its own."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from carenet.agencies.actors import Actor
from carenet.audit.actions import log_read
from carenet.cases import policy, selectors
from carenet.cases.actions import notes
from carenet.cases.models import Counterpart, NoteAudience, NoteChannel, NoteKind, ProgressNote
from carenet.cases.models.case import MINUTES_OF_DAY
from carenet.core import clock
from carenet.core.decisions import demand
from carenet.core.errors import Conflict, NotFound
from carenet.core.models import get_visible
from carenet.staff.pages import autosave
from carenet.staff.pages.base import StaffView
from carenet.staff.pages.case_steps import CaseStepPage
from carenet.staff.pages.form_fields import CommonestOne, TypedMoment, text_field
from carenet.staff.pages.form_keys import has_acted, key_in
from carenet.staff.pages.redirects import redirect_to

#: How a correction shows when the entry says that it was.
_SHOWN = "%Y-%m-%d %H:%M"
#: What stands first of the ways, as much as is seen at once.
COMMON_WAYS = (
    NoteChannel.PHONE, NoteChannel.COUNTER, NoteChannel.VISIT, NoteChannel.ACCOMPANIED,
    NoteChannel.MEETING, NoteChannel.NONE,
)  # fmt: skip
#: With whom a contact is taken to have been until something else is said.
USUALLY = [Counterpart.SELF.value]
#: Where the session remembers by which way the contact was that was written down last.
LAST_WAY = "note_channel"


class Note(forms.Form):
    """An entry of the record."""

    field_order = ("text", "channel", "with_whom", "happened_at", "kind", "audience", "minutes")

    text = text_field(gettext_lazy("Entry"), 20_000)
    happened_at = TypedMoment(label=gettext_lazy("When"), initial="いま")
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        choices=NoteKind.choices,
        initial=NoteKind.FACT.value,
        widget=forms.RadioSelect,
    )
    audience = forms.ChoiceField(
        label=gettext_lazy("Who may read it"),
        choices=[choice for choice in NoteAudience.choices if choice[0] != NoteAudience.NAMED],
        initial=NoteAudience.AGENCY.value,
        widget=forms.RadioSelect,
    )
    channel = forms.ChoiceField(
        label=gettext_lazy("How the contact came about"),
        choices=NoteChannel.choices,
        initial=NoteChannel.PHONE.value,
        widget=CommonestOne(*COMMON_WAYS),
    )
    with_whom = forms.MultipleChoiceField(
        label=gettext_lazy("With whom"),
        choices=Counterpart.choices,
        initial=USUALLY,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    minutes = forms.IntegerField(
        label=gettext_lazy("How many minutes"),
        min_value=1,
        max_value=MINUTES_OF_DAY,
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        channel = given.get("channel")
        contact = channel not in {None, NoteChannel.NONE}
        if channel == NoteChannel.NONE and given.get("with_whom") == USUALLY:
            given["with_whom"] = []  # nobody has chosen it: the form came with it
        if contact and not given.get("with_whom") and "with_whom" not in self.errors:
            self.add_error("with_whom", _("Say with whom the contact was."))
        return given


#: What a draft keeps of an entry, and of which it keeps several values.
NAMES = tuple(Note.base_fields)
SEVERAL = frozenset({"with_whom"})


def draft_of(actor: Actor, case_id: UUID) -> UUID:
    """Return under which id an account keeps what it is about to write, for its agency, of a case."""
    return uuid5(case_id, f"note of {actor.agency_id}")


def note_from(kept: dict[str, list[str]], way: str = "") -> Note:
    """Return the form with what was typed before, not judged yet; an empty one comes with a way."""
    initial: dict[str, Any] = {
        name: values if name in SEVERAL else values[-1]
        for name, values in kept.items()
        if values and name in NAMES
    }
    if kept:  # whoever was unticked stays so
        initial = {name: [] for name in SEVERAL} | initial
    elif way:
        initial["channel"] = way
    form = Note(initial=initial, auto_id="note-%s")
    form.fields["text"].widget.attrs["autofocus"] = True
    return form


class NoteDraftView(StaffView):
    """Keep what is typed, unless the page that sends it has recorded it meanwhile; or throw it away."""

    abilities = {"post": "cases.write_note"}
    acts_once = False

    def post(self, request: HttpRequest, id: UUID) -> HttpResponse:
        case, user = selectors.seen_case(self.actor, id), self.actor.user
        if "discard" in request.POST:
            autosave.forget(self.actor, draft_of(self.actor, case.pk))
            return redirect_to(request, reverse("staff-case", args=[case.pk]))
        key = key_in(request)
        recorded = key is not None and user is not None and has_acted(user, key)
        fields = {name: request.POST.getlist(name) for name in NAMES if name in request.POST}
        of_whom = {autosave.CASE: [str(case.pk)], "subject": [str(case.resident_id)]}
        saved = not recorded and autosave.replace_draft(
            self.actor, draft_of(self.actor, case.pk), fields | of_whom
        )
        return self.show(
            "staff/consultations/saved.html", {"saved": saved, "at": clock.local_now()}
        )


class Correction(Note):
    """The same again, put right; who may read it stays as it was."""

    audience = None  # type: ignore[assignment]

    def __init__(self, data: Any = None, *, note: ProgressNote) -> None:
        self.note = note
        initial = {
            "text": note.text,
            "happened_at": f"{localtime(note.happened_at):{_SHOWN}}",
            "kind": note.kind,
            "channel": note.channel,
            "with_whom": note.with_whom,
            "minutes": note.minutes,
        }
        super().__init__(data, initial=initial)

    def clean_happened_at(self) -> datetime:
        """Keep the moment of the entry to the second where nothing else was typed."""
        typed: datetime = self.cleaned_data["happened_at"]
        return typed if "happened_at" in self.changed_data else self.note.happened_at


class CorrectView(CaseStepPage):
    """Correct an entry of one's own agency: nothing is changed, the correction stands in its place."""

    abilities = {"get": "cases.view", "post": "cases.write_note"}
    template = "staff/cases/correct.html"
    label = gettext_lazy("Correct the entry")

    @cached_property
    def note(self) -> ProgressNote:
        """The entry; only its own agency corrects it, and only once."""
        found: ProgressNote = get_visible(
            selectors.notes(self.actor, self.case), pk=self.kwargs["note_id"]
        )
        log_read("note", found.pk)
        if found.author_agency_id != self.actor.agency_id:
            raise NotFound
        return found

    def get(self, request: HttpRequest, **ids: Any) -> HttpResponse:
        demand(policy.can_write_note(self.actor, self.case))
        if hasattr(self.note, "corrected_by"):
            raise Conflict(_("This note has been corrected already. Correct the correction."))
        return super().get(request, **ids)

    def form(self, data: Any = None) -> Any:
        return Correction(data, note=self.note)

    def context(self) -> dict[str, Any]:
        return {**super().context(), "note": self.note}

    def act(self, form: Any) -> str:
        case_id: UUID = self.kwargs["id"]
        notes.correct_note(
            actor=self.actor, case_id=case_id, corrects=self.note, **form.cleaned_data
        )
        return self.after("correct")

"""One line of the list: whom it means, what was done, and the step that is next."""

from __future__ import annotations

from typing import Any, ClassVar

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property

from carenet.residents.models import Resident
from carenet.staff.pages.base import FormPage, StaffView
from carenet.staff.pages.pagination import Lists
from carenet.staff.pages.versions import version_in
from carenet.staff.pages.ward_list.base import (
    Shown,
    lines_address,
    others_of,
    people_for,
    shown,
)
from carenet.staff.pages.ward_list.forms import DONE, STEPS, SendForm, Step
from carenet.staff.watch_words import LIST_DONE
from carenet.watchlists import selectors
from carenet.watchlists.actions import entries
from carenet.watchlists.models import ListEntry
from carenet.watchlists.states import ListVerb
from carenet.watchover.selectors.eligible_watchers import Candidate, place_named

#: As much of the story as one look takes in.
MOST = 50


class OfLine:
    """The line that the address names, among those that the actor sees."""

    @cached_property
    def line(self: Any) -> Shown:
        """Raises `Http404` for a line out of reach."""
        rows = selectors.at_step(self.actor)
        found: ListEntry = get_object_or_404(rows, pk=self.kwargs["id"])
        return shown(found)

    def crumbs(self: Any) -> list[tuple[str, str]]:
        """Return what lies above: the lists, and the lines that wait for the same step."""
        step, of = self.line.step, self.line.entry.watch_list_id
        return [
            (lines_address(list=of, step=step), str(step.label)),
        ]


class LinePage(OfLine, StaffView):
    """Everything of one line on one page."""

    abilities = {"get": "lists.view"}

    def get(self, request: HttpRequest, **ids: Any) -> HttpResponse:
        line, lists = self.line, Lists(request)
        entry = line.entry
        kept: bool = entry.kept  # type: ignore[attr-defined]
        story: list[Any] = []
        if kept:
            story = lists.first("story", selectors.events(entry).order_by("-pk"), MOST)
        context = {
            "line": line,
            "entry": entry,
            "described": described(entry),
            "others": others_of(entry) if self.actor.may("lists.work") else [],
            "story": [(each, LIST_DONE[ListVerb(each.verb)]) for each in story],
            "cuts": lists.cuts,
            "done": DONE.get(request.GET.get("done", "")),
            "following": self.following(request),
            "crumbs": self.crumbs(),
        }
        return self.show("staff/ward_list/line.html", context)

    def following(self, request: HttpRequest) -> ListEntry | None:
        """Return the next line that waits for the step that was just taken, if one was."""
        wanted = request.GET.get("from", "")
        if wanted not in selectors.ListStep.values:
            return None
        rows = selectors.at_step(
            self.actor, selectors.ListStep(wanted), self.line.entry.watch_list_id
        )
        return rows.filter(pk__gt=self.line.entry.pk).first() or rows.first()


class StepView(OfLine, FormPage):
    """One step of one line; the version that was looked at is sent along."""

    abilities = {"get": "lists.work", "post": "lists.work"}
    template = "staff/ward_list/step.html"

    #: The step, given by the address.
    code: ClassVar[str] = ""

    @property
    def step(self) -> Step:
        return STEPS[self.code]

    @cached_property
    def people(self) -> dict[str, Candidate]:
        """Return who may be sent, by what the form sends: for the step that sends somebody."""
        if self.step.form is not SendForm:
            return {}
        found = people_for(self.actor, [self.line.entry.watch_list])
        entry = self.line.entry
        if entry.visitor and entry.visitor_agency:
            here = Candidate(entry.visitor, entry.visitor_agency)
            found.setdefault(here.key, here)
        return found

    def form(self, data: Any = None) -> Form:
        if self.step.form is not SendForm:
            return self.step.form(data)
        choices = [
            (key, f"{who.user.name}（{who.agency.name}）") for key, who in self.people.items()
        ]
        entry = self.line.entry
        return SendForm(
            data, choices, visitor=place_named(entry.visitor_id, entry.visitor_agency_id)
        )

    def context(self) -> dict[str, Any]:
        return {
            "line": self.line, "entry": self.line.entry, "step": self.step,
            "crumbs": [*self.crumbs(), (self.back, self.line.name)],
        }  # fmt: skip

    @property
    def back(self) -> str:
        """Return where the line is shown."""
        return reverse("staff-list-line", args=[self.line.entry.pk])

    def act(self, form: Any) -> str:
        came_from = self.line.step
        take(
            self.actor,
            self.line.entry,
            self.step.verb,
            version_in(self.request),
            form.said(self.people),
        )
        return f"{self.back}?done={self.code}&from={came_from.value}"


def take(
    actor: Any, entry: ListEntry, verb: ListVerb, version: int | None, said: dict[str, Any]
) -> None:
    """Call the action of a step with what a form says."""
    verb = said.pop("verb", verb)
    known = {"actor": actor, "entry_id": entry.pk}
    if verb == ListVerb.SEND:
        entries.send(
            actor=actor, entry_ids=[entry.pk], version=version,
            visitor=said["visitor"], agency=said["visitor_agency"],
        )  # fmt: skip
        return
    answer = said.pop("answer", None)
    act: Any = {
        ListVerb.SCREEN: entries.screen,
        ListVerb.VISIT: entries.visit,
        ListVerb.WANTS: entries.wants,
        ListVerb.REFUSE: entries.refuse,
        ListVerb.UNDO: entries.undo,
    }[verb]
    act(**known, version=version, **said)
    if answer:
        {ListVerb.WANTS: entries.wants, ListVerb.REFUSE: entries.refuse}[answer](**known)


def described(entry: ListEntry) -> Resident | None:
    """Return whom the line describes while it is unclear who is meant, as a record that nobody keeps."""
    if entry.resident_id or not entry.words:
        return None
    words = {name: value for name, value in entry.words.items() if name != "birth_date"}
    return Resident(**words)

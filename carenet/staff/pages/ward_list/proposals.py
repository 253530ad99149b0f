"""The watch of somebody on the list who wants it: proposed and begun, for one line or for many."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from carenet.access.rules import SharingBasis
from carenet.core.errors import Conflict
from carenet.staff.pages.base import FormPage
from carenet.staff.pages.lawful_bases import (
    check_consent_said,
    consent_said,
    consent_said_given_by,
    consent_said_method,
)
from carenet.staff.pages.rhythm_form import ScheduleForm, usual_rhythm
from carenet.staff.pages.versions import version_in
from carenet.staff.pages.ward_list.base import lines_address, lists_named, people_for
from carenet.staff.pages.ward_list.line import OfLine
from carenet.staff.pages.ward_list.many import MOST_AT_ONCE, ManyPage
from carenet.staff.pages.watch_forms import WatchForm, choices_among, proposal_in
from carenet.watchlists.actions.bulk import assign_many
from carenet.watchlists.actions.entries import assign
from carenet.watchlists.selectors import count_by_list
from carenet.watchover.actions.transitions import begin_many
from carenet.watchover.selectors.eligible_watchers import Candidate, place_named
from carenet.watchover.states import WatchMethod, WatchStatus

#: What a watch of the list is offered first: whoever has visited knows the person already.
USUAL = {"method": WatchMethod.VISIT, "sharing_basis": SharingBasis.CONSENT}


class AssignView(OfLine, FormPage):
    """Propose the watch that somebody wants: whoever has visited them is offered first."""

    abilities = {"get": "lists.work", "post": "lists.work"}
    template = "staff/ward_list/assign.html"

    @cached_property
    def people(self) -> dict[str, Candidate]:
        return people_for(self.actor, [self.line.entry.watch_list])

    def form(self, data: Any = None) -> WatchForm:
        entry = self.line.entry
        visitor = place_named(entry.visitor_id, entry.visitor_agency_id)
        return WatchForm(data, choices_among(self.people), **USUAL, watcher=visitor)

    def context(self) -> dict[str, Any]:
        return {
            "line": self.line,
            "entry": self.line.entry,
            "crumbs": [
                *self.crumbs(),
                (reverse("staff-list-line", args=[self.line.entry.pk]), self.line.name),
            ],
        }

    def act(self, form: Any) -> str:
        done = assign(
            actor=self.actor,
            entry_id=self.line.entry.pk,
            version=version_in(self.request),
            **proposal_in(form, self.people),
        )
        return f"{reverse('staff-watch', args=[done.assignment_id])}?done=propose"


class AssignManyView(ManyPage):
    """Propose the same watch for many who want it."""

    template = "staff/ward_list/assign_many.html"

    @cached_property
    def people(self) -> dict[str, Candidate]:
        wanted = [self.filter.list] if self.filter.list else list(count_by_list(self.actor))
        return people_for(self.actor, lists_named(wanted).values())

    def form(self, data: Any = None) -> WatchForm:
        return WatchForm(data, choices_among(self.people), **USUAL)

    def act(self, form: Any) -> str:
        self.demand_same()
        demand_few(self.number)
        ids = self.ids()
        assign_many(actor=self.actor, entry_ids=ids, **proposal_in(form, self.people))
        kept = {"list": self.filter.list, "area": self.filter.area}
        return lines_address(**kept, step=self.filter.step, done="assign", number=len(ids))


class BeginForm(ScheduleForm):
    """The rhythm of many watches, and how their people have agreed."""

    consent_said_method = consent_said_method()
    consent_said_given_by = consent_said_given_by()

    def __init__(self, data: Any) -> None:
        super().__init__(data, initial=usual_rhythm())
        del self.fields["effective_from"]

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        check_consent_said(self)
        return {**given, "consent_said": consent_said(given)}


class BeginManyView(ManyPage):
    """Set the rhythm of many proposed watches, note that the people agree, and begin."""

    template = "staff/ward_list/begin_many.html"

    @cached_property
    def rows(self) -> Any:
        """Leave out those that are further, or have nobody who looks in: they go on by themselves."""
        found = super().rows.filter(assignment__status=WatchStatus.PROPOSED)
        return found.filter(assignment__watcher__isnull=False, assignment__schedules__isnull=True)

    def form(self, data: Any = None) -> BeginForm:
        return BeginForm(data)

    def act(self, form: Any) -> str:
        self.demand_same()
        demand_few(self.number)
        watches = self.rows.values_list("assignment", flat=True)[:MOST_AT_ONCE]
        begun = begin_many(
            actor=self.actor,
            rhythms={each: form.rhythm for each in watches if each},
            consent_said=form.cleaned_data["consent_said"],
        )
        kept = {"list": self.filter.list, "area": self.filter.area}
        return lines_address(**kept, step=self.filter.step, done="begin", number=len(begun))


def demand_few(number: int) -> None:
    """Raise `Conflict` for more lines than one request may lead on."""
    if number > MOST_AT_ONCE:
        raise Conflict(
            _("These are %(number)s. Choose at most %(most)s at once: by area, or by ticking.")
            % {"number": number, "most": MOST_AT_ONCE}
        )

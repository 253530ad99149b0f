"""The first watch of a person: proposed from their page, their case, or wherever they are met."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from carenet.access.rules import SharingBasis
from carenet.agencies.models import Agency, AgencyKind
from carenet.agencies.policy import visible_to as visible_agencies
from carenet.audit.actions import log_read
from carenet.residents.models import Resident
from carenet.residents.selectors import details
from carenet.staff.pages.base import FormPage
from carenet.staff.pages.watch_forms import WatchForm, choices_among, proposal_in
from carenet.watchover.actions.assignments import propose
from carenet.watchover.models import WatchAssignment
from carenet.watchover.selectors import review
from carenet.watchover.selectors.eligible_watchers import Candidate, candidates_around
from carenet.watchover.states import OPEN, WatchMethod

#: As many agencies as a coordinator of the ward chooses among.
MOST_AGENCIES = 500


class FirstWatchForm(WatchForm):
    """A watch, and which agency answers for it, where that is not clear by who proposes it."""

    responsible_agency = forms.ChoiceField(label=_("Answers for it"))
    field_order = ("responsible_agency",)

    def __init__(
        self, data: Any, choices: list[tuple[str, str]], agencies: list[Agency], **now: str
    ) -> None:
        super().__init__(data, choices, **now)
        field: Any = self.fields["responsible_agency"]
        field.choices = [(str(each.pk), each.name) for each in agencies]
        if len(agencies) == 1:
            del self.fields["responsible_agency"]


class FirstWatchView(FormPage):
    """Propose a watch over the person that the address names."""

    abilities = {"get": "watch.assign", "post": "watch.assign"}
    template = "staff/people/watch.html"

    @cached_property
    def person(self) -> Resident:
        """Raises `Http404` for a record out of reach."""
        found = details.seen_person(self.actor, self.kwargs["id"])
        if found is None:
            raise Http404
        log_read("resident", found.pk)
        return found

    @cached_property
    def agencies(self) -> list[Agency]:
        """Return who may answer for it: one's own agency; for C of a ward office those of the ward."""
        actor = self.actor
        if not (actor.coordinates and actor.agency.kind == AgencyKind.WARD_OFFICE):
            return [actor.agency]
        ward = visible_agencies(actor).filter(
            municipality_code=actor.agency.municipality_code, active=True
        )
        return list(ward.order_by("name_kana", "name")[:MOST_AGENCIES])

    @cached_property
    def people(self) -> dict[str, Candidate]:
        """Return who may be named, by what the form sends."""
        around = [self.actor.agency] if len(self.agencies) == 1 else self.agencies
        return {each.key: each for each in candidates_around(self.actor, around)}

    def form(self, data: Any = None) -> FirstWatchForm:
        usual = {"method": WatchMethod.VISIT, "sharing_basis": SharingBasis.CONSENT}
        return FirstWatchForm(data, choices_among(self.people), self.agencies, **usual)

    def context(self) -> dict[str, Any]:
        return {
            "person": self.person,
            "watches": self.watches(),
            "crumbs": [(reverse("staff-resident", args=[self.person.pk]), self.person.name)],
        }

    def watches(self) -> list[WatchAssignment]:
        """Return the watches over the person that are open and that one keeps."""
        rows = review.watches(self.actor).filter(resident=self.person, status__in=sorted(OPEN))
        return list(rows.order_by("pk"))

    def act(self, form: Any) -> str:
        given = proposal_in(form, self.people)
        wanted = given.pop("responsible_agency", "")
        chosen = {str(each.pk): each for each in self.agencies}
        proposed = propose(
            actor=self.actor,
            resident=self.person,
            responsible_agency=chosen.get(wanted, self.actor.agency),
            **given,
        )
        return f"{reverse('staff-watch', args=[proposed.pk])}?done=propose"

"""What a person says to the sharing of their data: written down, with its paper, and taken back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from django import forms
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from carenet.access.actor_queries import ask_together
from carenet.agencies.models import AgencyKind
from carenet.audit.actions import log_read
from carenet.residents import actions, policy, selectors
from carenet.residents.models import (
    Consent,
    ConsentMethod,
    ConsentPole,
    InformationCategory,
    Resident,
)
from carenet.residents.selectors.details import Details
from carenet.staff.pages.agency_choice import AgencyField
from carenet.staff.pages.form_fields import TypedDay
from carenet.staff.pages.pagination import Lists
from carenet.staff.pages.person.base import OfPerson, done_address
from carenet.staff.times import Direction

#: As many as the page tells.
LATEST = 20
_METHOD = forms.ChoiceField(
    label=gettext_lazy("How it was said"),
    choices=ConsentMethod.choices,
    widget=forms.RadioSelect,
)


def told_consents(
    consents: Iterable[Consent], named: Iterable[tuple[UUID, str, bool]]
) -> Iterator[dict[str, Any]]:
    """Tell what the person said to whom, as far as the actor may know it."""
    known = {pk: name for pk, name, visible in named if visible}
    unknown = _("an agency that takes no part any more")
    for each in consents:
        to = [known.get(agency, unknown) for agency in each.agencies]
        to += [str(AgencyKind(kind).label) for kind in each.agency_kinds]
        about = (str(InformationCategory(code).label) for code in each.categories)
        yield {"consent": each, "to": _(", ").join(to), "about": _(", ").join(about)}


class ConsentForm(forms.Form):
    """What the person said: to whom, about what, how, when, until when."""

    pole = forms.ChoiceField(
        label=gettext_lazy("What the person said"),
        choices=ConsentPole.choices,
        widget=forms.RadioSelect,
    )
    agencies = AgencyField(
        label=gettext_lazy("Which agency it is about"),
        required=False,
        help_text=gettext_lazy(
            "One agency here, or kinds of agencies below; at least one of them."
        ),
    )
    agency_kinds = forms.MultipleChoiceField(
        label=gettext_lazy("Which kinds of agencies it is about"),
        choices=AgencyKind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    categories = forms.MultipleChoiceField(
        label=gettext_lazy("About what"),
        choices=InformationCategory.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    method = _METHOD
    given_by = forms.CharField(
        label=gettext_lazy("Who said it"),
        max_length=100,
        required=False,
        help_text=gettext_lazy("The person, or who may speak for them."),
    )
    stated_on = TypedDay(label=gettext_lazy("Said on"), initial="今日")
    expires_on = TypedDay(
        label=gettext_lazy("Holds until"), required=False, direction=Direction.AHEAD
    )
    note = forms.CharField(
        label=gettext_lazy("The paper, and where it lies"),
        max_length=500,
        required=False,
        help_text=gettext_lazy("For example: signed form, folder 12 in the office."),
    )

    @property
    def said(self) -> dict[str, Any]:
        """What a valid form says, as the action takes it."""
        given = dict(self.cleaned_data)
        agency = given.pop("agencies")
        for name in ("agency_kinds", "categories"):
            given[name] = sorted(given[name])
        return given | {"agencies": [agency] if agency else []}


class WithdrawalForm(forms.Form):
    """When and how the person took it back."""

    withdrawn_on = TypedDay(label=gettext_lazy("Taken back on"), initial="今日")
    method = _METHOD
    note = forms.CharField(
        label=gettext_lazy("The paper, and where it lies"), max_length=500, required=False
    )


class ConsentsView(OfPerson):
    """What a person has said, as far as it concerns the reader, and one word more."""

    abilities = {"get": "residents.view_details", "post": "residents.record_consent"}
    template = "staff/people/consents.html"

    def form(self, data: Any = None) -> ConsentForm:
        form = ConsentForm(data)
        field: Any = form.fields["agencies"]
        field.offer(self.actor, but=[])
        return form

    def context(self) -> dict[str, Any]:
        person, lists = self.person(), Lists(self.request)
        found = Details(self.actor, person)
        rows = lists.rows(found.consents, LATEST)
        ask_together(rows, found.named)
        shown = lists.first("consents", rows, LATEST)
        for each in shown:
            log_read("consent", each.pk)
        return {
            "person": person,
            "consents": list(told_consents(shown, found.named)),
            "cuts": lists.cuts,
            "add": policy.can_record_consent(self.actor, person) and not person.is_ended,
        }

    def act(self, form: Any) -> str:
        actions.record_consent(**self.ids(), **form.said)
        return self.after("consent")


class ConsentView(OfPerson):
    """One word of the person, as a paper to sign and to print; it can be taken back."""

    abilities = {"get": "residents.view_details", "post": "residents.record_consent"}
    template = "staff/people/consent.html"
    form_class = WithdrawalForm

    def consent(self, person: Resident) -> Consent:
        rows = selectors.consents(self.actor, person)
        return get_object_or_404(rows, pk=self.kwargs["consent_id"])

    def context(self) -> dict[str, Any]:
        person = self.person()
        consent = self.consent(person)
        log_read("consent", consent.pk)
        (told,) = told_consents([consent], Details(self.actor, person).named)
        may = policy.can_record_consent(self.actor, person)
        return {
            "person": person,
            **told,
            "withdraw": may and not consent.is_withdrawn,
            "denials": [] if may else [may],
            "agency": self.actor.agency,
        }

    def act(self, form: Any) -> str:
        consent_id = self.kwargs["consent_id"]
        actions.withdraw_consent(**self.ids(), consent_id=consent_id, **form.cleaned_data)
        # With the consent one may have lost sight of the person.
        if policy.visible_to(self.actor).filter(pk=self.kwargs["id"]).exists():
            return self.after("consent-withdrawn")
        return done_address(reverse("staff-people"), "consent-withdrawn")

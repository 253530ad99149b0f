"""A case without a consultation: opened from the page of its person."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from carenet.audit.actions import log_read
from carenet.cases import selectors
from carenet.cases.actions.new_case import open_case
from carenet.cases.models import Confidentiality
from carenet.core.errors import Conflict
from carenet.core.models import get_visible
from carenet.residents.models import Resident
from carenet.residents.policy import visible_to
from carenet.staff.pages.base import FormPage
from carenet.staff.pages.form_fields import text_field


class Opening(forms.Form):
    """What a case is about, and who may see it."""

    summary = text_field(_("Summary"), rows=5)
    confidentiality = forms.ChoiceField(
        label=_("Who of the agencies involved may see it"),
        choices=Confidentiality.choices,
        initial=Confidentiality.NORMAL.value,
        widget=forms.RadioSelect,
    )


class NewCaseView(FormPage):
    """Open a case of a person; the cases that there are stand above the form."""

    abilities = {"get": "cases.open", "post": "cases.open"}
    form_class = Opening
    template = "staff/cases/new.html"

    @cached_property
    def person(self) -> Resident:
        """Whose case it becomes."""
        found = get_visible(visible_to(self.actor), pk=self.kwargs["id"])
        log_read("resident", found.pk)
        return found

    def get(self, request: HttpRequest, **ids: Any) -> HttpResponse:
        if self.person.ended_because:
            raise Conflict(_("The record of this person has ended."))
        return super().get(request, **ids)

    def context(self) -> dict[str, Any]:
        person = self.person
        cases = list(selectors.of_resident(self.actor, resident=person.pk))
        for each in cases:
            log_read("case", each.pk)
        crumbs = [(reverse("staff-resident", args=[person.pk]), person.name)]
        return {"person": person, "cases": cases, "crumbs": crumbs}

    def act(self, form: Any) -> str:
        made = open_case(actor=self.actor, resident=self.person, **form.cleaned_data)
        return f"{reverse('staff-case', args=[made.pk])}?done=open"

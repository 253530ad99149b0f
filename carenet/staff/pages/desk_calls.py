"""The calls about a consultation to the desks that are competent for other abuse, and its readers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy

from carenet.abuse.actions import desk_calls
from carenet.abuse.selectors import desks
from carenet.abuse.states.desks import AllegedOf, DeskKind, Victim
from carenet.agencies.models import Membership, User
from carenet.audit.actions import log_read
from carenet.cases import selectors
from carenet.cases.actions.consultation_readers import name_reader
from carenet.cases.models import Consultation
from carenet.core.errors import Invalid
from carenet.staff.pages.base import FormPage
from carenet.staff.pages.form_fields import TypedMoment, text_field
from carenet.staff.pages.search import id_in


class Kind(forms.Form):
    """Who may be suffering it, and by whom."""

    victim = forms.ChoiceField(
        label=gettext_lazy("Who may be suffering it"),
        choices=Victim.choices,
        widget=forms.RadioSelect,
    )
    alleged = forms.ChoiceField(
        label=gettext_lazy("By whom, as it is alleged"),
        choices=AllegedOf.choices,
        widget=forms.RadioSelect,
    )


class CallForm(Kind):
    """A call that was made to another desk."""

    desk = forms.CharField(label=gettext_lazy("Which desk was called"), max_length=200)
    phone = forms.CharField(label=gettext_lazy("Under which number"), max_length=30, required=False)
    called_at = TypedMoment(label=gettext_lazy("When it was called"))
    answered_by = forms.CharField(
        label=gettext_lazy("Who answered"),
        help_text=gettext_lazy("Left empty: nobody answered."),
        max_length=200,
        required=False,
    )
    text = text_field(gettext_lazy("What was told"), 10_000, rows=3, required=False)
    field_order = (
        "desk", "phone", "called_at", "answered_by", "text", "victim", "alleged",
    )  # fmt: skip


class ReaderForm(forms.Form):
    """Who else reads it."""

    user = forms.ChoiceField(label=gettext_lazy("Who else reads it"), choices=())


class OfConsultation(FormPage):
    """Base of what is done from a visible consultation."""

    def consultation(self) -> Consultation:
        found = get_object_or_404(selectors.consultations(self.actor), pk=self.kwargs["id"])
        log_read("consultation", found.pk)
        return found

    def done(self) -> str:
        return reverse("staff-desk-calls", args=[self.kwargs["id"]])


class DeskCallsView(OfConsultation):
    """The calls about a consultation to other desks, and whom to call."""

    abilities = {"get": "consultations.view", "post": "abuse.report"}
    form_class = CallForm
    template = "staff/abuse/desk_calls.html"

    def context(self) -> dict[str, Any]:
        consultation = self.consultation()
        readers = [each.user for each in selectors.consultation_readers(consultation)]
        return {
            "consultation": consultation,
            "calls": list(desks.desk_calls(consultation)),
            "readers": readers,
            "reader_form": self.reader_form(),
            "desks": desks.desks_for(self.actor.agency.municipality_code, list(DeskKind)),
            "records": self.actor.may("abuse.report"),
        }

    def reader_form(self, data: Any = None) -> forms.Form:
        form = ReaderForm(data, auto_id="reader_%s")
        choices = [(str(each.pk), each.name) for each in self.colleagues()]
        form.fields["user"].choices = choices  # type: ignore[attr-defined]
        return form

    def colleagues(self) -> list[User]:
        """Return those of the agency who do casework, by name."""
        found = Membership.objects.current().filter(
            agency=self.actor.agency_id, roles__overlap=["staff", "manager"]
        )
        return [each.user for each in found.select_related("user").order_by("user__name", "pk")]

    def act(self, form: forms.Form) -> str:
        self.consultation()
        desk_calls.record_call(
            actor=self.actor, consultation_id=self.kwargs["id"], **form.cleaned_data
        )
        return self.done()


class ReadersView(DeskCallsView):
    """Name a person of the agency to a consultation that is set apart."""

    abilities = {"get": "consultations.view", "post": "abuse.report"}

    def form(self, data: Any = None) -> forms.Form:
        return super().form() if data is None else self.reader_form(data)

    def context(self) -> dict[str, Any]:
        context = super().context()
        if self.request.method == "POST":
            context |= {"reader_form": self.reader_form(self.request.POST), "form": CallForm()}
        return context

    def act(self, form: forms.Form) -> str:
        chosen = id_in(form.cleaned_data["user"])
        user = next((each for each in self.colleagues() if each.pk == chosen), None)
        if user is None:
            raise Invalid({"user": gettext_lazy("Choose one of the list.")})
        name_reader(actor=self.actor, consultation_id=self.kwargs["id"], user=user)
        return self.done()

"""Whom to call for a person: entered, corrected, confirmed and ended."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from carenet.audit.actions import log_read
from carenet.core import clock
from carenet.residents import actions, policy, selectors
from carenet.residents.models import Contact, ContactRelationship, Resident
from carenet.staff.pages.form_fields import TypedDay
from carenet.staff.pages.pagination import Lists
from carenet.staff.pages.person.base import OfPerson, brought_up_to_date, overtaken
from carenet.staff.pages.versions import seen_version, version_in
from carenet.staff.times import Direction

#: As many ended contacts as the page tells.
LATEST = 20
_MARKS = ("is_emergency_contact", "is_key_person", "holds_key")


class Confirmation(forms.Form):
    """From when on a contact is believed, and until when."""

    confirmed_on = TypedDay(label=gettext_lazy("Confirmed on"), required=False, initial="今日")
    expires_on = TypedDay(
        label=gettext_lazy("To be asked again on"),
        required=False,
        direction=Direction.AHEAD,
        empty=gettext_lazy("Without it a year later."),
    )


class ContactForm(forms.Form):
    """Somebody to call: who, what they are to the person, what they are good for."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=100)
    relationship = forms.ChoiceField(
        label=gettext_lazy("Relationship to the person"),
        choices=[("", gettext_lazy("Choose")), *ContactRelationship.choices],
    )
    phone = forms.CharField(
        label=gettext_lazy("Phone"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )
    is_emergency_contact = forms.BooleanField(
        label=gettext_lazy("emergency contact"), required=False
    )
    is_key_person = forms.BooleanField(label=gettext_lazy("key person"), required=False)
    holds_key = forms.BooleanField(label=gettext_lazy("holds a key"), required=False)
    note = forms.CharField(
        label=gettext_lazy("To know when calling"),
        max_length=500,
        required=False,
        help_text=gettext_lazy("For example: evenings only. No address: it would tell too much."),
    )


class NewContact(ContactForm, Confirmation):
    """A new contact, and until when it is believed."""

    field_order = (*ContactForm.base_fields, *Confirmation.base_fields)


class ContactsView(OfPerson):
    """All whom one may call for a person, those of before, and one more."""

    abilities = {"get": "residents.view_details", "post": "residents.edit"}
    form_class = NewContact
    template = "staff/people/contacts.html"

    def context(self) -> dict[str, Any]:
        person, lists = self.person(), Lists(self.request)
        found = selectors.contacts(self.actor, person).order_by("-pk")
        order = [f"-{mark}" for mark in _MARKS]
        current = list(found.filter(ended_at=None).order_by(*order, "pk"))
        ended = lists.first("ended", found.exclude(ended_at=None), LATEST)
        for each in (*current, *ended):
            log_read("contact", each.pk)
        edit = policy.can_edit(self.actor, person)
        return {
            "person": person,
            "contacts": current,
            "ended": ended,
            "cuts": lists.cuts,
            "today": clock.today(),
            "edit": edit and not person.is_ended,
            "denials": [] if edit else [edit],
        }

    def act(self, form: Any) -> str:
        actions.add_contact(**self.ids(), **form.cleaned_data)
        return self.after("contact")


class OfContact(OfPerson):
    """Base of what is done with one contact; all its forms stand on one page."""

    abilities = {"get": "residents.view_details", "post": "residents.edit"}
    template = "staff/people/contact.html"
    name = ""

    def contact(self, person: Resident) -> Contact:
        rows = selectors.contacts(self.actor, person)
        found = get_object_or_404(rows, pk=self.kwargs["contact_id"])
        log_read("contact", found.pk)
        return found

    def context(self) -> dict[str, Any]:
        person = self.person()
        contact = self.contact(person)
        edit = policy.can_edit(self.actor, person)
        return {
            "person": person,
            "contact": contact,
            "version": contact.version,
            "today": clock.today(),
            "refused": self.name if self.request.method == "POST" else "",
            "change": edit and not contact.ended_at and not person.is_ended,
            "denials": [] if edit else [edit],
            "correct_form": _filled(contact),
            "confirm_form": Confirmation(auto_id="confirm-%s"),
        }

    def contact_ids(self) -> dict[str, Any]:
        """Return what the actions take of the address and of what was looked at."""
        told = _("Open the contact again, and do it from there.")
        return {
            **self.ids(),
            "contact_id": self.kwargs["contact_id"],
            "version": seen_version(self.request, told),
        }


def _written(contact: Contact) -> dict[str, Any]:
    return {name: getattr(contact, name) for name in ContactForm.base_fields}


def _filled(contact: Contact, data: Any = None) -> ContactForm:
    """Return the form; it carries what was seen, so that only what differs from that is a change."""
    form = ContactForm(data, initial=_written(contact))
    for field in form.fields.values():
        field.show_hidden_initial = True
    return form


class ContactView(OfContact):
    """Correct what is written of a contact."""

    name = "correct"

    def form(self, data: Any = None) -> ContactForm:
        return _filled(self.contact(self.person()), data)

    def post(self, request: HttpRequest, **ids: Any) -> HttpResponse:
        contact, seen = self.contact(self.person()), version_in(request)
        if seen is None or seen == contact.version:
            return super().post(request, **ids)
        touched = _filled(contact, request.POST).changed_data
        form = _filled(contact, brought_up_to_date(request.POST, touched, _written(contact)))
        form.add_error(None, overtaken())
        status = HTTPStatus.PRECONDITION_FAILED
        return self.show(self.template, {"form": form, **self.context()}, status=status)

    def act(self, form: Any) -> str:
        ids = self.contact_ids()
        changes = {name: form.cleaned_data[name] for name in form.changed_data}
        if not changes:
            return self.after("nothing")
        actions.edit_contact(**ids, **changes)
        return self.after("contact-corrected")


class ConfirmView(OfContact):
    """Say that a contact still holds."""

    name = "confirm"

    def form(self, data: Any = None) -> Confirmation:
        return Confirmation(data, auto_id="confirm-%s")

    def act(self, form: Any) -> str:
        actions.confirm_contact(**self.contact_ids(), **form.cleaned_data)
        return self.after("contact-confirmed")


class EndContactView(OfContact):
    """Say that nobody is to call them any more."""

    name = "end"
    form_class = forms.Form

    def act(self, form: Any) -> str:
        actions.end_contact(**self.contact_ids())
        return self.after("contact-ended")

"""The record of a person: name, kana, birth, telephone, address, corrected field by field."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from carenet.core.decisions import demand
from carenet.jobs.selectors import downloads_showing
from carenet.residents import actions, policy, selectors
from carenet.residents.models import Resident, ResidentVersion
from carenet.staff.pages.form_fields import TypedBirth
from carenet.staff.pages.person.base import OfPerson, brought_up_to_date, overtaken
from carenet.staff.pages.versions import seen_version, version_in

#: As many changes as a lost race tells.
MOST = 20
_BORN = ("birth_date", "birth_year")
_ADDRESS = ("address", "address_protected")


def _line(label: Any, most: int, *, required: bool = False, **kwargs: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=most, required=required, **kwargs)


class RecordForm(forms.Form):
    """The record as it is corrected; what the actor may not see or decide is not asked for."""

    family_name = _line(
        gettext_lazy("Family name"),
        100,
        required=True,
        help_text=gettext_lazy("As the person writes it: 髙, 﨑 and 𠮷 stay as they are typed."),
    )
    given_name = _line(gettext_lazy("Given name"), 100)
    family_kana = _line(gettext_lazy("Family name in kana"), 100)
    given_kana = _line(gettext_lazy("Given name in kana"), 100)
    birth = TypedBirth(label=gettext_lazy("Date of birth"), required=False)
    phone = _line(gettext_lazy("Phone"), 30, widget=forms.TextInput(attrs={"inputmode": "tel"}))
    address = _line(gettext_lazy("Address"), 300)
    address_protected = forms.BooleanField(
        label=gettext_lazy("The address is protected"),
        required=False,
        help_text=gettext_lazy(
            "Nobody but your agency and those to whom it is disclosed sees it from now on."
        ),
    )
    insured_number = _line(gettext_lazy("Insured person's number"), 20)

    def __init__(self, data: Any, *, seen: dict[str, Any], address: bool, protects: bool) -> None:
        """Take what the record said when it was looked at: only what differs is a correction."""
        super().__init__(data, initial=seen)
        # A page that did not ask for the address, because it was hidden then, says nothing of it.
        address = address and (data is None or any(name in data for name in _ADDRESS))
        if not address:
            del self.fields["address"]
        if not (address and protects):
            del self.fields["address_protected"]

    @property
    def corrections(self) -> dict[str, Any]:
        """What a valid form corrects, as the action takes it."""
        changed = {name: self.cleaned_data[name] for name in self.changed_data}
        if "birth" in changed:
            born = changed.pop("birth")
            changed |= dict.fromkeys(_BORN)
            if born:
                changed |= {"birth_date": born.day} if born.day else {"birth_year": born.year}
        return changed


def fields_of(values: dict[str, Any]) -> dict[str, Any]:
    """Return what the columns of a record say, as the form asks for it."""
    born = values["birth_date"] or values["birth_year"] or ""
    names = (name for name in RecordForm.base_fields if name != "birth")
    return {name: values[name] for name in names} | {"birth": str(born)}


class RecordView(OfPerson):
    """Correct a record; whoever was overtaken loses nothing and overwrites nothing."""

    abilities = {"get": "residents.edit", "post": "residents.edit"}
    template = "staff/people/record.html"

    @cached_property
    def held(self) -> Resident:
        """The record in the address, for whoever keeps it."""
        found = self.person()
        demand(policy.can_edit(self.actor, found))
        return found

    @cached_property
    def sees_address(self) -> bool:
        """Whether the address may be shown, and written."""
        return bool(policy.can_see_address(self.actor, self.held))

    @cached_property
    def since(self) -> list[ResidentVersion]:
        """What was changed since the record was looked at, the latest first."""
        seen = version_in(self.request) if self.request.method == "POST" else None
        if seen is None or seen >= self.held.version:
            return []
        rows = selectors.versions(self.held).filter(version__gt=seen)
        return list(rows.select_related("by_agency", "by_user").order_by("-version"))

    def said(self, *, when_seen: bool) -> dict[str, Any]:
        """Return what the record says now, or said in the version that was looked at."""
        fields = self.held._meta.concrete_fields
        values = {field.attname: getattr(self.held, field.attname) for field in fields}
        for version in self.since if when_seen else ():
            values |= {name: change["from"] for name, change in version.changes.items()}
        return fields_of(values)

    def form(self, data: Any = None, *, when_seen: bool = True) -> RecordForm:
        return RecordForm(
            data,
            seen=self.said(when_seen=when_seen),
            address=self.sees_address,
            protects=bool(policy.can_protect_address(self.actor, self.held)),
        )

    def post(self, request: HttpRequest, **ids: Any) -> HttpResponse:
        if not self.since:
            return super().post(request, **ids)
        # What was typed stays; what was left alone is as the colleague has left it.
        touched = self.form(request.POST).changed_data
        typed = brought_up_to_date(request.POST, touched, self.said(when_seen=False))
        form = self.form(typed, when_seen=False)
        form.add_error(None, overtaken())
        context = {"form": form, **self.context()}
        return self.show(self.template, context, status=HTTPStatus.PRECONDITION_FAILED)

    def context(self) -> dict[str, Any]:
        shown: dict[str, Any] = {"person": self.held, "version": self.held.version}
        if self.sees_address and self.held.address_protected:
            found = downloads_showing("resident", selectors.records_of(self.held))
            shown["downloads"] = found
        shown["meanwhile"] = list(_told(self.since[:MOST], address=self.sees_address))
        return shown

    def act(self, form: Any) -> str:
        told = _("Open the record again, and correct it from there.")
        version = seen_version(self.request, told)
        if not form.corrections:
            return self.after("nothing")
        actions.edit(**self.ids(), version=version, **form.corrections)
        return self.after("record")


def _told(versions: Iterable[ResidentVersion], *, address: bool) -> Iterable[dict[str, Any]]:
    """Tell who changed what meanwhile; an address only where it may be seen."""
    for each in versions:
        fields = [name for name in _LABELS if name in each.changes]
        lines = [
            (_LABELS[name], _words(each.changes[name]["to"]))
            for name in fields
            if address or name not in _ADDRESS
        ]
        yield {"version": each, "lines": lines}


_LABELS: dict[str, Any] = {
    name: field.label for name, field in RecordForm.base_fields.items() if name != "birth"
} | dict.fromkeys(_BORN, RecordForm.base_fields["birth"].label)


def _words(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(value) if value not in (None, "") else "–"

"""Agencies are entered and looked up; their first people, areas and corporation given."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from carenet.administration import selectors
from carenet.administration.actions.people import enter_person
from carenet.agencies.actions import invite
from carenet.agencies.actions.directory import create_agency, designate, register_operator
from carenet.agencies.models import Agency, AgencyKind
from carenet.agencies.models.ward_section import WardSection
from carenet.agencies.roles import HUMAN_ROLES, Role
from carenet.areas.actions.areas import assign_area, end_area
from carenet.areas.models import AgencyArea, Area, AreaPart
from carenet.core import clock
from carenet.core.errors import CarenetError
from carenet.staff.pages.administration.base import AdministrationForm, AdministrationView
from carenet.staff.pages.base import blame

ROLES = [(role.value, role.label) for role in Role if role in HUMAN_ROLES]


class AgencyForm(forms.Form):
    """What an agency is entered with; its manager completes the rest."""

    kind = forms.ChoiceField(label=_("Kind of agency"), choices=[("", "―"), *AgencyKind.choices])
    name = forms.CharField(label=_("Name"), max_length=200)
    name_kana = forms.CharField(label=_("Kana"), max_length=200, required=False)
    municipality_code = forms.RegexField(
        "^[0-9]{6}$",
        label=_("Municipality code (6 digits)"),
        initial=Agency._meta.get_field("municipality_code").default,
    )
    office_number = forms.RegexField(
        "^[0-9A-Z]{10}$",
        label=_("Office number (10 characters)"),
        required=False,
        empty_value=None,
    )
    parent = forms.ModelChoiceField(
        label=_("Ward office to which the section belongs"),
        queryset=Agency.objects.filter(kind=AgencyKind.WARD_OFFICE, active=True).order_by("name"),
        required=False,
        help_text=_("For a section of the ward office alone."),
    )
    section = forms.ChoiceField(
        label=_("Which section"), choices=[("", "―"), *WardSection.choices], required=False
    )
    address = forms.CharField(label=_("Address"), max_length=300, required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=20, required=False)
    fax = forms.CharField(label=_("FAX"), max_length=20, required=False)
    operator_name = forms.CharField(
        label=_("Corporation that runs it"), max_length=200, required=False
    )
    corporate_number = forms.RegexField(
        "^[0-9]{13}$",
        label=_("Corporate number (13 digits)"),
        required=False,
        empty_value=None,
    )


class PersonForm(forms.Form):
    """Somebody who gets a place in the agency."""

    username = forms.CharField(
        label=_("User ID"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    name = forms.CharField(
        label=_("Name"),
        max_length=100,
        required=False,
        help_text=_("For a new account. Leave it empty for somebody who has an account already."),
    )
    roles = forms.MultipleChoiceField(
        label=_("Roles"), choices=ROLES, widget=forms.CheckboxSelectMultiple
    )


class AreaForm(forms.Form):
    """Which area, and what the agency does there."""

    area = forms.ModelChoiceField(label=_("Area"), queryset=Area.objects.none())
    part = forms.ChoiceField(label=_("Part in the area"), choices=AreaPart.choices)

    def __init__(self, agency: Agency, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["area"]
        field.queryset = selectors.areas_of(agency)


class AgenciesView(AdministrationView):
    """All agencies, or those that the words find."""

    tab = "administration-agencies"

    def get(self, request: HttpRequest) -> HttpResponse:
        words = request.GET.get("q", "").strip()[:100]
        found = list(selectors.agencies(words)[: selectors.SHOWN + 1])
        context = {
            "agencies": found[: selectors.SHOWN],
            "more": len(found) > selectors.SHOWN,
            "words": words,
        }
        return self.show("staff/administration/agencies.html", context)


class NewAgencyView(AdministrationForm):
    """Enter an agency."""

    tab = "administration-agencies"
    form_class = AgencyForm
    template = "staff/administration/agency_new.html"

    def act(self, form: forms.Form) -> str:
        given = dict(form.cleaned_data)
        corporation = given.pop("operator_name"), given.pop("corporate_number")
        agency = create_agency(actor=self.administrator, **given)
        if corporation[0]:
            operator = register_operator(
                actor=self.administrator, name=corporation[0], corporate_number=corporation[1]
            )
            designate(actor=self.administrator, agency=agency, operator=operator)
        return reverse("administration-agency", args=[agency.pk]) + "?done=entered"


class OfAgency(AdministrationView):
    """Base of what is about one agency."""

    tab = "administration-agencies"

    @cached_property
    def agency(self) -> Agency:
        """The agency in the address; raises `Http404`."""
        found: Agency = get_object_or_404(selectors.agency_with_areas(), pk=self.kwargs["id"])
        return found

    def page(
        self, *, status: int = 200, person: forms.Form | None = None, area: forms.Form | None = None
    ) -> HttpResponse:
        """Answer with the agency's page, the forms empty or as they were sent."""
        context = {
            "agency": self.agency,
            "people": selectors.people_of(self.agency),
            "person": person or PersonForm(prefix="person"),
            "area": area or AreaForm(self.agency, prefix="area"),
            "clients": list(selectors.clients().filter(agency=self.agency)),
        }
        return self.show("staff/administration/agency.html", context, status=status)


class AgencyView(OfAgency):
    """One agency: how many people it has, its areas and systems; who is invited next."""

    def get(self, request: HttpRequest, id: UUID) -> HttpResponse:
        return self.page()


class PersonView(OfAgency):
    """Give somebody a place: with an account and a first code, or by inviting who has one."""

    def post(self, request: HttpRequest, id: UUID) -> HttpResponse:
        form = PersonForm(request.POST, prefix="person")
        if form.is_valid():
            given = form.cleaned_data
            try:
                with transaction.atomic():
                    if not given["name"]:
                        invite(
                            actor=self.administrator,
                            agency=self.agency,
                            username=given["username"],
                            roles=given["roles"],
                        )
                        return self.go("administration-agency", self.agency.pk, done="invited")
                    user, code = enter_person(
                        administrator=self.administrator, agency=self.agency, **given
                    )
                    return self.show(
                        "staff/administration/code.html",
                        {
                            "person": user,
                            "code": code,
                            "agency": self.agency,
                            "days": settings.SIGN_IN_CODE_DAYS,
                            "roles": [label for name, label in ROLES if name in given["roles"]],
                        },
                    )
            except CarenetError as error:
                blame(form, error)
        return self.page(person=form, status=422)


class AreaView(OfAgency):
    """Give the agency its part in an area."""

    def post(self, request: HttpRequest, id: UUID) -> HttpResponse:
        form = AreaForm(self.agency, request.POST, prefix="area")
        if form.is_valid():
            try:
                with transaction.atomic():
                    assign_area(
                        actor=self.administrator,
                        agency=self.agency,
                        area=form.cleaned_data["area"],
                        part=AreaPart(form.cleaned_data["part"]),
                        since=clock.today(),
                    )
                    return self.go("administration-agency", self.agency.pk, done="area")
            except CarenetError as error:
                blame(form, error)
        return self.page(area=form, status=422)


class AreaEndView(OfAgency):
    """End the agency's part in an area today."""

    def post(self, request: HttpRequest, id: UUID, part: UUID) -> HttpResponse:
        found = get_object_or_404(
            AgencyArea.objects.filter(agency=self.agency, until=None), pk=part
        )
        end_area(actor=self.administrator, part=found, until=clock.today())
        return self.go("administration-agency", self.agency.pk, done="area")
